"""docs/dependencies.md names what pyproject.toml names, and the program imports nothing else."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest

from tests.docs.pages import ROOT

PAGE = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
#: Objects of one package that another hands out, and the suite that runs in an author's own pytest.
BY_WAY_OF = {
    "pydantic-core": "pydantic",
    "aiobotocore": "s3fs",
    "aiohttp": "s3fs",
    "botocore": "s3fs",
    "azure-core": "azure-storage-blob",
    "google-auth": "gcsfs",
    "yarl": "s3fs",
}
IN_THE_SUITE = {"pytest"}


def _name(requirement: str) -> str:
    return re.match(r"[\w.-]+", requirement)[0].lower().replace("_", "-")


def _names(requirements: list[str]) -> set[str]:
    return {_name(each) for each in requirements}


RUN = _names(PROJECT["project"]["dependencies"])
SOME = {name for extra in PROJECT["project"]["optional-dependencies"].values() for name in _names(extra)}
DEVELOP = {name for group in PROJECT["dependency-groups"].values() for name in _names(group)} - SOME


@pytest.mark.parametrize(
    ("heading", "names"), [("To run", RUN), ("Only for some", SOME), ("To develop", DEVELOP)]
)
def test_a_table_names_what_is_required_and_nothing_else(heading: str, names: set[str]) -> None:
    part = re.search(rf"(?ms)^## {heading}$(.*?)(?=^## |\Z)", PAGE)[1]
    rows = re.findall(r"(?m)^\| ([\w.-]+) \| (\S.*?) \|", part)
    listed = {_name(name) for name, _ in rows if name not in ("package", "---")}
    assert listed == names


def test_what_is_imported_is_required() -> None:
    owners = packages_distributions()
    imported: dict[str, str] = {}
    for top in ("sources", "sync"):
        for path in (ROOT / top).rglob("*.py"):
            for module in _imports(path.read_text(encoding="utf-8")):
                imported[module] = path.relative_to(ROOT).as_posix()
    required = RUN | SOME | IN_THE_SUITE
    # Packages of one vendor share a name, as google.auth and google.cloud do: one of them has to be required.
    names = {module: {_name(owner) for owner in owners.get(module, [module])} for module in imported}
    wanted = {module: {BY_WAY_OF.get(name, name) for name in found} for module, found in names.items()}
    known = sys.stdlib_module_names | {"sources", "sync"}
    missing = {module for module, found in wanted.items() if module not in known and not found & required}
    assert {module: imported[module] for module in missing} == {}


def _imports(text: str) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return {name.partition(".")[0] for name in found}
