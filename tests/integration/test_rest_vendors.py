"""CRMs of the field, declared as an operator would, against servers that behave as they do."""

# ruff: noqa: SIM117 a server, then its client: two blocks
from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path  # noqa: TC003 pytest reads the signatures
from typing import Any

import pytest

from sources.base import PollRequest, Position
from sources.errors import BadConfig
from sync.located_yaml import parse_yaml
from tests.rest_server import NOW, Asked, FakeClock, Reply, keys, pages, serving, source

SINCE = PollRequest(position=Position(at=datetime(2026, 3, 4, 10, 0, 0, 500, UTC)))


def _declared(text: str, base: str) -> dict[str, Any]:
    """Read what would stand in connector.yaml; the host is the server's."""
    data = parse_yaml(text.replace("https://api.example.com", base), "connector.yaml").data
    assert isinstance(data, dict)
    return data


HUBSPOT = """
url: https://api.example.com/crm/v3/objects/contacts/search
method: POST
auth: {type: bearer, token: pat-na1}
json:
  filterGroups:
    - filters:
        - {propertyName: lastmodifieddate, operator: GTE}
  sorts: [{propertyName: lastmodifieddate, direction: ASCENDING}]
  properties: [email, phone]
records: results
key: id
changed: properties.lastmodifieddate
order: ascending
since: {param: filterGroups.0.filters.0.value, in: json, format: epoch_ms, start: "2000-01-01"}
paging: {type: cursor, cursor: paging.next.after, param: after, in: json, size_param: limit, size: 100}
"""


async def test_hubspot_search() -> None:
    def answer(asked: Asked) -> Any:
        stamp = "2026-03-04T10:04:17.969Z"
        after = asked.json.get("after", "0")
        row = {"id": after, "properties": {"lastmodifieddate": stamp, "firstname": None}}
        return {"results": [row]} | ({"paging": {"next": {"after": "100"}}} if after == "0" else {})

    async with serving(answer) as api, source(**_declared(HUBSPOT, api.base)) as rest:
        found = await pages(rest, SINCE)
        await pages(rest)
    assert keys(found) == ["0", "100"]
    assert [page.position for page in found] == [
        Position(at=datetime(2026, 3, 4, 10, 4, 17, 969000, UTC))
    ] * 2
    filters = api.asked[0].json["filterGroups"][0]["filters"][0]
    assert filters == {"propertyName": "lastmodifieddate", "operator": "GTE", "value": 1772618400000}
    assert api.asked[1].json["limit"] == 100
    assert api.asked[2].json["filterGroups"][0]["filters"][0]["value"] == 946684800000


SALESFORCE = """
url: https://api.example.com/services/data/v62.0/query
auth:
  type: oauth2_client_credentials
  token_url: https://api.example.com/services/oauth2/token
  client_id: us
  client_secret: s3cret
params: {q: "SELECT Id, SystemModstamp FROM Lead ORDER BY SystemModstamp"}
records: records
key: Id
changed: SystemModstamp
order: ascending
since:
  param: q
  value: SELECT Id, SystemModstamp FROM Lead WHERE SystemModstamp >= {time} ORDER BY SystemModstamp
paging: {type: next_url, path: nextRecordsUrl}
"""


async def test_salesforce_soql() -> None:
    def answer(asked: Asked) -> Any:
        if asked.path.endswith("/token"):
            return {"access_token": "00D!x", "instance_url": "https://eu.example.com"}
        row = {
            "attributes": {"type": "Lead"},
            "Id": asked.path[-3:],
            "SystemModstamp": "2026-03-04T10:25:37.000+0000",
        }
        following = {} if "01g" in asked.path else {"nextRecordsUrl": "/services/data/v62.0/query/01g-200"}
        return {"records": [row], "done": not following, **following}

    async with serving(answer) as api, source(**_declared(SALESFORCE, api.base)) as rest:
        found = await pages(rest, SINCE)
    assert keys(found) == ["ery", "200"]
    assert "SystemModstamp >= 2026-03-04T10:00:00Z ORDER" in api.asked[1].query["q"]
    assert api.asked[2].target == "/services/data/v62.0/query/01g-200"


ZOHO = """
url: https://api.example.com/crm/v8/Leads
auth: {type: bearer, token: "1000.x", scheme: Zoho-oauthtoken}
params: {fields: "Last_Name,Phone"}
records: data
key: id
changed: Modified_Time
since: {param: If-Modified-Since, in: header, format: iso}
paging: {type: cursor, cursor: info.next_page_token, param: page_token, more: info.more_records}
"""


async def test_zoho_answers_nothing_new_with_304_or_204() -> None:
    statuses = iter([304, 204])
    async with serving(lambda asked: Reply(status=next(statuses))) as api:
        async with source(**_declared(ZOHO, api.base)) as rest:
            for _ in range(2):
                (page,) = await pages(rest, SINCE)
                assert (list(page.records), page.last, page.position) == ([], True, SINCE.position)
    assert api.asked[0].headers["authorization"] == "Zoho-oauthtoken 1000.x"
    assert api.asked[0].headers["if-modified-since"] == "2026-03-04T10:00:00+00:00"


JOBBER = """
url: https://api.example.com/api/graphql
method: POST
auth: {type: bearer, token: x}
headers: {X-JOBBER-GRAPHQL-VERSION: 2025-04-16}
json:
  query: "query($after: String, $since: ISO8601DateTime) { clients { nodes { id } } }"
records: data.clients.nodes
key: id
changed: updatedAt
errors: errors
since: {param: variables.since, in: json}
paging: {type: cursor, cursor: data.clients.pageInfo.endCursor, param: variables.after, in: json,
         more: data.clients.pageInfo.hasNextPage}
"""


async def test_jobber_graphql_is_throttled_with_200() -> None:
    def answer(asked: Asked) -> Any:
        if len(api.asked) == 2:
            return {"data": None, "errors": [{"message": "Throttled", "extensions": {"code": "THROTTLED"}}]}
        after = asked.json["variables"].get("after")
        info = {"endCursor": None if after else "MQ", "hasNextPage": not after}
        row = {"id": f"Z2lk{after}", "updatedAt": "2026-03-04T10:00:00Z"}
        return {"data": {"clients": {"nodes": [row], "pageInfo": info}}}

    clock = FakeClock()
    async with serving(answer) as api:
        async with source(clock=clock, **_declared(JOBBER, api.base)) as rest:
            assert keys(await pages(rest, SINCE)) == ["Z2lkNone", "Z2lkMQ"]
    assert len(clock.slept) == 1
    assert api.asked[0].json["variables"] == {"since": "2026-03-04T10:00:00Z"}
    assert api.asked[0].headers["x-jobber-graphql-version"] == "2025-04-16"


HIGHLEVEL = """
url: https://api.example.com/contacts/search
method: POST
auth: {type: bearer, token: x}
headers: {Version: "2021-07-28"}
json: {locationId: loc, pageLimit: 2, sort: [{field: dateUpdated, direction: desc}]}
records: contacts
key: id
changed: dateUpdated
order: descending
paging: {type: cursor, cursor: contacts.-1.searchAfter, param: searchAfter, in: json}
"""


async def test_highlevel_goes_on_after_the_last_contact() -> None:
    times = [NOW - timedelta(hours=hours) for hours in range(9)]
    rows = [
        {"id": f"c{n}", "dateUpdated": at.isoformat(), "searchAfter": [n, f"c{n}"]}
        for n, at in enumerate(times)
    ]

    def answer(asked: Asked) -> Any:
        start = asked.json.get("searchAfter", [-1])[0] + 1
        return {"contacts": rows[start : start + 2], "total": len(rows)}

    async with serving(answer) as api:
        async with source(**_declared(HIGHLEVEL, api.base)) as rest:
            assert len(keys(await pages(rest))) == 9
            api.asked.clear()
            assert keys(await pages(rest, SINCE)) == ["c0", "c1", "c2", "c3"]
    assert api.asked[1].json["searchAfter"] == [1, "c1"]


DYNAMICS = """
url: https://api.example.com/api/data/v9.2/leads
auth: {type: bearer, token: x}
headers: {OData-Version: "4.0", Prefer: odata.maxpagesize=2}
records: value
key: leadid
changed: modifiedon
since: {param: $filter, value: "modifiedon ge {time}"}
paging: {type: next_url, path: "@odata.nextLink"}
"""


async def test_dynamics_links_are_opaque() -> None:
    def answer(asked: Asked) -> Any:
        link = f"{api.base}/api/data/v9.2/leads?$skiptoken=%253Ccookie%2520pagenumber=%25222%2522/%253E"
        last = "skiptoken" in asked.target
        row = {"leadid": str(last), "modifiedon": "2026-03-04T10:00:00Z"}
        return {"value": [row]} | ({} if last else {"@odata.nextLink": link})

    async with serving(answer) as api, source(**_declared(DYNAMICS, api.base)) as rest:
        assert keys(await pages(rest, SINCE)) == ["False", "True"]
    assert api.asked[0].query["$filter"] == "modifiedon ge 2026-03-04T10:00:00Z"
    assert api.asked[1].target.endswith("$skiptoken=%253Ccookie%2520pagenumber=%25222%2522/%253E")


async def test_an_api_that_ignores_since_is_told() -> None:
    row = {"id": 1, "at": (NOW - timedelta(days=30)).isoformat()}
    async with serving(lambda asked: [row]) as api:
        async with source(api.url(), changed="at", since={"param": "updatedsince"}) as rest:
            (page,) = await pages(rest, SINCE)
    assert page.notes == ["1 of 1 records changed long before what was asked for; is `updatedsince` right?"]


async def test_p10_nothing_of_a_request_is_logged(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    caplog.set_level(logging.DEBUG)
    auth = {"type": "query", "name": "api_token", "value": "s3cret"}
    async with serving(lambda asked: [{"id": "ada@example.com"}]) as api:
        async with source(api.url(), auth=auth, headers={"X": "s3cret"}, cache=tmp_path) as rest:
            await pages(rest)
    assert "s3cret" not in caplog.text
    assert "ada@" not in caplog.text


async def test_numbers_in_yaml_can_be_keys_and_versions() -> None:
    async with serving(lambda asked: []) as api:
        async with source(api.url(), auth={"type": "bearer", "token": 12345}, headers={"Version": 2}) as rest:
            await pages(rest)
    assert api.asked[0].headers["authorization"] == "Bearer 12345"
    assert api.asked[0].headers["version"] == "2"


async def test_a_cursor_that_only_fits_a_body_is_refused_in_a_query() -> None:
    paging = {"type": "cursor", "cursor": "n", "param": "c"}
    async with serving(lambda asked: {"d": [{"id": 1}], "n": [1, "a"]}) as api:
        async with source(api.url(), records="d", paging=paging) as rest:
            with pytest.raises(BadConfig, match="in: json"):
                await pages(rest)


async def test_a_page_count_that_is_not_there_is_named() -> None:
    paging = {"type": "page_number", "total_pages": "pages"}
    async with serving(lambda asked: {"d": [{"id": 1}]}) as api:
        async with source(api.url(), records="d", paging=paging) as rest:
            with pytest.raises(BadConfig, match="no number at `pages`"):
                await pages(rest)
