"""connector.yaml and mappings/ of the project: a working example that is also the tour of every setting."""

from __future__ import annotations

import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from sync.config import Config, SourceOptions, load_config
from sync.config.catalog import installed
from sync.located_yaml import parse_yaml, read_yaml
from sync.mapping import load_mapping
from sync.schemas import connector_schema, mapping_schema
from tests import json_schema

ROOT = Path(__file__).resolve().parent.parent.parent
TEXT = (ROOT / "connector.yaml").read_text(encoding="utf-8")
MAPPINGS = sorted((ROOT / "mappings").glob("*.yaml"))
VARIABLES = {"HATCH_DEPARTMENT_ID": "12345678", "HATCH_API_KEY": "made-up", "CRM_TOKEN": "made-up"}
VARIABLES |= {"CRM_CLIENT_ID": "me", "CRM_CLIENT_SECRET": "made-up", "CRM_HOOK_SECRET": "made-up"}
VARIABLES |= {"AWS_KEY_ID": "made-up", "AWS_SECRET": "made-up"}

#: A setting, alone on its line, that is commented out.
OPTIONAL = re.compile(r"^( *)# ([a-z_]+): \S.*$")
#: One of the lines of a longer one.
BLOCK = re.compile(r"^( *)#   (.*)$")
#: What takes the place of another setting, or needs one more.
INSTEAD_OF = {"query": "table", "notify": "url", "storage": "path"}
NEEDS = {"json": "method: POST", "notify": "url: postgresql://me@db.example.com/shop"}
NEEDS |= {"storage": "path: s3://bucket/exports/*.csv"}


def load(directory: Path, text: str) -> Config:
    directory.joinpath("mappings").mkdir()
    for path in MAPPINGS:
        (directory / "mappings" / path.name).write_bytes(path.read_bytes())
    file = directory / "connector.yaml"
    file.write_text(text, encoding="utf-8")
    return load_config(file, VARIABLES)


def uncommented(number: int) -> str:
    """Return the file with one line's setting in force, in the place of what says the same."""
    lines = TEXT.split("\n")
    indent, name = OPTIONAL.fullmatch(lines[number]).groups()
    lines[number] = lines[number].replace("# ", "", 1)
    if name in NEEDS:
        lines[number] += f"\n{indent}{NEEDS[name]}"
    start, end = section_around(lines, number)
    other = f"{indent}{INSTEAD_OF.get(name, name)}:"
    kept = (
        line for at, line in enumerate(lines[start:end], start) if at == number or not line.startswith(other)
    )
    return "\n".join([*lines[:start], *kept, *lines[end:]])


def section_around(lines: list[str], number: int) -> tuple[int, int]:
    """Return the lines of the part of the file that a line belongs to: between two empty or outer lines."""
    depth = len(lines[number]) - len(lines[number].lstrip())
    inside = [not line.strip() or line.startswith(" " * depth) for line in lines]
    start = max((at for at in range(number) if not inside[at]), default=-1) + 1
    end = min((at for at in range(number, len(lines)) if not inside[at]), default=len(lines))
    return start, end


def optional_lines() -> list[int]:
    return [number for number, line in enumerate(TEXT.split("\n")) if OPTIONAL.fullmatch(line)]


def test_it_works_as_it_is(tmp_path: Path) -> None:
    config = load(tmp_path, TEXT)
    assert {name: source.type for name, source in config.sources.items()} == {
        "crm": "rest",
        "orders": "sql",
        "walk_ins": "spreadsheet",
    }
    for source in config.sources.values():
        assert list(map(str, source.mapping.run_examples())) == []


def test_every_mapping_is_used_and_proves_itself() -> None:
    named = set(re.findall(r"mapping: (\S+)", TEXT))
    assert named == {f"mappings/{path.name}" for path in MAPPINGS}
    for path in MAPPINGS:
        assert len(read_yaml(path).data["examples"]) >= 3, path.name


@pytest.mark.parametrize("number", optional_lines(), ids=lambda number: TEXT.split("\n")[number].strip()[:40])
def test_what_is_commented_out_works_when_it_is_not(tmp_path: Path, number: int) -> None:
    assert load(tmp_path, uncommented(number)).sources.keys() == {"crm", "orders", "walk_ins"}


def test_most_settings_are_shown() -> None:
    assert len(optional_lines()) > 40


def test_the_endpoint_shows_its_defaults(tmp_path: Path) -> None:
    plain = load(tmp_path, TEXT).endpoints["default"].settings
    lines = [number for number in optional_lines() if TEXT.split("\n")[number].startswith("  # ")]
    assert lines
    for at, number in enumerate(lines):
        directory = tmp_path / str(at)
        directory.mkdir()
        assert load(directory, uncommented(number)).endpoints["default"].settings == plain


def test_longer_examples_work_too(tmp_path: Path) -> None:
    text = re.sub(r"(?m)^    auth: .*\n", "", TEXT)
    text = re.sub(r"(?m)^( +)#   (.*)$", r"\1\2", text)
    assert load(tmp_path, text).sources["crm"].settings.auth.type == "oauth2_client_credentials"


def test_several_endpoints_work_too(tmp_path: Path) -> None:
    text = re.sub(r"(?ms)^endpoint:\n.*?(?=\n\n)", "", TEXT)
    text = re.sub(r"(?m)^#   (.*)$", r"\1", text)
    text = re.sub(r"(?m)^    mapping:", "    endpoint: east\n    mapping:", text)
    config = load(tmp_path, text)
    assert list(config.endpoints) == ["east", "west"]
    assert {source.endpoint for source in config.sources.values()} == {"east"}


def test_the_tour_leaves_no_setting_out() -> None:
    catalog = installed()
    models = [catalog.endpoints()["hatch"].Settings, SourceOptions]
    models += [catalog.load_source(name).Settings for name in ("rest", "sql", "spreadsheet")]
    names = {field.alias or name for model in models for name, field in model.model_fields.items()}
    shown = set(re.findall(r"(?m)(?:^|[#{,(] ?|in )\s*([a-z_]+):", TEXT))
    assert names - shown == set()


def test_editors_find_nothing_wrong() -> None:
    assert json_schema.errors(connector_schema(), parse_yaml(TEXT, "connector.yaml").data) == []


@pytest.mark.parametrize("path", MAPPINGS, ids=lambda path: path.name)
def test_editors_find_nothing_wrong_with_a_mapping(path: Path) -> None:
    assert json_schema.errors(mapping_schema(), read_yaml(path).data) == []
    assert load_mapping(path, timezone=ZoneInfo("UTC")).reads
