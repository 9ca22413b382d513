"""Cells of an .xlsx whose formula gave no value: calamine reads them as empty, so they are looked for.

The sheet's XML is searched as bytes, in pieces: a tenth of the time that parsing takes.
"""

from __future__ import annotations

import re
import zipfile
from posixpath import join, normpath
from typing import IO, TYPE_CHECKING, BinaryIO
from xml.etree import ElementTree as ET

from sources._sheets.cells import ERROR_CELL

if TYPE_CHECKING:
    from collections.abc import Iterator

_PIECE = 1 << 20
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_ID = re.compile(r"\{http.*relationships\}id")
_CELL = re.compile(rb"<(?:\w+:)?c\b[^>]*>")
_REF = re.compile(rb"\br=\"([A-Z]+\d+)\"")
_ERROR = re.compile(rb"<(?:\w+:)?c\b[^>]*\bt=\"e\"[^>]*>")
#: A formula that no spreadsheet program has calculated yet. t="str" is a formula that gives no text.
_NO_VALUE = re.compile(
    rb"<(?:\w+:)?c\b(?![^>]*\bt=\"str\")[^>]*>\s*<(?:\w+:)?f\b[^>]*?(?:/>|>[^<]*</(?:\w+:)?f>)"
    rb"\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_KINDS = (
    (b't="e"', _ERROR, ERROR_CELL),
    (b"f>", _NO_VALUE, "cell with a formula that was never calculated, read as empty"),
)


def cells_of_note(handle: BinaryIO, title: str) -> Iterator[tuple[str, str]]:
    """Yield what is wrong and the reference (``D17``) of each cell of a sheet that has no value."""
    try:
        with zipfile.ZipFile(handle) as archive, archive.open(_part_of(archive, title)) as part:
            yield from _search(part)
    except (KeyError, ET.ParseError):
        # Calamine has read the sheet; that this look-up finds no way to it costs a remark, not a row.
        return


def _part_of(archive: zipfile.ZipFile, title: str) -> str:
    """Return the path inside the archive of the sheet of this name."""
    # The standard library's parser bounds the expansion of entities (expat 2.4.1 and later).
    book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
    sheets = [*book.iter(f"{_MAIN}sheet"), *book.iter(f"{_STRICT}sheet")]
    sheet = next((sheet for sheet in sheets if sheet.get("name") == title), None)
    if sheet is None:
        raise KeyError(title)
    wanted = next(value for name, value in sheet.attrib.items() if _ID.fullmatch(name))
    links = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    target = next((link.get("Target", "") for link in links if link.get("Id") == wanted), "")
    return target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))


def _search(part: IO[bytes]) -> Iterator[tuple[str, str]]:
    rest = b""
    while piece := part.read(_PIECE):
        text = rest + piece
        cut = _last_cell(text)
        yield from _in(text[:cut])
        rest = text[cut:]
    yield from _in(rest)


def _last_cell(text: bytes) -> int:
    """Return where the last cell begins: it may go on in the next piece."""
    return max(text.rfind(b"<c "), text.rfind(b":c "), 0)


def _in(text: bytes) -> Iterator[tuple[str, str]]:
    for mark, pattern, what in _KINDS:
        if mark in text:
            for found in pattern.finditer(text):
                yield what, _reference(found[0])


def _reference(cell: bytes) -> str:
    opening = _CELL.match(cell)
    found = _REF.search(opening[0]) if opening else None
    return found[1].decode() if found else "a cell"
