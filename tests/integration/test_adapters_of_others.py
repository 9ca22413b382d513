"""Adapters that other packages bring: one that is broken is said plainly, and harms no other."""

from __future__ import annotations

import json
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from sources.errors import BadConfig
from sources.registry import installed, load
from sources.rest import Rest
from sync.schemas import connector_schema
from tests.command import call

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """
from sources.base import SourceSettings

class Shop:
    \"\"\"Reads a shop.\"\"\"

    name = "shop"
    Settings = SourceSettings

    def __init__(self, settings, context): ...
    async def check(self): ...
    async def poll(self, request): yield
"""


def package(directory: Path, name: str, code: str, **points: str) -> None:
    """Install a package of one module, with entry points, into a directory of the path."""
    (directory / f"{name}.py").write_text(dedent(code), encoding="utf-8")
    told = directory / f"{name}-1.0.dist-info"
    told.mkdir()
    (told / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
    lines = "".join(f"{kind} = {name}:{what}\n" for kind, what in points.items())
    (told / "entry_points.txt").write_text(f"[leadrelay.sources]\n{lines}", encoding="utf-8")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory that packages are found in."""
    found = tmp_path / "site"
    found.mkdir()
    monkeypatch.syspath_prepend(str(found))
    return found


def refusal(name: str) -> str:
    with pytest.raises(BadConfig) as refused:
        load(name)
    assert refused.value.setting == "type"
    return str(refused.value)


def test_an_adapter_of_others_is_found(site: Path) -> None:
    package(site, "shop_of_others", GOOD, shop="Shop")
    assert "shop" in installed()
    assert load("shop").name == "shop"


def test_one_that_comes_while_the_program_runs_is_found(site: Path) -> None:
    assert "shop" not in installed()
    package(site, "late_shop", GOOD, shop="Shop")
    assert "shop" in installed()


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import not_there_at_all", "No module named 'not_there_at_all'"),
        ("def broken(:", "SyntaxError: "),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("class Other: ...", "has no attribute 'Shop'"),
    ],
)
def test_one_that_cannot_be_imported_says_why_and_harms_no_other(site: Path, code: str, said: str) -> None:
    name = f"broken_{abs(hash(code))}"
    package(site, name, code, shop="Shop")
    assert f"source type 'shop' of {name} ({name}:Shop) cannot be imported: " in refusal("shop")
    assert said in refusal("shop")
    assert load("rest") is Rest


def test_what_is_no_adapter_is_told_what_it_lacks(site: Path) -> None:
    package(site, "half_a_shop", "class Shop:\n    name = 'shop'\n    def poll(self): ...", shop="Shop")
    assert refusal("shop").endswith("is no adapter: it has no Settings, no check")


def test_one_that_is_registered_under_another_name_than_its_own(site: Path) -> None:
    package(site, "renamed_shop", GOOD, store="Shop")
    assert refusal("store").endswith("calls itself 'shop'")


def test_two_that_claim_one_name_are_both_named_and_harm_no_other(site: Path) -> None:
    package(site, "one_shop", GOOD, shop="Shop")
    package(site, "other_shop", GOOD, shop="Shop")
    said = refusal("shop")
    assert "one_shop (one_shop:Shop)" in said
    assert "other_shop (other_shop:Shop)" in said
    assert load("rest") is Rest


def test_nobody_takes_the_place_of_a_built_in_in_silence(site: Path) -> None:
    package(site, "better_rest", GOOD, rest="Shop")
    said = refusal("rest")
    assert "leadrelay (sources.rest:Rest)" in said
    assert "better_rest (better_rest:Shop)" in said


def test_the_schema_for_the_editor_knows_the_others(site: Path) -> None:
    package(site, "broken_shop", "1 / 0", shop="Shop")
    assert '"const": "rest"' in json.dumps(connector_schema())


def test_settings_that_no_schema_can_describe_harm_no_schema(site: Path, tmp_path: Path) -> None:
    settings = "class Own(SourceSettings):\n    call: typing.Callable[[], int]\n\n"
    code = GOOD.replace("class Shop:", settings + "class Shop:").replace(
        "Settings = Source", "Settings = Own  # "
    )
    package(site, "odd_shop", "import typing\n" + code, shop="Shop")
    assert load("shop").Settings.__name__ == "Own"
    schema = connector_schema()
    assert '"const": "shop"' in json.dumps(schema)
    assert '"const": "rest"' in json.dumps(schema)
    said = call("sources", "shop", cwd=tmp_path, PYTHONPATH=str(site))
    assert (said.returncode, "the settings of shop can't be described" in said.stderr) == (2, True), (
        said.stderr
    )


def test_sources_lists_what_is_wrong_beside_what_works(site: Path, tmp_path: Path) -> None:
    package(site, "wrong_shop", "1 / 0", shop="Shop")
    said = call("sources", "--json", cwd=tmp_path, PYTHONPATH=str(site))
    assert said.returncode == 0, said.stderr
    about = {each["type"]: each["about"] for each in json.loads(said.stdout)["sources"]}
    assert "division by zero" in about["shop"]
    assert about["rest"].startswith("Reads")


def test_a_project_that_does_not_name_the_broken_one_works(site: Path, tmp_path: Path) -> None:
    package(site, "sad_shop", "1 / 0", shop="Shop")
    project = tmp_path / "project"
    assert call("init", str(project), cwd=tmp_path, PYTHONPATH=str(site)).returncode == 0
    connector = project / "connector.yaml"
    variables = {"HATCH_DEPARTMENT_ID": "1", "HATCH_API_KEY": "made-up", "CRM_TOKEN": "made-up"}
    said = call("check", "--offline", cwd=project, PYTHONPATH=str(site), **variables)
    assert "shop" not in said.stdout + said.stderr
    text = connector.read_text(encoding="utf-8")
    connector.write_text(text.replace("type: rest", "type: shop", 1), encoding="utf-8")
    said = call("check", "--offline", cwd=project, PYTHONPATH=str(site), **variables)
    assert said.returncode == 2
    assert "sources.crm.type: source type 'shop' of sad_shop (sad_shop:Shop) cannot be imported" in (
        said.stdout + said.stderr
    )
