"""The main job: a spreadsheet, a database and an HTTP API into one Hatch; and what the command answers."""

from __future__ import annotations

import json

import pytest
from werkzeug import Response

from tests.lead_rows import LeadTable, at, lead, leads, write_sheet
from tests.project import MAPPING, project_in


class LeadApi:
    """An HTTP API over a list of leads: what changed since, two to a page, for those with the token."""

    TOKEN = "made-up-token-1"

    def __init__(self, httpserver):
        self.rows = []
        self.asked = []
        self.url = httpserver.url_for("/leads")
        httpserver.expect_request("/leads").respond_with_handler(self._answer)

    def _answer(self, request):
        if request.headers.get("Authorization") != f"Bearer {self.TOKEN}":
            return Response(status=401)
        since, page = request.args.get("since", ""), int(request.args.get("page", "1"))
        self.asked.append(since)
        wanted = [row for row in self.rows if row["updated_at"].replace(" ", "T") + "Z" >= since]
        some = wanted[2 * page - 2 : 2 * page]
        document = {"data": some, "more": len(wanted) > 2 * page}
        return Response(json.dumps(document), content_type="application/json")


@pytest.fixture
def api(project, httpserver):
    found = LeadApi(httpserver)
    project.secrets.append(LeadApi.TOKEN)
    project.write(".env", f"API_TOKEN={LeadApi.TOKEN}\n")
    project.source(
        "api",
        type="rest",
        url=found.url,
        auth={"type": "bearer", "token": "${API_TOKEN}"},
        records="data",
        key="id",
        changed="updated_at",
        since={"param": "since"},
        paging={"type": "page_number", "param": "page", "more": "more"},
        lookback="10s",
    )
    return found


def test_three_sources_arrive_and_then_exactly_what_changes(project, sheet, table, api, hatch):
    # `sheet` and `table` both make a source called crm: here each has its own name.
    project.sources.pop("crm")
    project.source("walk_ins", type="spreadsheet", path="leads.csv", key="id")
    project.source(
        "orders", type="sql", url="sqlite:///shop.db", table="leads", key="id", cursor="updated_at"
    )
    write_sheet(sheet, leads(4, first=100))
    table.insert(*leads(5, first=200))
    api.rows = leads(6, first=300)
    assert project.call("check", "--json").code == 0
    first = project.sync()
    assert {run["source"]: run["new"] for run in first.document["runs"]} == {
        "walk_ins": 4,
        "orders": 5,
        "api": 6,
    }
    assert first.delivery["accepted"] == 15
    assert hatch.texts() == 15
    write_sheet(sheet, [*leads(3, first=100), lead(103, status="won")])
    table.insert(lead(205))
    api.rows[5] = lead(305, plan="silver", updated_at=at(400))
    second = project.sync()
    assert second.delivery["accepted"] == 3
    assert sorted(hatch.ids()[15:]) == ["103", "205", "305"]
    assert hatch.texts() == 16, "one is new, the others are updates"
    assert api.asked[-1] > at(0).replace(" ", "T"), "only what changed was asked for"
    only = project.sync("orders", "walk_ins")
    assert [run["source"] for run in only.document["runs"]] == ["orders", "walk_ins"]


def test_what_arrives_is_what_hatch_wants(project, sheet, hatch):
    write_sheet(sheet, [lead(1, phone="+1 804-555-0101", status="")])
    project.sync()
    (body,) = hatch.leads()
    assert body == {
        "id": "1",
        "source": project.endpoint["source"],
        "firstName": "Forename1",
        "phoneNumber": "8045550101",
        "email": "lead1@example.com",
        "updatedAt": "2026-03-01T12:00:01+0000",
        "plan": "gold",
    }


def test_the_newer_api_is_fed_as_well(project, sheet, hatch):
    project.endpoint = {
        "type": "hatch_v1",
        "api_key": hatch.v1_key,
        "source": hatch.v1_source,
        "base_url": hatch.v1_url.removesuffix("v1/contacts"),
        "rate_limit": "none",
        "give_up": "1s",
    }
    project.secrets.append(hatch.v1_key)
    project.save()
    write_sheet(sheet, leads(3))
    assert project.sync().delivery["accepted"] == 3
    assert len(hatch.contacts()) == 3


def test_two_departments_get_each_their_own(tmp_path):
    from tests.sandbox_server import running_hatch

    with running_hatch(departments={"east": "made-up-k1", "west": "made-up-k2"}) as hatch:
        project = project_in(tmp_path)
        project.secrets += ["made-up-k1", "made-up-k2"]
        for name, first in (("east", 1), ("west", 50)):
            write_sheet(project.path(f"{name}.csv"), leads(2, first=first))
            project.source(name, type="spreadsheet", path=f"{name}.csv", key="id", endpoint=name)
        common = {"type": "hatch", "source": "us", "base_url": hatch.base_url, "rate_limit": "none"}
        endpoints = {
            "east": {**common, "department_id": "east", "api_key": "made-up-k1"},
            "west": {**common, "department_id": "west", "api_key": "made-up-k2"},
        }
        document = {"endpoints": endpoints, "state": project.state, "sources": project.sources}
        project.write("connector.yaml", json.dumps(document))  # JSON is YAML
        project.sync()
        assert sorted((each.department, each.id) for each in hatch.requests()) == [
            ("east", "1"),
            ("east", "2"),
            ("west", "50"),
            ("west", "51"),
        ]


@pytest.mark.parametrize("server", ["postgres_url", "mariadb_url"])
def test_a_table_of_a_real_server_by_position(project, hatch, request, server):
    url = request.getfixturevalue(server)
    project.source(type="sql", url=url, table="leads", key="id", cursor="updated_at", lookback="0s")
    table = LeadTable(url)
    try:
        table.insert(*leads(700), lead(701, updated_at=at(700)))
        assert project.sync().run["new"] == 701
        table.insert(lead(6999, updated_at=at(700)))  # the very time of the position
        table.update(5, plan="silver", updated_at=at(800))
        again = project.sync()
        assert (again.run["new"], again.run["changed"]) == (1, 1)
        assert again.run["polled"] <= 4
        assert sorted(hatch.ids()[701:]) == ["5", "6999"]
        project.set(cursor=None)  # read whole: the same records, none of them new
        assert project.sync().run["staged"] == 0
    finally:
        table.close()


def test_everything_in_one_postgresql(project, hatch, postgres_url):
    """Source and state in the same database, each with tables of its own."""
    project.state = postgres_url
    project.source(type="sql", url=postgres_url, table="leads", key="id", cursor="updated_at")
    table = LeadTable(postgres_url)
    try:
        table.insert(*leads(10))
        assert project.sync().delivery["accepted"] == 10
        table.update(3, plan="silver", updated_at=at(100))
        assert project.sync().run["changed"] == 1
        assert project.call("trace", "lead3@example.com", "--json").document["leads"][0]["id"] == "crm:3"
        assert project.states() == {"accepted": 10}
    finally:
        table.close()


def test_environment_overrides_the_file(project, sheet, hatch):
    write_sheet(sheet, leads(1))
    project.endpoint["api_key"] = "made-up-wrong-key"
    project.save()
    project.sync(LEADRELAY_ENDPOINT__API_KEY=hatch.api_key)
    assert hatch.ids() == ["1"]


def test_sources_are_found_by_their_entry_points(project):
    said = project.call("sources", "--json").out
    assert all(f'"{name}"' in said for name in ("rest", "spreadsheet", "sql"))


def test_init_writes_what_check_accepts(tmp_path):
    project = project_in(tmp_path)
    project.call("init", "made")
    made = project_in(tmp_path / "made")
    assert (made.path("connector.yaml")).exists()
    environ = dict.fromkeys(("HATCH_DEPARTMENT_ID", "HATCH_API_KEY", "CRM_TOKEN"), "made-up-1")
    made.secrets.append("made-up-1")
    made.call("check", "--offline", **environ)


def test_mapping_language_reaches_hatch(project, sheet, hatch):
    custom = {**MAPPING["custom"], "note": "{{ name }} wants {{ plan }}", "big": {"expr": "plan == 'gold'"}}
    project.map(custom=custom)
    write_sheet(sheet, [lead(1), lead(2, plan="")])
    project.sync()
    first, second = sorted(hatch.leads(), key=lambda each: each["id"])
    assert first["note"] == "Forename1 wants gold"
    assert "note" not in second, "a template with a missing part leaves its property out"
