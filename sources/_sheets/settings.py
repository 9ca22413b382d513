"""The settings of a spreadsheet source."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from pydantic import ConfigDict, Field, field_validator, model_validator

from sources._files.place import place_of
from sources._files.schemes import SCHEMES
from sources._files.settings import SETTINGS, StorageSettings, unfit
from sources._files.sftp_address import address_of
from sources._sheets.changed import CHANGE_FORMATS
from sources.base import SourceSettings

if TYPE_CHECKING:
    from collections.abc import Iterable

#: What `key:` says for "the row number is the key".
ROW = "row"
_NO_STORE = "`storage` says how to get into a store, and `path` names none"
_DELIMITERS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}
_HTTP = re.compile(r"https?://", re.IGNORECASE)

Format = Literal["csv", "tsv", "xlsx", "xlsm", "xlsb", "xls", "ods"]


def columns_named(value: str | list[str]) -> str | list[str]:
    """Return the names of key columns with single spaces.

    Raises:
        ValueError: when one is blank or repeated.

    """
    names = [" ".join(name.split()) for name in ([value] if isinstance(value, str) else value)]
    if not all(names) or len(set(names)) != len(names):
        message = "name each key column once"
        raise ValueError(message)
    return names[0] if isinstance(value, str) else names


def encoding_named(value: str) -> str:
    """Return the name of a text encoding as Python spells it.

    Raises:
        ValueError: when there is none of this name.

    """
    try:
        b"\0\0\0\0".decode(value, "replace")  # no bytes at all are decoded by anything
    except LookupError:
        message = f"{value!r} is not a text encoding; there are utf-8, utf-16, cp1252, latin-1 and others"
        raise ValueError(message) from None
    return codecs.lookup(value).name


class SpreadsheetSettings(SourceSettings):
    """What a spreadsheet source is told in connector.yaml."""

    # A URL may hold a password, or be a secret itself.
    model_config = ConfigDict(hide_input_in_errors=True)

    path: str = Field(
        min_length=1,
        description="A file or a glob as in data/*.csv, relative to connector.yaml; an http(s) URL; or a "
        "file or a glob in a store, as in s3://bucket/exports/leads-*.csv.",
        examples=["data/walk-ins.xlsx", "data/*.csv", "s3://bucket/exports/leads-*.csv"],
    )
    key: str | list[str] = Field(
        min_length=1,
        description="The column that names a record for good, or a list of columns; the word `row` for "
        "the row number, for a sheet that only grows at the end. A column called row: [row].",
        examples=["Lead ID", ["Branch", "No"], "row"],
    )
    sheet: str | int | None = Field(
        default=None,
        description="A workbook's sheet, by its name or its number counted from 1; the first visible one.",
        examples=["Leads", 2],
    )
    header_row: int | None = Field(
        default=None,
        ge=1,
        description="The row that holds the column names, as the spreadsheet program numbers it; detected.",
        examples=[3],
    )
    changed: str | None = Field(
        default=None,
        description="A column with the time of the row's last change (a date, or ISO text).",
        examples=["Last edited"],
    )
    changed_format: str = Field(
        default="auto",
        description="How `changed` is written: auto reads dates and ISO text; else excel or excel_1904 for "
        "date serials in cells that are not formatted as dates, or a strptime pattern for text.",
        examples=["%m/%d/%Y %I:%M %p", "excel"],
    )
    format: Format | None = Field(
        default=None, description="What the file is, when its content can't tell; told from the content."
    )
    encoding: str | None = Field(
        default=None,
        description="The encoding of a text file, as in utf-8 or cp1252; detected.",
        examples=["utf-8", "cp1252"],
    )
    delimiter: str | None = Field(
        default=None,
        description="What separates the cells of a text file: one character, or tab; detected.",
        examples=[";", "tab"],
    )

    watch: bool = Field(
        default=True,
        description="Whether `run` also polls a local file as soon as it is saved, whatever the schedule.",
    )
    storage: StorageSettings | None = Field(
        default=None,
        description="How to get into the store that `path` names; without it, by the ways that the vendor's "
        "own programs go.",
    )

    @field_validator("path")
    @classmethod
    def _url_with_host(cls, value: str) -> str:
        """Refuse a URL that nobody can be asked for."""
        if _HTTP.match(value.strip()):
            try:
                parts = urlsplit(value.strip())
                usable = bool(parts.hostname) and parts.port != 0
            except ValueError:  # a port beyond 65535, or half an IPv6 address
                usable = False
            if not usable:
                raise ValueError("it looks like a URL, but its host or its port cannot be one")
        return value

    @field_validator("path")
    @classmethod
    def _file_in_a_store(cls, value: str) -> str:
        """Refuse the URL of a store without a file in it."""
        place = place_of(value)
        if place is not None and place.scheme in SCHEMES:
            if place.scheme == "sftp":
                address_of(place.authority)
            if not place.authority:
                message = f"it names nothing to look in; a path looks like {place.scheme}://NAME/leads.csv"
                raise ValueError(message)
            if not place.path or place.path.endswith("/"):
                raise ValueError("it names no file; name the files with a glob, as in exports/*.csv")
        return value

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, value: str | None) -> str | None:
        """Refuse names that Python can't decode text by."""
        return None if value is None else encoding_named(value)

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

    @field_validator("changed_format")
    @classmethod
    def _known_format(cls, value: str) -> str:
        """Refuse what no change time could be read by."""
        if value not in CHANGE_FORMATS and "%" not in value:
            message = f"there are {', '.join(CHANGE_FORMATS)}, and strptime patterns such as %m/%d/%Y"
            raise ValueError(message)
        return value

    @field_validator("key")
    @classmethod
    def _columns_named(cls, value: str | list[str]) -> str | list[str]:
        """Refuse blank and repeated column names."""
        return columns_named(value)

    @model_validator(mode="after")
    def _fits_together(self) -> SpreadsheetSettings:
        """Refuse a format of nothing."""
        if self.changed is None and self.changed_format != "auto":
            raise ValueError("`changed_format` needs `changed`, the column that it is the format of")
        return self

    @model_validator(mode="after")
    def _way_into_a_store(self) -> SpreadsheetSettings:
        """Refuse a way into what is no store, and one that leads into another kind."""
        if self.storage is not None:
            scheme = self.scheme
            problem = unfit(scheme, self.storage) if scheme in SETTINGS else _NO_STORE
            if problem:
                raise ValueError(problem)
        return self

    @property
    def key_columns(self) -> tuple[str, ...]:
        """The key's columns; none when the row number is the key."""
        if self.key == ROW:
            return ()
        return (self.key,) if isinstance(self.key, str) else tuple(self.key)

    @property
    def scheme(self) -> str | None:
        """The scheme of a URL, lower case, one for all its spellings; None for a path."""
        place = place_of(self.path)
        return place.scheme if place else None

    def __repr_args__(self) -> Iterable[tuple[str | None, Any]]:
        """Leave a URL out of what is printed of the settings: it may hold a password or a secret link."""
        for name, value in super().__repr_args__():
            yield name, ("(URL)" if name == "path" and self.scheme else value)
