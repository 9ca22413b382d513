"""What is said of every wrong mapping file in tests/unit/golden/mapping_errors.

``python -m tests.mapping_errors`` writes the messages down anew; read the difference before it is kept.
"""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

from sync.located_yaml import ConfigError, read_text
from sync.mapping import parse_mapping

FILES = Path(__file__).parent / "unit" / "golden" / "mapping_errors"
EXPECTED = FILES / "expected.txt"


def said_of(path: Path) -> list[str]:
    """Return the messages about a file, with paths relative to the directory of the files."""
    try:
        parse_mapping(read_text(path), path.name, timezone=ZoneInfo("UTC"), directory=FILES)
    except ConfigError as error:
        root = Path.cwd()
        below = f"{FILES.relative_to(root)}/" if FILES.is_relative_to(root) else f"{FILES}/"
        return [str(problem).replace(f"{FILES}/", "").replace(below, "") for problem in error.problems]
    return [f"{path.name}: nothing is wrong"]


def everything_said() -> str:
    """Return the messages about all files, in the order of their names."""
    return "\n".join("\n".join([*said_of(path), ""]) for path in sorted(FILES.glob("*.yaml")))


if __name__ == "__main__":
    EXPECTED.write_text(everything_said(), encoding="utf-8")
