"""The Link header (RFC 8288)."""

from __future__ import annotations

import re

_LINK = re.compile(r'<([^>]*)>((?:\s*;\s*[^\s=;,]+\s*(?:=\s*(?:"[^"]*"|[^",;]*))?)*)')
_REL = re.compile(r';\s*rel\s*=\s*(?:"([^"]*)"|([^",;\s]*))', re.IGNORECASE)


def next_link(header: str | None) -> str | None:
    """Return the target of ``rel="next"``, None when there is none."""
    for target, parameters in _LINK.findall(header or ""):
        found = _REL.search(parameters)
        if found and "next" in (found[1] or found[2] or "").lower().split():
            return str(target)
    return None
