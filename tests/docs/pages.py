"""The documents, taken apart: blocks of code with what they are, command lines, links, headings."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("mappings/*.md")])

_BLOCK = re.compile(r"(?ms)^```([^\n]*)\n(.*?)^```$")
_INLINE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"(?m)^#+ (.+)$")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block."""

    page: str
    line: int
    #: What stands behind the opening fence, as in ``yaml connector``.
    kind: str
    text: str

    def __str__(self) -> str:
        """Return where it is."""
        return f"{self.page}:{self.line}"


def blocks(kind: str) -> list[Block]:
    """Return the blocks of exactly this kind."""
    return [block for block in all_blocks() if block.kind == kind]


def all_blocks() -> list[Block]:
    """Return every fenced block of every page."""
    found: list[Block] = []
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        for match in _BLOCK.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            found.append(Block(name_of(path), line, match[1], match[2]))
    return found


def name_of(path: Path) -> str:
    """Return a page's name within the project."""
    return path.relative_to(ROOT).as_posix()


def prose(path: Path) -> str:
    """Return a page without its blocks."""
    return _BLOCK.sub("", path.read_text(encoding="utf-8"))


def command_lines() -> list[tuple[str, list[str]]]:
    """Return every call of leadrelay on the pages, with its page, as words."""
    found = []
    for block in all_blocks():
        if block.kind in ("sh", "ini"):
            found += [(str(block), words) for line in block.text.splitlines() for words in _calls(line)]
    for path in PAGES:
        for code in _INLINE.findall(prose(path)):
            found += [(name_of(path), words) for words in _calls(code)]
    return found


def _calls(line: str) -> Iterator[list[str]]:
    match = re.match(r"(?:\w+=)?(?:\S*/)?leadrelay (.+)$", line.strip())
    if match:
        words = shlex.split(match[1], comments=True)
        ends = [number for number, word in enumerate(words) if word in ("|", ">", "&&")]
        yield words[: ends[0]] if ends else words


def links(path: Path) -> list[str]:
    """Return the targets of a page's links."""
    return _LINK.findall(prose(path))


def anchors(path: Path) -> set[str]:
    """Return the anchors that a page's headings make."""
    headings = (heading.lower() for heading in _HEADING.findall(prose(path)))
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in headings}
