"""What no file of the project may hold: places of one machine, registry addresses, unfinished parts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
#: Directories that tools make; everything else is the project.
MADE = {".git", ".venv", ".venvs", ".cache", ".bench", ".demo", ".hypothesis", "dist", "build", "__pycache__"}
MADE |= {".mypy_cache", ".ruff_cache", ".pytest_cache", ".import_linter_cache"}

#: A machine's own directories; the brackets keep this file from accusing itself.
MACHINE_PATH = re.compile(r"(?<![\w.}/-])/(?:[w]ork|[r]oot|[h]ome/\w+|[U]sers/\w+)/")
OUTSIDE = re.compile(r"\.\./[s]hared\b")
REGISTRY = re.compile(
    r"[p]ypi\.(?:org|io)|[p]ythonhosted\.org|[n]pmjs\.(?:org|com)|[d]eb\.debian\.org|[c]rates\.io"
    r"|[p]roxy\.golang\.org|[r]epo\.maven\.apache\.org"
)
UNFINISHED = re.compile(
    r"\b(?:T[O]DO|F[I]XME|X[X]X)\b|N[o]tImplementedError|[p]ragma: no cover|assert [T]rue\b"
)
#: A North American number with digits a person may have. 555-01xx belongs to nobody.
PHONE = re.compile(r"(?<![\w.])(?:\+1[ .-]?)?\(?[2-9]\d\d\)?[ .-][2-9]\d\d[ .-]\d{4}(?![\w.])")
INVENTED = re.compile(r"555[ .-]01\d\d$")
#: The numbers that the documentation of the endpoint itself gives as examples.
DOCUMENTED = {"8048675309", "6364618187"}


def _project_files() -> list[Path]:
    files: list[Path] = []
    for top in ROOT.iterdir():
        if top.name not in MADE and not top.name.startswith(".env"):
            files.extend(top.rglob("*") if top.is_dir() else [top])
    return sorted(path for path in files if path.is_file() and not MADE & set(path.relative_to(ROOT).parts))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


TEXTS = {path.relative_to(ROOT).as_posix(): _text(path) for path in _project_files()}


def _places(pattern: re.Pattern[str], names: list[str]) -> list[str]:
    return [
        f"{name}:{number}: {line.strip()[:120]}"
        for name in names
        for number, line in enumerate(TEXTS[name].splitlines(), 1)
        if pattern.search(line)
    ]


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param(MACHINE_PATH, id="machine path"),
        pytest.param(REGISTRY, id="registry"),
        pytest.param(OUTSIDE, id="outside the project"),
    ],
)
def test_project_stands_alone(pattern: re.Pattern[str]) -> None:
    assert _places(pattern, list(TEXTS)) == []


def test_nothing_is_unfinished() -> None:
    assert _places(UNFINISHED, [name for name in TEXTS if name.endswith(".py")]) == []


def test_example_numbers_belong_to_nobody() -> None:
    real = [
        f"{name}: {found[0]}"
        for name, text in TEXTS.items()
        for found in PHONE.finditer(text)
        if not INVENTED.search(found[0]) and re.sub(r"\D", "", found[0])[-10:] not in DOCUMENTED
    ]
    assert real == []
