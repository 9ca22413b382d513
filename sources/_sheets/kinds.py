"""What a file is, told from what it holds: suffixes lie."""

from __future__ import annotations

import re
import zipfile
from enum import Enum
from typing import TYPE_CHECKING, BinaryIO

from sources.errors import BadConfig, Denied, Unavailable

if TYPE_CHECKING:
    from collections.abc import Collection

_HEAD = 4096
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: How an OLE directory spells the stream of a workbook that is encrypted ([MS-OFFCRYPTO] 1.3.2).
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
#: The beginning of an .xls stream ([MS-XLS] 2.1.7.20.3: BOF, perhaps WriteProtect) before a FilePass record.
_FILE_PASS = re.compile(rb"(?s)\x09\x08\x10\x00\x00\x06\x05\x00.{12}(?:\x86\x00\x00\x00)?\x2f\x00")
_OVERLAP = 64
_HTML = re.compile(rb"(?is)\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|table|meta)\b")
_XML = re.compile(rb"(?i)\s*<\?xml\b")
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
#: Beginnings of what people mistake for a spreadsheet, and what to do about each.
_OTHERS = (
    (b"%PDF", "a PDF; export the table as .xlsx or .csv"),
    (b"\x1f\x8b", "compressed with gzip; unpack it"),
    (b"Rar!", "a RAR archive; unpack it"),
    (b"7z\xbc\xaf", "a 7z archive; unpack it"),
    (b"SQLite format 3", "an SQLite database; use `type: sql`"),
    (b"PAR1", "a Parquet file; export it as .csv"),
    (b"\x09\x00\x04\x00", "an Excel 2 workbook; save it as .xlsx"),
    (b"\x09\x02\x06\x00", "an Excel 3 workbook; save it as .xlsx"),
    (b"\x09\x04\x06\x00", "an Excel 4 workbook; save it as .xlsx"),
)
#: A part that only this kind of workbook has.
_PARTS = {"xl/workbook.xml": "xlsx", "xl/workbook.bin": "xlsb", "content.xml": "ods"}


class Kind(Enum):
    """How a file is read."""

    TEXT = "text"
    XLSX = "xlsx"
    XLSB = "xlsb"
    XLS = "xls"
    ODS = "ods"


def kind_of(handle: BinaryIO, name: str) -> Kind:
    """Return what an open file is; it is left at its beginning.

    Raises:
        Unavailable: when it is empty, or a workbook that is cut off.
        Denied: when it is encrypted.
        BadConfig: when it is nothing that holds rows and columns; the message says what it is.

    """
    handle.seek(0)
    head = handle.read(_HEAD)
    try:
        return _kind(handle, head, name)
    finally:
        handle.seek(0)


def _kind(handle: BinaryIO, head: bytes, name: str) -> Kind:
    if not head:
        raise Unavailable(f"{name} is empty (0 bytes): it is being written, or was saved empty")
    if head.startswith(_ZIP):
        return _zipped(handle, name)
    if head.startswith(_OLE):
        return _compound(handle, name)
    for start, what in _OTHERS:
        if head.startswith(start):
            raise BadConfig(f"{name} is {what}", "path")
    _refuse_markup(head, name)
    return Kind.TEXT


def _zipped(handle: BinaryIO, name: str) -> Kind:
    try:
        with zipfile.ZipFile(handle) as archive:
            parts = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError):
        raise incomplete(name) from None
    for part, kind in _PARTS.items():
        if part in parts:
            return Kind(kind)
    raise BadConfig(f"{name} is {_archive(parts)}", "path")


def _archive(parts: Collection[str]) -> str:
    if any(part.startswith("Index/") and part.endswith(".iwa") for part in parts):
        return "an Apple Numbers document; export it as .xlsx or .csv"
    if "word/document.xml" in parts:
        return "a Word document; save the table as .xlsx or .csv"
    return "a zip archive and no workbook; unpack it"


def _compound(handle: BinaryIO, name: str) -> Kind:
    """Tell an old workbook from one with a password; a new one with a password is a compound file too.

    Calamine, which is not told what the file is, says no more of them than that it can't tell either.
    """
    handle.seek(0)
    tail = b""
    while piece := handle.read(1 << 20):
        if _ENCRYPTED in tail + piece or _FILE_PASS.search(tail + piece):
            raise encrypted(name)
        tail = piece[-_OVERLAP:]
    return Kind.XLS


def _refuse_markup(head: bytes, name: str) -> None:
    text = head.replace(b"\0", b"") if head.startswith(_BOMS[1:]) else head
    for bom in _BOMS:
        text = text.removeprefix(bom)
    if _HTML.match(text) or (_XML.match(text) and b"<html" in text.lower()):
        raise WebPage(f"{name} is a web page (HTML), whatever its name says; save it as .xlsx or .csv")
    if _XML.match(text):
        raise BadConfig(f"{name} is XML, which is not read; save it as .xlsx or .csv", "path")


class WebPage(BadConfig):
    """The file is HTML: a saved page, or the login page that a server gave instead of the sheet."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "path")


def incomplete(name: str) -> Unavailable:
    """Return the error for a workbook that ends too early or does not hold together."""
    return Unavailable(f"{name} is not a complete workbook: it is being saved, or it is damaged")


def encrypted(name: str) -> Denied:
    """Return the error for a workbook that asks for a password."""
    return Denied(f"{name} is protected with a password, and can't be read; save it without one")
