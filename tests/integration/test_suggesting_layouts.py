"""First drafts for what people really have: how much is right, and that each is a project at once."""

from __future__ import annotations

import sys
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from sources.base import Record
from sync.cli.frame import editor_schemas
from sync.cli.frame.first_project import first_project
from sync.config import load_config
from sync.lead import Invalid, Lead
from sync.located_yaml import parse_yaml
from sync.mapping import parse_mapping
from sync.schemas import mapping_schema
from sync.suggesting import choose, draft
from tests import json_schema
from tests.suggesting.all_layouts import ALL, FILES, HELD_OUT, KNOWN
from tests.suggesting.people import people
from tests.suggesting.scoring import Score, found_in, score

ZONE = ZoneInfo("America/New_York")
VARIABLES = {"HATCH_DEPARTMENT_ID": "1", "HATCH_API_KEY": "made-up"}


@pytest.fixture(scope="module", autouse=True)
def _schemas_once():
    """What editors read beside every project is the same for all: it takes longer to make than a guess."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(editor_schemas, "schema_files", cache(editor_schemas.schema_files))
        yield


def choice_of(layout, directory, monkeypatch):
    """Guess as the program does: from the file itself, or from the records of an API."""
    if layout.kind == "records":
        return choose(layout.records())
    monkeypatch.chdir(directory)
    return first_project(layout.write(directory), directory, 200).suggestion.choice


def said(found: list[Score]) -> str:
    return "\n".join(map(str, found))


def test_there_are_many_layouts():
    assert len(KNOWN) >= 25
    assert len(HELD_OUT) >= 4
    assert all(20 <= each.number <= 40 for each in ALL)


def share(found: list[Score]) -> float:
    return sum(each.right for each in found) / sum(each.total for each in found)


def test_nine_tenths_of_all_are_right_and_three_quarters_of_each(tmp_path, monkeypatch):
    """In one test, as every process that took one of several would have to guess all of them anew."""
    found = {}
    for each in ALL:
        (tmp_path / each.name).mkdir()
        found[each.name] = score(each, choice_of(each, tmp_path / each.name, monkeypatch))
    known, held_out = ([found[each.name] for each in group] for group in (KNOWN, HELD_OUT))
    sys.stdout.write(f"{said(known)}\n\n{said(held_out)}\n")
    poor = [each for each in known if each.right / each.total < 0.75]
    assert poor == [], said(poor)
    assert sum(each.total for each in known) > 180
    assert share(known) >= 0.9, said(known)
    assert share(held_out) >= 0.9, said(held_out)


def test_a_wrong_guess_is_counted():
    layout = KNOWN[0]
    swapped = [
        {**record, "First Name": record["Last Name"], "Last Name": record["First Name"]}
        for record in layout.records()
    ]
    choice = choose([{{"Email": "Phone Number"}.get(k, k): v for k, v in each.items()} for each in swapped])
    assert score(layout, choice).misses


@pytest.mark.parametrize("layout", FILES, ids=lambda each: each.name)
def test_what_is_written_checks_and_maps_at_once(layout, tmp_path, monkeypatch):
    """But for first_sync, which is the user's to decide."""
    monkeypatch.chdir(tmp_path)
    found = first_project(layout.write(tmp_path), tmp_path, 200)
    for name, text in found.files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    decided = (tmp_path / "connector.yaml").read_text().replace("first_sync:\n", "first_sync: now\n")
    (tmp_path / "connector.yaml").write_text(decided)
    source = load_config(tmp_path / "connector.yaml", VARIABLES).sources[found.section.name]
    assert list(map(str, source.mapping.run_examples())) == []
    records = [Record(str(number), fields) for number, fields in enumerate(rows(layout))]
    made = [source.mapping.apply(record) for record in records]
    problems = [problem for each in made if isinstance(each, Invalid) for problem in each.problems]
    # Who left neither a phone nor an e-mail can't be reached, whatever the mapping says.
    assert [each for each in problems if each.message != "neither phoneNumber nor email"] == []
    assert sum(isinstance(each, Lead) for each in made) > len(made) * 0.8


@pytest.mark.parametrize("layout", ALL, ids=lambda each: each.name)
def test_a_draft_holds_nobody(layout):
    choice = choose(rows(layout))
    text = draft(choice, layout.name)
    for person in people(layout.seed, layout.number):
        for secret in (person.email, person.digits, person.phone(), person.name, person.street):
            assert secret not in text
    mapping = parse_mapping(text, "x", timezone=ZONE)
    assert list(map(str, mapping.run_examples())) == []
    assert json_schema.errors(mapping_schema(), parse_yaml(text, "x").data) == []
    assert "Ada" in text or "firstName" not in found_in(choice)


@pytest.mark.parametrize("layout", [each for each in ALL if each.region], ids=lambda each: each.name)
def test_the_country_of_phones_is_told_by_them(layout):
    assert choose(rows(layout)).fields["phoneNumber"].region == layout.region


def rows(layout):
    return [
        {name: None if value == "" else value for name, value in each.items()} for each in layout.records()
    ]
