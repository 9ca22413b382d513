"""A glob over the paths of a store means what it means over local files."""

from __future__ import annotations

import glob
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sources._files.matching import pattern_of

PATHS = (
    "leads.csv",
    "Leads.csv",
    ".hidden.csv",
    "exports/leads-1.csv",
    "exports/leads-2.csv",
    "exports/leads-10.csv",
    "exports/leads.xlsx",
    "exports/.old/leads-1.csv",
    "exports/2026/leads-1.csv",
    "exports/2026/03/leads-1.csv",
    "exports-old/leads-1.csv",
)
PARTS = (
    "*",
    "**",
    "leads-?.csv",
    "leads-[12].csv",
    "leads*",
    "*.csv",
    "exports*",
    "exports",
    "2026",
    ".*",
    "[!e]*",
)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = tmp_path_factory.mktemp("files")
    for path in PATHS:
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).touch()
    return top


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(st.sampled_from(PARTS), min_size=1, max_size=4))
def test_a_glob_means_the_same_as_over_local_files(files: Path, parts: list[str]) -> None:
    text = "/".join(parts)
    pattern = pattern_of(text)
    local = {
        PurePosixPath(found).as_posix()
        for found in glob.glob(text, root_dir=files, recursive=True)  # noqa: PTH207 - it is what local files are found by
        if (files / found).is_file()
    }
    if pattern is None:
        assert local <= {text}
        return
    assert {path for path in PATHS if pattern.matches(path)} == local
    assert all(path.startswith(pattern.prefix) for path in local)
    assert pattern.deep or all("/" not in path[len(pattern.prefix) :] for path in local)


@pytest.mark.parametrize(
    ("text", "prefix", "deep", "base"),
    [
        ("exports/leads-*.csv", "exports/leads-", False, "exports/"),
        ("*.csv", "", False, ""),
        ("exports/*/leads.csv", "exports/", True, "exports/"),
        ("exports/**", "exports/", True, "exports/"),
        ("a/b/le?ds/x.csv", "a/b/le", True, "a/b/"),
    ],
)
def test_as_little_is_listed_as_can_be(text: str, prefix: str, deep: bool, base: str) -> None:
    pattern = pattern_of(text)
    assert pattern is not None
    assert (pattern.prefix, pattern.deep, pattern.base) == (prefix, deep, base)


def test_a_path_is_no_glob() -> None:
    assert pattern_of("exports/leads.csv") is None
