"""Which version of its API Jobber answers by, and what it says of its end."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from sources.http import Answer

_DATE: Final = r"\d{4}-\d{2}-\d{2}"
_LATEST: Final = re.compile(rf"latest (?:API )?version ({_DATE})")
_ADVICE: Final = "set `api_version` to one that Jobber's changelog names"


class Versions:
    """Watches what answers say of the version that was asked for.

    Args:
        asked: `api_version` in the settings.

    """

    def __init__(self, asked: str) -> None:
        self._asked = asked
        #: What the operator should hear; None: nothing.
        self.note: str | None = None

    def see(self, answer: Answer) -> None:
        """Take an answer."""
        data = answer.data if isinstance(answer.data, dict) else {}
        extensions = data.get("extensions")
        told = extensions.get("versioning") if isinstance(extensions, dict) else None
        if isinstance(told, dict):
            self.note = self._said(told)

    def _said(self, told: dict[str, Any]) -> str | None:
        used, warning = str(told.get("version") or self._asked), str(told.get("warning") or "")
        if used != self._asked and re.fullmatch(_DATE, used):
            return (
                f"Jobber's API has no version {self._asked} any more and answers by {used}, which may hold "
                f"other fields; {_ADVICE}"
            )
        if not warning:
            return None
        latest = _LATEST.search(warning)
        named = f", such as {latest[1]}" if latest else ""
        ends = "supports no more" if "no longer" in warning else "will soon end"
        return f"Jobber {ends} the version {self._asked} of its API; {_ADVICE}{named}"
