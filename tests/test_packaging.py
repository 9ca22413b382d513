"""The wheel holds all that the program needs, and what is installed from it is the wheel's own."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.installed import ROOT, build_wheel, installed_environment

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
#: Names a tool leaves behind, never part of a package.
LEFT_BEHIND = ("__pycache__", ".db", ".db-wal", ".db-shm")


@pytest.fixture(scope="module")
def wheel_names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    with zipfile.ZipFile(build_wheel(tmp_path_factory.mktemp("wheel"))) as wheel:
        return set(wheel.namelist())


def _files_of(package: str) -> set[str]:
    files = (path for path in (ROOT / package).rglob("*") if path.is_file())
    names = {path.relative_to(ROOT).as_posix() for path in files}
    return {name for name in names if not any(part in name for part in LEFT_BEHIND)}


@pytest.mark.parametrize("package", ["sources", "sync"])
def test_every_file_of_a_package_is_in_the_wheel(wheel_names: set[str], package: str) -> None:
    assert _files_of(package) - wheel_names == set()


def test_files_that_are_not_python_are_there_by_name(wheel_names: set[str]) -> None:
    pages = {f"sync/starter/{page}" for page in ("mappings/README.md", "docs/transforms.md")}
    wanted = {"sources/py.typed", "sync/py.typed", "sync/starter/connector.yaml", *pages}
    assert wanted - wheel_names == set()
    assert any(name.startswith("sync/store/migrations/versions/") for name in wheel_names)


def test_starter_mappings_are_those_of_the_checkout(wheel_names: set[str]) -> None:
    mappings = {f"sync/starter/mappings/{path.name}" for path in (ROOT / "mappings").glob("*.yaml")}
    assert mappings
    assert mappings - wheel_names == set()


def test_wheel_holds_nothing_else(wheel_names: set[str]) -> None:
    tops = {name.split("/")[0] for name in wheel_names}
    assert tops == {"sources", "sync", f"leadrelay-{PROJECT['version']}.dist-info"}


def test_licence_is_in_the_wheel(wheel_names: set[str]) -> None:
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in wheel_names)


def test_what_is_installed_is_the_wheel_and_not_the_checkout(tmp_path: Path) -> None:
    environment = installed_environment()
    show = "import sources, sync, sqlalchemy; print(sources.__file__, sync.__file__, sep='\\n')"
    python = environment / "bin" / "python"
    said = subprocess.run([python, "-c", show], cwd=tmp_path, capture_output=True, text=True, check=True)
    for line in said.stdout.splitlines():
        assert Path(line).is_relative_to(environment)


def test_installed_command_answers_from_another_directory(tmp_path: Path) -> None:
    command = installed_environment() / "bin" / "leadrelay"
    said = subprocess.run([command, "--help"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    assert "sync" in said.stdout


def test_every_entry_point_can_be_loaded(tmp_path: Path) -> None:
    load = (
        "from importlib.metadata import entry_points\n"
        "for point in entry_points(group='leadrelay.sources'): print(point.name, point.load().name)"
    )
    python = installed_environment() / "bin" / "python"
    said = subprocess.run([python, "-c", load], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    names = PROJECT["entry-points"]["leadrelay.sources"]
    assert dict(line.split() for line in said.stdout.splitlines()) == {name: name for name in names}


def test_the_source_distribution_makes_the_same_wheel(wheel_names: set[str], tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "--directory", str(tmp_path), "--target"]
    subprocess.run([*build, "sdist"], cwd=ROOT, capture_output=True, check=True)
    with tarfile.open(tmp_path / f"leadrelay-{PROJECT['version']}.tar.gz") as packed:
        packed.extractall(tmp_path, filter="data")
    unpacked = tmp_path / f"leadrelay-{PROJECT['version']}"
    for wanted in ("Makefile", "demo/run.py", "docs/operations.md", "tests/conftest.py", ".ci/run"):
        assert (unpacked / wanted).is_file()
    subprocess.run([*build, "wheel"], cwd=unpacked, capture_output=True, check=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        assert set(wheel.namelist()) == wheel_names
