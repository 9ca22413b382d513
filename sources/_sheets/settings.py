"""The settings of a spreadsheet source."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from sources.base import SourceSettings

if TYPE_CHECKING:
    from collections.abc import Iterable

#: What `key:` says for "the row number is the key".
ROW = "row"
_DELIMITERS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")

Format = Literal["csv", "tsv", "xlsx", "xlsm", "xlsb", "xls", "ods"]


class SpreadsheetSettings(SourceSettings):
    """What a spreadsheet source is told in connector.yaml."""

    path: str = Field(
        min_length=1,
        description="A file, a glob as in data/*.csv, or an http(s) URL. Relative to connector.yaml.",
    )
    key: str | list[str] = Field(
        min_length=1,
        description="The column that names a record for good, or a list of columns; the word `row` for "
        "the row number, for a sheet that only grows at the end. A column called row: [row].",
    )
    sheet: str | int | None = Field(
        default=None,
        description="A workbook's sheet, by its name or its number counted from 1; the first visible one.",
    )
    header_row: int | None = Field(
        default=None,
        ge=1,
        description="The row that holds the column names, as the spreadsheet program numbers it; detected.",
    )
    changed: str | None = Field(
        default=None, description="A column with the time of the row's last change (a date, or ISO text)."
    )
    format: Format | None = Field(
        default=None, description="What the file is, when its content can't tell; told from the content."
    )
    encoding: str | None = Field(
        default=None, description="The encoding of a text file, as in utf-8 or cp1252; detected."
    )
    delimiter: str | None = Field(
        default=None, description="What separates the cells of a text file: one character, or tab; detected."
    )

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, value: str | None) -> str | None:
        """Refuse names that Python can't decode text by."""
        if value is None:
            return None
        try:
            b"".decode(value)
        except LookupError:
            message = f"{value!r} is not a text encoding; there are utf-8, utf-16, cp1252, latin-1 and others"
            raise ValueError(message) from None
        return codecs.lookup(value).name

    @field_validator("delimiter")
    @classmethod
    def _one_character(cls, value: str | None) -> str | None:
        """Refuse what the csv module can't split at."""
        if value is None:
            return None
        found = _DELIMITERS.get(value.lower(), value)
        if len(found) != 1 or found in '\r\n"':
            message = f"a delimiter is one character, or tab: not {value!r}"
            raise ValueError(message)
        return found

    @field_validator("key")
    @classmethod
    def _columns_named(cls, value: str | list[str]) -> str | list[str]:
        """Refuse blank and repeated column names."""
        names = [" ".join(name.split()) for name in ([value] if isinstance(value, str) else value)]
        if not all(names) or len(set(names)) != len(names):
            message = "name each key column once"
            raise ValueError(message)
        return names[0] if isinstance(value, str) else names

    @property
    def key_columns(self) -> tuple[str, ...]:
        """The key's columns; none when the row number is the key."""
        if self.key == ROW:
            return ()
        return (self.key,) if isinstance(self.key, str) else tuple(self.key)

    @property
    def scheme(self) -> str | None:
        """The scheme of a URL, lower case; None for a path."""
        found = _URL.match(self.path.strip())
        return urlsplit(self.path.strip()).scheme.lower() if found else None

    def __repr_args__(self) -> Iterable[tuple[str | None, Any]]:
        """Leave a URL out of what is printed of the settings: it may hold a password or a secret link."""
        for name, value in super().__repr_args__():
            yield name, ("(URL)" if name == "path" and self.scheme else value)
