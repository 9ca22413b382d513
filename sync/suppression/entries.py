"""What the rows of a list say, read by what reads the phones and e-mails of leads."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sources.errors import BadConfig
from sync.mapping.email_address import normalise_email
from sync.mapping.phone import phone_normaliser
from sync.mapping.text import Unfit
from sync.store.digests import email_digest, phone_digest
from sync.suppression.digest_set import DigestSet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

#: Fewer digits than seven are no phone of anybody's; a name, an id or a postcode is passed over at once.
_DIGITS = re.compile(r"(?:\D*\d){7}")
_DATE = re.compile(r"\s*(\d{4}-\d\d-\d\d|\d{1,2}[/.]\d{1,2}[/.]\d{2,4})(\D|$)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Entries:
    """A list as it was read."""

    digests: DigestSet
    #: Rows in which there is something, but neither a phone nor an e-mail that can be read.
    unreadable: int

    @property
    def said(self) -> str:
        """How many there are, for people."""
        number = len(self.digests)
        found = f"{number:,} phones and e-mails" if number != 1 else "1 phone or e-mail"
        if not self.unreadable:
            return found
        rows = f"{self.unreadable:,} rows" if self.unreadable != 1 else "1 row"
        return f"{found}; {rows} can't be read as a phone or an e-mail"


def read_entries(rows: Iterable[Sequence[Any]], region: str, digest_key: bytes) -> Entries:
    """Return what rows hold, in whichever of their columns.

    Args:
        rows: text or numbers; the first row may be a header.
        region: of phones without a country code.
        digest_key: the store's.

    Raises:
        BadConfig: when there are rows, and nothing in them can be read.

    """
    reading = _Reading(region, digest_key)
    digests = DigestSet(reading.digests(rows))
    if reading.unreadable and not len(digests):
        rows_read = f"its {reading.unreadable:,} rows" if reading.unreadable != 1 else "its only row"
        raise BadConfig(f"no phone and no e-mail can be read in {rows_read}")
    return Entries(digests, reading.unreadable)


class _Reading:
    """Turns rows into digests, and counts those it can't make sense of."""

    def __init__(self, region: str, digest_key: bytes) -> None:
        self._phone = phone_normaliser(region)
        self._key = digest_key
        self.unreadable = 0

    def digests(self, rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
        for number, row in enumerate(rows):
            found, wrong = 0, False
            for cell in row:
                if (text := _worth_reading(cell)) is None:
                    continue
                digest = self._digest(text)
                if digest is None:
                    wrong = wrong or "@" in text
                else:
                    found += 1
                    yield digest
            # A header is none of anybody; in a row with a phone, another number may be an id.
            if wrong or (not found and any(_is_there(cell) for cell in row) and not _is_header(number, row)):
                self.unreadable += 1

    def _digest(self, text: str) -> bytes | None:
        try:
            if "@" in text:
                email = normalise_email(text)
                return email_digest(email, self._key) if email else None
            phone = self._phone(text)
        except Unfit:
            return None
        return phone_digest(phone, self._key) if phone else None


def _worth_reading(cell: Any) -> str | None:
    """Return a cell's text when it may be a phone or an e-mail."""
    text = cell if isinstance(cell, str) else "" if cell is None else str(cell)
    if "@" in text or (_DIGITS.match(text) and not _DATE.match(text)):
        return text
    return None


def _is_there(cell: Any) -> bool:
    return cell is not None and bool(str(cell).strip())


def _is_header(number: int, row: Sequence[Any]) -> bool:
    return number == 0 and not any(char.isdigit() or char == "@" for cell in row for char in str(cell))
