"""Every request to HubSpot is one that its own OpenAPI files admit."""

from __future__ import annotations

import pytest

from sources.base import Position, Window
from tests.crm_scene import polled
from tests.doubles.base import Asked
from tests.doubles.openapi import needed
from tests.hubspot_scene import account, ago


@pytest.mark.parametrize("kind", ["contacts", "leads"])
async def test_what_is_asked_is_in_the_specification(kind: str) -> None:
    specification = needed(f"hubspot-crm-v3-{kind}.json")
    async with account(object=kind, archived=True) as (hubspot, source):
        for number in range(1, 6):
            hubspot.put(number, ago(60 - number), kind)
        await polled(source, page_size=2)
        await polled(source, Position(at=ago(120)), page_size=2)
        await polled(source, window=Window(ago(57), ago(55)))
        await source.fetch(["1", "2"])
        await source.check()
        known = [asked for asked in hubspot.api.asked if specification.knows(asked)]
        assert {asked.path.rpartition("/")[2] for asked in known} == {kind, "search", "read"}
        assert hubspot.complaints == []


def test_a_request_that_is_not_is_noticed() -> None:
    specification = needed("hubspot-crm-v3-contacts.json")
    list_with = "/crm/v3/objects/contacts?limit=many&since=2026"
    body = b'{"filterGroups": [{"filters": [{"operator": "ABOVE", "propertyName": "x"}]}], "limit": "1"}'
    found = [
        *specification.complaints(Asked("GET", list_with, {}, b"")),
        *specification.complaints(Asked("POST", "/crm/v3/objects/contacts/search", {}, body)),
    ]
    assert found == [
        "GET /crm/v3/objects/contacts: ?since is unknown",
        "GET /crm/v3/objects/contacts: ?limit is not as it should be",
        "POST /crm/v3/objects/contacts/search: $",
        "POST /crm/v3/objects/contacts/search: $.filterGroups[0].filters[0].operator",
        "POST /crm/v3/objects/contacts/search: $.limit",
    ]
