"""A package of `init --adapter`, from its wheel: a source type like a built-in one."""

from __future__ import annotations

import importlib.util
import subprocess
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests.installed import build_wheel, fresh_environment, installed_command
from tests.project import environment

if TYPE_CHECKING:
    from pathlib import Path

    from tests.project import Project
    from tests.sandbox_server import Hatch

TOKEN = "a-token-made-up-for-tests"
MAPPING: dict[str, Any] = {"lead": {"firstName": "name", "updatedAt": "updated_at", "phoneNumber": "phone"}}


def run(*words: str | Path, cwd: Path) -> str:
    done = subprocess.run(
        words, cwd=cwd, env=environment(), capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def double_of(package: Path) -> Any:
    """Return the module of the double that the package brings for its own tests."""
    spec = importlib.util.spec_from_file_location("double_of_acme", package / "tests" / "double.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def installed_beside_leadrelay(directory: Path) -> tuple[Path, Path]:
    """Make a package, its wheel, and an environment with it; return the package and that `leadrelay`."""
    run(installed_command(), "init", "--adapter", "acme", cwd=directory)
    package = directory / "leadrelay-acme"
    wheel = build_wheel(directory / "wheels", package)
    command = fresh_environment(directory / "environment", wheel)
    passed = run(command.with_name("python"), "-m", "pytest", "-q", "-p", "no:cacheprovider", cwd=package)
    assert "skipped" not in passed
    assert int(passed.split(" passed")[0].split()[-1]) > 40
    return package, command


def test_p1_p2_a_package_of_ones_own_is_a_source_like_every_other(
    project: Project, hatch: Hatch, tmp_path: Path
) -> None:
    package, project.command = installed_beside_leadrelay(tmp_path)
    project.secrets.append(TOKEN)
    is_listed_and_documented(project)
    with double_of(package).running() as acme:
        project.source(mapping=MAPPING, type="acme", token=TOKEN, base_url=acme.url)
        is_validated_with_positions(project)
        brings_its_leads(project, acme, hatch)


def is_listed_and_documented(project: Project) -> None:
    found = {each["type"]: each for each in project.call("sources", "--json").document["sources"]}
    assert found["acme"]["package"] == "leadrelay-acme"
    assert found["acme"]["about"] == "Reads the leads of acme."
    settings = {each["name"]: each for each in project.call("sources", "acme", "--json").document["settings"]}
    assert settings["token"]["secret"] is True
    assert settings["rate_limit"]["default"] == "5/s"
    assert all(each["description"] for each in settings.values())
    assert '"const": "acme"' in project.call("schema", "connector").out


def is_validated_with_positions(project: Project) -> None:
    project.set(rate_limit=None, rate_limt="5/s")
    said = project.call("check", "--offline", code=2)
    assert 'did you mean "rate_limit"' in said.out + said.err
    number = project.path("connector.yaml").read_text().splitlines().index("    rate_limt: 5/s") + 1
    assert f"connector.yaml:{number}:5: sources.crm.rate_limt" in said.out + said.err
    project.set(rate_limt=None, type="acmee")
    said = project.call("check", "--offline", code=2)
    assert 'did you mean "acme"' in said.out + said.err
    project.set(type="acme")
    assert "leads can be read" in project.call("check", code=None).out


def brings_its_leads(project: Project, acme: Any, hatch: Hatch) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    for number in range(1, 4):
        acme.put(number, f"Forename{number}", now - timedelta(minutes=5 - number))
        acme.leads[number]["phone"] = f"804555010{number}"
    project.sync()
    assert sorted(hatch.ids()) == ["1", "2", "3"]
    acme.put(2, "Forename2b", now)
    acme.leads[2]["phone"] = "8045550102"
    project.sync()
    assert sorted(hatch.ids()) == ["1", "2", "2", "3"]
    acme.refusal = (401, {})
    assert "401" in project.call("sync", code=3).err
