"""Where an API answers, for vendors that tell it along with the token: one host per company or region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sources.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

_HERE = ("127.0.0.1", "localhost")


def told_home(granted: Mapping[str, Any], name: str) -> str:
    """Return scheme and host that a token endpoint names.

    Args:
        granted: its answer, see `OAuth.details`.
        name: under which it says so, as in ``api_domain``.

    Raises:
        Unavailable: when it does not say, or the token would go there in the clear.

    """
    parts = urlsplit(str(granted.get(name) or ""))
    here = parts.scheme == "http" and parts.hostname in _HERE
    if not parts.hostname or not (parts.scheme == "https" or here):
        raise Unavailable(f"the token came without an https {name}, so it is unknown where to ask")
    return f"{parts.scheme}://{parts.netloc}"
