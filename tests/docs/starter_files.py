"""What `init --source TYPE` writes is what docs/sources.md shows: ``make docs`` takes it from there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.docs.pages import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = ROOT / "docs" / "sources.md"
FOLDER = ROOT / "sources" / "starters"
_SECTION = re.compile(r"(?ms)^## (\w+)\n(.*?)(?=^## |\Z)")
_BLOCK = re.compile(r"(?ms)^```yaml (connector|mapping)\n(.*?)^```$")
_HEAD = "# From a record to a lead. What is on the right is explained in README.md beside this file.\n"


def starter_files() -> dict[str, str]:
    """Return the files of all types that the page shows a section and a mapping for."""
    page = PAGE.read_text(encoding="utf-8")
    return {name: text for kind, told in _SECTION.findall(page) for name, text in _of_type(kind, told)}


def _of_type(kind: str, told: str) -> Iterator[tuple[str, str]]:
    blocks: dict[str, str] = {}
    for what, text in _BLOCK.findall(told):
        blocks.setdefault(what, text)
    mapping = blocks.get("mapping", "").partition("\n")
    if "connector" in blocks and mapping[0] == f"# mappings/{kind}.yaml":
        yield f"{kind}.source.yaml", _section(blocks["connector"])
        yield f"{kind}.mapping.yaml", _HEAD + mapping[2]


def _section(connector: str) -> str:
    """Return what stands under ``sources:``, not indented."""
    lines = connector.partition("\nsources:\n")[2].rstrip().splitlines()
    return "".join(f"{line.removeprefix('  ')}\n" for line in lines)


def main() -> None:
    """Write them all."""
    for name, text in starter_files().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
