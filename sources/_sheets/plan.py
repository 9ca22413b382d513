"""What a poll is set to read: everything that decides what a row means."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import tzinfo

    from sources._sheets.settings import SpreadsheetSettings

#: Another number reads every file again: count it up when a row comes to mean something else.
READER_VERSION = 1
_DIGEST_BYTES = 16


@dataclass(frozen=True, slots=True)
class Plan:
    """The settings, with what the request and the place add to them."""

    settings: SpreadsheetSettings
    #: The zone of change times that carry none.
    timezone: tzinfo
    #: The fields that the mapping reads; None: all.
    fields: frozenset[str] | None = None
    page_size: int = 500

    def digest(self) -> str:
        """Return a digest that changes with whatever changes what is read from an unchanged file."""
        rules = self.settings.model_dump(mode="json", exclude={"storage"})  # another key opens the same files
        fields = None if self.fields is None else sorted(self.fields)
        said = json.dumps([READER_VERSION, rules, fields, str(self.timezone)], sort_keys=True)
        return hashlib.blake2b(said.encode(), digest_size=_DIGEST_BYTES).hexdigest()
