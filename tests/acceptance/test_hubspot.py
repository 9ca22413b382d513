"""HubSpot as a user has it: connector.yaml, a mapping that reads properties, and the command."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from sources.http import SystemClock
from tests.doubles.base import beside
from tests.doubles.hubspot import TOKEN, HubspotDouble

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.project import Project
    from tests.sandbox_server import Hatch

MAPPING: dict[str, Any] = {
    "lead": {"firstName": "firstname", "phoneNumber": "phone", "updatedAt": "lastmodifieddate"},
    "ignore_changes": ["updatedAt"],
}


def just_now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=5)


@pytest.fixture
def hubspot() -> Iterator[HubspotDouble]:
    with beside(HubspotDouble(SystemClock())) as double:
        yield double


@pytest.fixture
def crm(project: Project, hubspot: HubspotDouble) -> Project:
    project.secrets.append(TOKEN)
    for number in range(1, 4):
        hubspot.put(number, just_now(), firstname=f"Forename{number}", phone=f"804555010{number}")
    project.source(mapping=MAPPING, type="hubspot", token=TOKEN, base_url=hubspot.url())
    return project


def test_p1_p2_all_are_sent_once_and_then_only_who_changed(
    crm: Project, hubspot: HubspotDouble, hatch: Hatch
) -> None:
    crm.sync()
    assert len(hatch.ids()) == 3
    assert {asked.query["properties"] for asked in hubspot.asked("objects/contacts$")} == {
        "firstname,lastmodifieddate,phone"
    }
    hubspot.put(2, just_now() + timedelta(seconds=4), phone="8045550199")
    hubspot.put(3, just_now() + timedelta(seconds=4))
    crm.sync()
    assert len(hatch.ids()) == 4
    assert crm.states() == {"accepted": 3}


def test_a_property_that_hubspot_does_not_have_is_named_before_anything_is_sent(
    crm: Project, hatch: Hatch
) -> None:
    crm.map(**{**MAPPING, "lead": {"firstName": "first_name", "phoneNumber": "phone"}})
    said = crm.call("sync", code=2)
    assert "first_name" in said.err
    assert "firstname" in said.err
    assert hatch.ids() == []


def test_check_names_the_scope_that_is_missing(crm: Project, hubspot: HubspotDouble) -> None:
    assert "granted: crm.objects.contacts.read" in crm.call("check", code=None).out
    hubspot.scopes.remove("crm.objects.contacts.read")
    found = crm.call("check", code=3)
    assert "it lacks crm.objects.contacts.read" in found.out + found.err
