"""What bad input gets: a clear message with its place, the right exit code, and nothing lost or sent.

That no call prints a traceback, a key or anything personal is looked at by `Project` itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import Workbook

from tests.lead_rows import COLUMNS, lead, leads, write_sheet
from tests.project import MAPPING, Project

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Bad:
    """What is wrong, and what it gets."""

    name: str
    spoil: Callable[[Project], Any]
    code: int
    #: Each is in what is said on stderr.
    says: tuple[str, ...]


def workbook(project: Project) -> None:
    book = Workbook()
    book.active.title = "Leads"
    book.active.append(COLUMNS)
    book.save(project.path("leads.xlsx"))
    project.set(path="leads.xlsx", sheet="Leeds")


def table(project: Project, **settings: Any) -> None:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(project.path("shop.db"))) as database:
        database.execute(
            "create table if not exists leads (id integer primary key, name text, updated_at text)"
        )
    project.source(type="sql", url="sqlite:///shop.db", **{"table": "leads", "key": "id", **settings})


def mapped(project: Project, **fields: str) -> None:
    project.map(lead={**MAPPING["lead"], **fields})


def sent_to(project: Project, **settings: Any) -> None:
    project.endpoint.update(settings)
    project.save()


SOURCES = (
    Bad("a missing file", lambda p: p.path("leads.csv").unlink(), 3, ("leads.csv is not there",)),
    Bad("a missing sheet", workbook, 2, ("connector.yaml:", "Leeds", "Leads")),
    Bad(
        "a missing key column",
        lambda p: p.set(key="Lead ID"),
        2,
        ("connector.yaml:", "Lead ID", "updated_at"),
    ),
    Bad("a missing table", lambda p: table(p, table="leeds"), 2, ("connector.yaml:", "leeds", "leads")),
    Bad("a missing cursor column", lambda p: table(p, cursor="changed"), 2, ("changed", "updated_at")),
    Bad(
        "a mapping that names a column that isn't there",
        lambda p: mapped(p, firstName="First Name"),
        2,
        ("mappings/crm.yaml:2:14", "First Name", *COLUMNS),
    ),
    Bad("a typo in a column's name", lambda p: mapped(p, firstName="nmae"), 2, ('did you mean "name"',)),
    Bad(
        "a database that is not there",
        lambda p: p.source(
            type="sql", url="postgresql://me:made-up-pw@127.0.0.1:1/x", table="leads", key="id"
        ),
        3,
        ("127.0.0.1",),
    ),
    Bad(
        "an API that nobody answers for",
        lambda p: p.source(type="rest", url="http://127.0.0.1:1/leads", records="data", key="id"),
        3,
        ("127.0.0.1:1",),
    ),
)

ENDPOINTS = (
    Bad(
        "an endpoint's host with a typo",
        lambda p: sent_to(p, base_url="https://hatch.invalid/api/"),
        3,
        ("hatch.invalid",),
    ),
    Bad(
        "an endpoint's path with a typo",
        lambda p: sent_to(p, base_url=p.endpoint["base_url"][:-2]),
        3,
        ("404",),
    ),
    Bad(
        "an endpoint that is no URL",
        lambda p: sent_to(p, base_url="htp:/hatch"),
        2,
        ("connector.yaml:", "base_url"),
    ),
    Bad("a wrong key", lambda p: sent_to(p, api_key="made-up-wrong-key"), 3, ("401",)),
    Bad("an unknown department", lambda p: sent_to(p, department_id="nowhere"), 3, ("default",)),
)


@pytest.fixture
def good(project, sheet):
    """A project that works, with ten leads that nobody has sent yet."""
    write_sheet(sheet, leads(10))
    project.secrets += ["made-up-pw", "made-up-wrong-key"]
    return project


@pytest.mark.parametrize("cases", [SOURCES, ENDPOINTS], ids=["sources", "endpoints"])
def test_bad_input_is_said_and_loses_nothing(good, hatch, cases):
    endpoint, source = dict(good.endpoint), dict(good.sources["crm"])
    for bad in cases:
        bad.spoil(good)
        said = good.call("sync", "-q", code=bad.code).err
        assert [text for text in bad.says if text not in said] == [], f"{bad.name}: {said}"
        write_sheet(good.path("leads.csv"), leads(10))
        good.endpoint, good.sources = dict(endpoint), {"crm": dict(source)}
        good.map()
        good.save()
    assert hatch.leads() == []
    assert good.sync().delivery["accepted"] == 10


def test_p6_a_source_that_is_wrong_harms_no_other(good, hatch):
    good.source("other", type="spreadsheet", path="missing.csv", key="id")
    found = good.sync(code=3)
    assert found.delivery["accepted"] == 10
    assert "missing.csv" in next(run["error"] for run in found.document["runs"] if run["source"] == "other")


def test_p6_rows_that_cant_be_leads_are_named_with_their_place(good, sheet, hatch):
    write_sheet(
        sheet,
        [
            lead(1),
            lead(2, id="1"),  # a duplicate key within one poll
            lead(3, id=""),  # no key
            lead(4, phone="", email=""),
            lead(5, updated_at="31/02/2024"),
            lead(6),
        ],
    )
    found = good.sync(code=1)
    assert (found.run["polled"], found.run["new"], found.run["invalid"]) == (6, 2, 4)
    reasons = " | ".join(good.reasons("invalid").values())
    said = (
        "row 3 has the same key as leads.csv, row 2",
        "no key",
        "neither phoneNumber nor email",
        "mappings/crm.yaml:",
        "lead.updatedAt",
    )
    assert [text for text in said if text not in reasons] == [], reasons
    assert "31/02/2024" not in reasons, "a value stands in no message"
    assert sorted(hatch.ids()) == ["1", "6"]
    write_sheet(sheet, leads(6))
    good.sync()
    assert sorted(hatch.ids()) == ["1", "2", "3", "4", "5", "6"]
    assert good.leads() == [], "what was mended is gone from the list"


def test_a_file_that_is_no_spreadsheet(good, sheet, hatch):
    sheet.write_bytes(bytes(range(256)) * 40)
    assert "leads.csv" in good.call("sync", "-q", code=None).err
    assert hatch.leads() == []


def test_all_that_is_wrong_in_all_files_is_said_at_once(good, hatch):
    good.endpoint["api_kye"] = good.endpoint.pop("api_key")
    good.set(tpye="x", shcedule="every 1m", max_sends="many")
    good.source("orders", type="sqll", table="leads", key="id", first_sync="maybe")
    good.map("crm", lead={"fristName": "name", "phoneNumber": {"from": "phone", "regoin": "US"}})
    said = good.call("check", "--offline", code=2).err
    expected = (
        'api_kye: unknown key (did you mean "api_key"?)',
        "endpoint.api_key: is required",
        'did you mean "schedule"',
        "max_sends",
        'did you mean "sql"',
        "sources.orders.first_sync",
        'did you mean "firstName"',
        'did you mean "region"',
    )
    assert [text for text in expected if text not in said] == [], said
    assert all(line.split(":")[1].isdigit() for line in said.splitlines() if ".yaml:" in line)


def test_a_missing_variable_names_the_line_that_wants_it(good, hatch):
    good.endpoint["api_key"] = "${NO_SUCH_KEY_AT_ALL}"
    good.save()
    said = good.call("sync", "-q", code=2).err
    assert "connector.yaml:" in said
    assert "NO_SUCH_KEY_AT_ALL" in said


def test_a_wrong_command_line_is_refused(good, hatch):
    for line, says in {
        "snyc": "did you mean 'sync'",
        "sync crn": 'did you mean "crm"',
        "sync --no-such-option": "--no-such-option",
        "-c elsewhere.yaml sync": "elsewhere.yaml",
        "backfill crm --since yesterday": "--since",
    }.items():
        assert says in good.call(*line.split(), code=2).err.replace("Did", "did")
    assert hatch.requests() == []


def test_errors_are_a_document_for_programs(good):
    good.set(first_sync="maybe")
    error = good.call("sync", "--json", code=2).document["error"]
    assert (error["kind"], error["code"]) == ("config", 2)
    (problem,) = error["problems"]
    assert problem["path"] == "sources.crm.first_sync"
    assert problem["line"] > 1
