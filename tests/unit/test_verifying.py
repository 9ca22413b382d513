"""Whether sources and endpoints are what they were, from both sides alone: no store, no command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sync.config import load_config
from sync.runtime.identity import endpoint_facts, first_sync_of, source_facts
from sync.runtime.known import Known
from sync.runtime.verifying import verify
from sync.store.identities import Identity
from sync.store.ledger import Scope

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sync.config import Config
    from sync.runtime.verifying import Verdict

NOW = 1_800_000_000.0
CONNECTOR = """endpoints:
  east: {{ type: hatch, department_id: "1", api_key: k, source: us{east} }}
  west: {{ type: hatch, department_id: "2", api_key: k, source: us }}
sources:
  crm:
    type: spreadsheet
    path: leads.csv
    key: id
    mapping: crm.yaml
    first_sync: now
    endpoint: {endpoint}
    {more}
"""
EAST = Identity({"type": "hatch", "department_id": "1", "base_url": "app.usehatchapp.com"})
WEST = Identity({**EAST.facts, "department_id": "2"})


def crm(**other: str | None) -> Identity:
    facts = {"type": "spreadsheet", "endpoint": "east", "path": "leads.csv", "sheet": None, "key": "id"}
    first = str(other.pop("first_sync", "now"))
    return Identity({**facts, **other}, first)


@pytest.fixture
def compare(tmp_path: Path) -> Callable[..., Verdict]:
    (tmp_path / "crm.yaml").write_text("lead:\n  email: email\n", encoding="utf-8")

    def compared(
        sources: dict[str, Identity],
        endpoints: dict[str, Identity] | None = None,
        before: dict[str, Identity] | None = None,
        **written: Any,
    ) -> Verdict:
        text = CONNECTOR.format(**{"east": "", "endpoint": "east", "more": "", **written})
        file = tmp_path / "connector.yaml"
        file.write_text(text, encoding="utf-8")
        config = load_config(file, {})
        given = {"east": EAST, "west": WEST} if endpoints is None else endpoints
        return verify(config, Known(sources, given, *_now(config), before or {}), NOW)

    return compared


def _now(config: Config) -> tuple[dict[str, Identity], dict[str, Identity]]:
    sources = {
        name: Identity(source_facts(each, config.directory), first_sync_of(each))
        for name, each in config.sources.items()
    }
    return sources, {name: Identity(endpoint_facts(each)) for name, each in config.endpoints.items()}


def said(verdict: Verdict) -> list[str]:
    return [str(problem).split("\n")[0] for problem in verdict.problems]


def test_what_is_as_it_was_is_written_and_nothing_moves(compare: Callable[..., Verdict]) -> None:
    verdict = compare({"crm": crm()})
    assert (verdict.problems, verdict.changes.moves) == ([], False)
    assert verdict.changes.identities["source:crm"] == crm()
    assert verdict.scope_now(Scope("east", "crm")) == Scope("east", "crm")


def test_another_first_sync_alone_changes_nothing_but_what_is_in_force(
    compare: Callable[..., Verdict],
) -> None:
    verdict = compare({"crm": crm(first_sync="everything")})
    assert (verdict.problems, verdict.changes.moves) == ([], False)
    assert verdict.changes.identities["source:crm"].first_sync == "now"


def test_p5_leads_of_another_endpoint_are_asked_about(compare: Callable[..., Verdict]) -> None:
    (line,) = said(compare({"crm": crm()}, endpoint="west"))
    assert "sources.crm.endpoint: endpoint was east and is west" in line
    verdict = compare({"crm": crm()}, endpoint="west", more="renamed_from: east")
    assert verdict.changes.sources == [(Scope("east", "crm"), Scope("west", "crm"))]
    assert verdict.scope_now(Scope("west", "crm")) == Scope("east", "crm")


def test_p5_all_that_has_changed_has_to_be_named(compare: Callable[..., Verdict]) -> None:
    was = crm(path="old.csv", sheet="Leads", key="Lead ID")
    (line,) = said(compare({"crm": was}, more="renamed_from: [old.csv, Leads]"))
    assert "path was old.csv and is leads.csv, sheet was Leads and is none, key was Lead ID and is id" in line
    assert compare({"crm": was}, more="renamed_from: [old.csv, Leads, Lead ID]").problems == []
    assert compare({"crm": crm(sheet="Leads")}, more="renamed_from: Leads").problems == []


def test_another_type_is_all_there_is_to_say(compare: Callable[..., Verdict]) -> None:
    was = Identity({"type": "sql", "endpoint": "east", "url": "sqlite:///shop.db", "key": "no"}, "now")
    (line,) = said(compare({"crm": was}))
    assert "type was sql and is spreadsheet" in line
    assert "key" not in line


def test_p5_a_source_that_begins_anew_is_put_away_under_its_time(compare: Callable[..., Verdict]) -> None:
    verdict = compare({"crm": crm(key="no", first_sync="everything")})
    ((from_, to),) = verdict.changes.put_away
    assert (from_, to) == (Scope("east", "crm"), Scope("east", "crm@2027-01-15T080000"))
    assert verdict.scope_now(Scope("east", "crm")) == to, "nothing stands there yet"


def test_p5_the_same_under_a_new_name_is_asked_about(compare: Callable[..., Verdict]) -> None:
    (line,) = said(compare({"contacts": crm()}))
    assert "crm reads what contacts has read, and contacts is not in this file any more" in line
    assert compare({"contacts": crm(first_sync="everything")}).problems == []
    assert compare({"contacts": crm(path="others.csv")}).problems == [], "that is something else"


def test_an_old_name_is_followed_whatever_else_has_changed(compare: Callable[..., Verdict]) -> None:
    verdict = compare({"contacts": crm(path="old.csv", endpoint="west")}, more="renamed_from: contacts")
    assert verdict.changes.sources == [(Scope("west", "contacts"), Scope("east", "crm"))]


def test_an_old_name_that_nobody_knows_is_a_mistake_unless_all_is_new(
    compare: Callable[..., Verdict],
) -> None:
    (line,) = said(compare({"contacts": crm(key="no")}, more="renamed_from: contact"))
    assert 'nothing is known of a source contact (did you mean "contacts"?)' in line
    assert compare({}, more="renamed_from: contacts").problems == []


def test_what_has_no_lead_yet_may_change(compare: Callable[..., Verdict]) -> None:
    verdict = compare({}, before={"crm": crm(path="wrong.csv")})
    assert (verdict.problems, verdict.changes.begun_anew) == ([], [Scope("east", "crm")])


def test_p5_another_account_under_the_name_of_one_is_asked_about(compare: Callable[..., Verdict]) -> None:
    endpoints = {"east": Identity({**EAST.facts, "department_id": "9"}), "west": WEST}
    (line,) = said(compare({"crm": crm()}, endpoints))
    assert "endpoints.east.department_id: department_id was 9 and is 1" in line
    assert compare({"crm": crm()}, endpoints, east=', renamed_from: "9"').changes.moves is False
    assert compare({"crm": crm()}, endpoints, east=", renamed_from: 9").problems == []
    anew = compare({"crm": crm(first_sync="everything")}, endpoints)
    assert [to.source.partition("@")[0] for _, to in anew.changes.put_away] == ["crm"]
    assert anew.problems == []
    assert compare({"other": crm()}, endpoints).problems[0].path == "sources.crm", "nobody feeds it"


def test_p5_an_account_under_another_name_is_asked_about_once(compare: Callable[..., Verdict]) -> None:
    endpoints = {"default": EAST, "west": WEST}
    (line,) = said(compare({"crm": crm(endpoint="default")}, endpoints))
    assert "east is the account that leads went to as default" in line
    verdict = compare({"crm": crm(endpoint="default")}, endpoints, east=", renamed_from: default")
    assert (verdict.problems, verdict.changes.endpoints) == ([], [("default", "east")])
    assert verdict.scope_now(Scope("east", "crm")) == Scope("default", "crm")
