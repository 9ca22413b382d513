"""What a cell becomes in a record: text, int, float, bool, date, datetime or None."""

from __future__ import annotations

import re
from datetime import time, timedelta
from typing import Any

#: What stands in a cell whose formula failed; nothing that anybody wants to send.
ERRORS = frozenset(
    {
        "#N/A",
        "#NULL!",
        "#DIV/0!",
        "#VALUE!",
        "#REF!",
        "#NAME?",
        "#NUM!",
        "#SPILL!",
        "#CALC!",
        "#FIELD!",
        "#BLOCKED!",
        "#CONNECT!",
        "#UNKNOWN!",
        "#GETTING_DATA",
        "#ERROR!",
    }
)
#: What is said of such a cell.
ERROR_CELL = "cell with an error such as #N/A, read as empty"
#: Floats beyond this have lost digits, and an int would pretend otherwise.
_EXACT = 2**53
#: How an .ods file writes a time of day or a duration (OpenDocument 1.3 part 3, 18.2).
_ODS_TIME = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")


def cell_value(value: Any) -> Any:
    """Return a workbook's cell for a record.

    A number without decimals is an int (a phone number in a number cell has no ".0"), a time or a
    duration is text as ``08:30:00``, blank text is None. Text is kept as it is.
    """
    kind = type(value)
    if kind is str:
        return value if value and not value.isspace() else None
    if kind is float:
        return int(value) if value.is_integer() and -_EXACT <= value <= _EXACT else value
    if kind is time:
        return value.isoformat()
    return _clock(value) if kind is timedelta else value


def ods_cell_value(value: Any) -> Any:
    """Return an .ods cell for a record: as `cell_value`, with times in the same spelling."""
    if type(value) is str and value.startswith("PT") and (found := _ODS_TIME.fullmatch(value)):
        return f"{int(found[1]):02}:{found[2]}:{found[3]}"
    return cell_value(value)


def _clock(value: timedelta) -> str:
    seconds = round(value.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
