"""Which encoding a text file is in, decided over the whole file and never by replacing characters.

A byte-order mark decides. Without one the whole file must be UTF-8, which text in another encoding
is only by a very rare accident; when it is not, charset-normalizer guesses from the lines that are
not ASCII, cp1252 (Excel in the western world) being preferred among equals, and the guess is said.
A file that is partly UTF-8 is damaged: no guess would read all of it, so none is made.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from sources.errors import BadConfig, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from charset_normalizer import CharsetMatch

_PIECE = 1 << 20
_MOST_SAMPLE = 1 << 16
_PREFERRED = "cp1252"
#: What spreadsheet programs write where it is not Unicode.
_LEGACY = (_PREFERRED, "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "mac_roman")
_ASIAN = ("cp932", "gb18030", "big5", "euc_kr")
#: How much less like a language the preferred encoding may look than the best guess.
_MARGIN = 0.05
#: So many stray bytes to each sequence that is UTF-8 by accident make a file not UTF-8 at all.
_ACCIDENT = 10
#: How much of a text's code units may be NUL bytes on one side for it to be UTF-16 without a mark.
_WIDE = 0.3
# UTF-32 before UTF-16: its mark begins with the same two bytes.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WELL_FORMED = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = re.compile(rb"[\x80-\xff]")
_LINE = re.compile(rb"[^\r\n]*[\x80-\xff][^\r\n]*[\r\n]*")


@dataclass(frozen=True, slots=True)
class Encoding:
    """How the bytes of a file become text."""

    name: str
    #: Whether some character is NUL: rows that hold one are damaged.
    has_nul: bool
    #: Whether charset-normalizer chose it.
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class _Fault:
    """The first byte that a codec can't read."""

    offset: int
    line: int
    byte: int
    #: Whether the file ends in the middle of a character.
    at_end: bool


def encoding_of(handle: BinaryIO, name: str, stated: str | None) -> Encoding:
    """Return the encoding of an open file, which is left at its beginning.

    Raises:
        BadConfig: when it is not in the stated encoding, or in none throughout; says byte and line.
        Unavailable: when it ends in the middle of a character.

    """
    handle.seek(0)
    head = handle.read(_PIECE)
    wanted = stated or _marked(head) or _wide(head) or "utf-8"
    # The mark at the beginning is not part of the first column's name.
    wanted = "utf-8-sig" if wanted == "utf-8" and head.startswith(codecs.BOM_UTF8) else wanted
    fault, has_nul = _decode(handle, wanted)
    if fault is None:
        return Encoding(wanted, has_nul)
    if stated or wanted != "utf-8":
        raise _unreadable(name, wanted, fault)
    guess = _guess(handle, name, fault)
    fault, has_nul = _decode(handle, guess)
    if fault is not None:
        raise _unreadable(name, guess, fault)
    return Encoding(guess, has_nul, guessed=True)


def _marked(head: bytes) -> str | None:
    return next((codec for mark, codec in _MARKS if head.startswith(mark)), None)


def _wide(head: bytes) -> str | None:
    """Recognise UTF-16 without a mark: nearly every second byte of western text is NUL."""
    half = len(head) // 2
    if not half:
        return None
    even, odd = head[0::2].count(0) / half, head[1::2].count(0) / half
    if odd > _WIDE and even < odd / 4:
        return "utf-16-le"
    return "utf-16-be" if even > _WIDE and odd < even / 4 else None


def _pieces(handle: BinaryIO) -> Iterator[bytes]:
    handle.seek(0)
    try:
        while piece := handle.read(_PIECE):
            yield piece
    finally:
        handle.seek(0)


def _decode(handle: BinaryIO, codec: str) -> tuple[_Fault | None, bool]:
    """Decode the whole file a piece at a time; tell the first fault, and whether there is a NUL."""
    decoder = codecs.getincrementaldecoder(codec)("strict")
    offset, lines, has_nul = 0, 1, False
    for piece in _pieces(handle):
        left = len(decoder.getstate()[0])
        try:
            text = decoder.decode(piece)
        except UnicodeDecodeError as error:
            return _fault(error, offset - left, lines, at_end=False), has_nul
        offset += len(piece)
        lines += text.count("\n")
        has_nul = has_nul or "\0" in text
    left = len(decoder.getstate()[0])
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return _fault(error, offset - left, lines, at_end=True), has_nul
    return None, has_nul


def _fault(error: UnicodeDecodeError, base: int, lines: int, *, at_end: bool) -> _Fault:
    before = error.object[: error.start].count(b"\n")
    return _Fault(base + error.start, lines + before, error.object[error.start], at_end)


def _guess(handle: BinaryIO, name: str, fault: _Fault) -> str:
    """Choose an encoding for a file that is not UTF-8."""
    sequences, strays, sample = _evidence(handle)
    if sequences and fault.at_end:
        raise Unavailable(f"{name} ends in the middle of a character: it is being written, or cut off")
    if sequences * _ACCIDENT > strays:
        raise _mixed(name, fault)
    best = _likeliest(sample)
    if best is None:
        raise _unreadable(name, "utf-8", fault)
    return best


def _evidence(handle: BinaryIO) -> tuple[int, int, bytes]:
    """Count UTF-8 sequences and bytes that are in none, and collect lines that are not ASCII."""
    sequences, strays, sample = 0, 0, bytearray()
    for piece in _pieces(handle):
        good = _WELL_FORMED.findall(piece)
        sequences += len(good)
        strays += len(_HIGH.findall(piece)) - sum(map(len, good))
        if len(sample) < _MOST_SAMPLE:
            sample += b"".join(_LINE.findall(piece))[: _MOST_SAMPLE - len(sample)]
    return sequences, strays, bytes(sample)


def _likeliest(sample: bytes) -> str | None:
    """Ask charset-normalizer, and take the preferred encoding when it does as well as the best."""
    from charset_normalizer import from_bytes

    matches = list(from_bytes(sample, cp_isolation=[*_LEGACY, *_ASIAN]))
    if not matches:
        return None
    best = matches[0]
    return _PREFERRED if any(_as_good(match, best) for match in matches) else best.encoding


def _as_good(match: CharsetMatch, best: CharsetMatch) -> bool:
    if _PREFERRED not in match.could_be_from_charset:
        return False
    return match.chaos <= best.chaos and match.coherence >= best.coherence - _MARGIN


def _unreadable(name: str, codec: str, fault: _Fault) -> BadConfig:
    text = f"byte 0x{fault.byte:02X} at offset {fault.offset} (line {fault.line}) is not {codec}"
    return BadConfig(f"{name} cannot be read: {text}; state the encoding it is in", "encoding")


def _mixed(name: str, fault: _Fault) -> BadConfig:
    place = f"offset {fault.offset} (line {fault.line})"
    text = f"is UTF-8 in some places and not in others: byte 0x{fault.byte:02X} at {place} is not"
    return BadConfig(f"{name} {text}; save it again as UTF-8, or state its encoding", "encoding")
