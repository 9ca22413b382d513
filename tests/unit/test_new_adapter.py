"""The package that `init --adapter` writes: what it is called, and that nothing in it is of another name."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from sync.cli.frame.failures import Refused
from sync.cli.frame.new_adapter import adapter_files


def write(files: dict[str, str], directory: Path) -> None:
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def run(*words: str, cwd: Path) -> str:
    command = [str(Path(sys.executable).with_name(words[0])), *words[1:]]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("name", ["mycrm", "acme", "zoo_2_keeper", "none", "x"])
def test_everything_is_called_by_its_name(name: str) -> None:
    files = adapter_files(name)
    project = tomllib.loads(files["pyproject.toml"])["project"]
    title = "".join(word.capitalize() for word in name.split("_"))
    assert project["name"] == f"leadrelay-{name.replace('_', '-')}"
    assert project["entry-points"]["leadrelay.sources"] == {name: f"leadrelay_{name}:{title}Source"}
    assert f"tests/test_{name}.py" in files
    assert name == "mycrm" or "mycrm" not in "".join([*files, *files.values()]).lower()
    for path, text in files.items():
        if path.endswith(".py"):
            compile(text, path, "exec")


def test_the_adapter_is_short() -> None:
    assert adapter_files("mycrm")["src/leadrelay_mycrm/__init__.py"].count("\n") < 60


@pytest.mark.parametrize(
    ("name", "close"),
    [
        ("my-crm", "my_crm"),
        ("MyCRM", "my_crm"),
        ("Job Nimbus", "job_nimbus"),
        ("crm_", "crm"),
        ("2crm", "crm"),
    ],
)
def test_a_name_that_python_cant_have_is_put_right(name: str, close: str) -> None:
    with pytest.raises(Refused, match=f'did you mean "{close}"'):
        adapter_files(name)


@pytest.mark.parametrize("name", ["", "class", "ä", "x" * 41, "../x", "source"])
def test_what_can_be_no_name_is_refused(name: str) -> None:
    with pytest.raises(Refused, match=r"what every source is called|can't be the name"):
        adapter_files(name)


@pytest.mark.parametrize("name", ["hubspot", "HubSpot", "hub_spot", "sql", "rest"])
def test_the_name_of_a_type_that_there_is_is_refused(name: str) -> None:
    same = name.lower().replace("_", "")
    with pytest.raises(Refused, match=f'there is a source type "{same}" already'):
        adapter_files(name)


def test_it_is_formatted_and_lint_finds_nothing(tmp_path: Path) -> None:
    for name in ("acme", "zoo_keeper"):
        write(adapter_files(name), tmp_path / name)
        run("ruff", "format", "--check", ".", cwd=tmp_path / name)
        run("ruff", "check", "--no-cache", "--select", "E,F,I,B,UP,SIM,RUF,PT", ".", cwd=tmp_path / name)
