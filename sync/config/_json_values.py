"""Lists and sections in a variable are given as JSON; the setting's model says where that is meant."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from sync.located_yaml import annotations_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sync.located_yaml import Path


def with_json(model: Any, data: Mapping[str, Any], paths: Iterable[Path]) -> dict[str, Any]:
    """Return the data with the JSON at these paths read, where the model does not want text.

    What is no JSON is left as it is: the model then says what it wants instead.
    """
    wanted = [path for path in paths if path and _wants_json(model, path)]
    changed = copy.deepcopy(dict(data)) if wanted else dict(data)
    for path in wanted:
        _read_at(changed, path)
    return changed


def _wants_json(model: Any, path: Path) -> bool:
    kinds = annotations_at(model, path)
    return bool(kinds) and not any(kind in (str, SecretStr, Any) for kind in kinds)


def _read_at(data: Any, path: Path) -> None:
    *upper, last = path
    for part in upper:
        data = data.get(part) if isinstance(data, dict) else None
    text = data.get(last) if isinstance(data, dict) else None
    if isinstance(text, str) and text.lstrip().startswith(("[", "{")):
        try:
            data[last] = json.loads(text)
        except ValueError:
            return
