"""Every source that is installed has passed the conformance suite."""

from __future__ import annotations

import ast
import inspect
from importlib import import_module
from pathlib import Path

import pytest

from sources.registry import installed, load

HERE = Path(__file__).resolve().parent
CONTRACTS = {"PositionContract", "SnapshotContract"}
#: What a rig need not have, and tests are then skipped.
SKIPPED = ("limit", "deny", "loop")


def _contracts_in(path: Path) -> set[str]:
    """Return the contracts that the tests of a file are subclasses of."""
    classes = (
        node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.ClassDef)
    )
    tested = (node for node in classes if node.name.startswith("Test"))
    return {base.id for node in tested for base in node.bases if isinstance(base, ast.Name)} & CONTRACTS


@pytest.mark.parametrize("name", installed())
def test_every_installed_source_has_a_contract_test(name: str) -> None:
    path = HERE / f"test_contract_{name}.py"
    assert path.is_file(), f"{path.name} is missing"
    assert _contracts_in(path), f"{path.name} tests no subclass of {sorted(CONTRACTS)}"


@pytest.mark.parametrize("name", installed())
def test_a_source_is_called_what_it_is_registered_as(name: str) -> None:
    assert load(name).name == name


@pytest.mark.parametrize("path", sorted(HERE.glob("test_contract_*.py")), ids=lambda path: path.stem)
def test_a_rig_says_exactly_what_its_system_lacks(path: Path) -> None:
    classes = inspect.getmembers(import_module(f"tests.contract.{path.stem}"), inspect.isclass)
    rigs = {name: rig for name, rig in classes if hasattr(rig, "put") and hasattr(rig, "source")}
    missing = {name: {each for each in SKIPPED if not hasattr(rig, each)} for name, rig in rigs.items()}
    assert {name: set(getattr(rig, "lacks", {})) for name, rig in rigs.items()} == missing
