"""From Salesforce to a lead: what the mapping reads is what is asked for, and it can be read."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 pytest reads the signatures
from zoneinfo import ZoneInfo

import pytest

from sources.base import PollRequest
from sync.lead import Lead, Skip
from sync.mapping import Mapping, load_mapping
from sync.runtime.columns import column_check
from tests.salesforce_org import DAY, lead, organisation

MAPPING = """
where: "not IsConverted and not record.IsDeleted"
lead:
  firstName: FirstName
  lastName: LastName
  email: Email
  phoneNumber: { from: Phone, region: US }
  createdAt: CreatedDate
custom:
  owner: Owner.Name
  city: Address.city
"""


@pytest.fixture
def mapping(tmp_path: Path) -> Mapping:
    path = tmp_path / "crm.yaml"
    path.write_text(MAPPING)
    return load_mapping(path, timezone=ZoneInfo("America/New_York"))


async def test_a_lead_comes_out(mapping: Mapping) -> None:
    ada = lead(1, FirstName="Ada", LastName="Lovelace", Email="ada@example.com", Phone="(804) 555-0100")
    rows = [{**ada, "OwnerId": "005A", "Address": {"city": "Austin"}}, lead(2, DAY, IsConverted=True)]
    async with organisation(*rows) as (org, salesforce):
        org.put("User", {"Id": "005A", "Name": "Grace Hopper"})
        request = PollRequest(fields=mapping.reads)
        found = [record async for page in salesforce.poll(request) for record in page.records]
        check = column_check(mapping, salesforce)
        assert check
        await check()
        assert "Owner.Name" in org.queries[0]
        assert "Description" not in org.queries[0]
    made, skipped = map(mapping.apply, found)
    assert isinstance(made, Lead)
    assert made.standard["phoneNumber"] == "8045550100"
    assert made.standard["createdAt"] == "2026-03-03T09:00:00+0000"
    assert made.custom["owner"] == "Grace Hopper"
    assert made.custom["city"] == "Austin"
    assert isinstance(skipped, Skip)
