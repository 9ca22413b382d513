"""What `init --from` is given: a file, an address, or a database, and maybe which part of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sources._files.place import place_of
from sources._files.schemes import SCHEMES
from sync.suggesting.words import folded

if TYPE_CHECKING:
    from typing import Literal

_SQLITE = b"SQLite format 3\x00"
#: DuckDB's files begin with a checksum of eight bytes.
_DUCKDB, _CHECKSUM = b"DUCK", 8
_WEB = ("http", "https")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_LONGEST_NAME = 40


class NotReadable(ValueError):
    """What was given is nothing that can be read; the message says what is, and repeats no address."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where leads are kept."""

    type: Literal["spreadsheet", "sql"]
    #: A path or an address; of a database with its password.
    address: str
    #: The table, or the sheet by its name; None: not said.
    part: str | None
    #: What the source may be called.
    name: str

    @property
    def secret(self) -> bool:
        """Whether the address may give something away, and belongs into a variable."""
        if self.type == "sql":
            return not self.address.startswith(("sqlite", "duckdb"))
        parts = urlsplit(self.address)
        return parts.scheme in _WEB and bool(parts.query or "@" in parts.netloc)


def origin_of(text: str, directory: Path) -> Origin:
    """Return what is meant by a path or a URL, with ``#`` and a table or sheet behind it.

    Args:
        text: what was given.
        directory: what a path is relative to.

    Raises:
        NotReadable: when it is nothing that can be read.

    """
    if _SCHEME.match(text):
        return _at_url(text)
    path, part = text, None
    if not (directory / path).is_file() and "#" in text:
        path, _, part = text.rpartition("#")
    file = directory / Path(path).expanduser()
    if not file.is_file():
        raise NotReadable(
            f"there is no file {path}; expected a spreadsheet, the address of one, or a database as "
            "sqlite:///shop.db or postgresql://user:password@host/database#table"
        )
    if file.suffix.lower() in (".json", ".jsonl", ".ndjson"):
        raise NotReadable(f"{path} is JSON; a JSON API is declared in connector.yaml: init --source rest")
    if (kind := _database_of(file)) is not None:
        return Origin("sql", f"{kind}:///{path}", part or None, _called(part or file.stem))
    return Origin("spreadsheet", path, part or None, _called(part or file.stem))


def _at_url(text: str) -> Origin:
    address, _, part = text.partition("#")
    scheme = address.partition("://")[0].lower()
    if scheme in _WEB:
        host = urlsplit(address).hostname or ""
        # Google's gid is the browser's business: an address that exports names the sheet by itself.
        sheet = None if part.startswith("gid=") else part or None
        stem = Path(urlsplit(address).path).stem
        return Origin("spreadsheet", address, sheet, _called(stem if "." not in stem else host))
    store = place_of(address)
    if store is not None and store.scheme in SCHEMES:
        return Origin("spreadsheet", address, part or None, _called(part or Path(store.path).stem))
    database = address.rstrip("/").rpartition("/")[2].partition("?")[0]
    return Origin("sql", address, part or None, _called(part or Path(database).stem))


def _database_of(file: Path) -> str | None:
    """Return what kind of database a file is; None for anything else."""
    with file.open("rb") as opened:
        head = opened.read(len(_SQLITE))
    return "sqlite" if head == _SQLITE else "duckdb" if head[_CHECKSUM:].startswith(_DUCKDB) else None


def _called(text: str) -> str:
    """Return a name for a source, of the letters that one may have."""
    return "_".join(re.findall(r"[a-z0-9]+", folded(text)))[:_LONGEST_NAME].strip("_") or "leads"


def sheet_of(part: str | None) -> str | int | None:
    """Return a sheet by its number where one was given, else by its name."""
    return int(part) if part is not None and part.isascii() and part.isdecimal() else part
