"""What ``renamed_from`` takes: what something was before, so that it is known for the same."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema


def _old_names(value: Any) -> Any:
    """Take one for a list of one, and a whole number for the text that was meant."""
    several = value if isinstance(value, list | tuple) else [value]
    names = [str(each) if isinstance(each, int) and not isinstance(each, bool) else each for each in several]
    if not names or not all(isinstance(each, str) and each.strip() for each in names):
        raise ValueError("name what it was, as in renamed_from: old_name, or a list of that")
    return tuple(each.strip() for each in names)


_NAME = {"type": ["string", "integer"]}
#: What it was: names of sources, addresses, ids, as the refusal of what has changed shows them.
OldNames = Annotated[
    tuple[str, ...],
    BeforeValidator(_old_names),
    WithJsonSchema({"anyOf": [_NAME, {"type": "array", "items": _NAME, "minItems": 1}]}),
]
