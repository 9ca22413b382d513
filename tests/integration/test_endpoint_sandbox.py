"""Both APIs of the sandbox, through the endpoints that are made for them."""

from __future__ import annotations

import asyncio

import pytest

from sync.endpoints import endpoint_types
from sync.endpoints.base import Outcome
from sync.lead import Lead

LEAD = Lead(
    {
        "id": "L-1",
        "contactID": "C-1",
        "firstName": "Ada",
        "lastName": "Lovelace",
        "phoneNumber": "8045550123",
        "email": "ada@example.com",
        "status": "new",
        "createdAt": "2020-01-02T15:04:05-0700",
        "updatedAt": "2020-01-03T15:04:05+0000",
    },
    {"campaign": "spring", "note": "", "source": "not theirs to say"},
)


def made(type_name: str, **settings):
    cls = endpoint_types()[type_name]
    return cls(cls.Settings.model_validate(settings))


def standard(hatch, **settings):
    given = {**hatch.endpoint(), **settings}
    return made(given.pop("type"), **given)


def newer(hatch, **settings):
    root = hatch.v1_url.removesuffix("v1/contacts")
    given = {"api_key": hatch.v1_key, "source": hatch.v1_source, "base_url": root, **settings}
    return made("hatch_v1", **given)


async def sent(endpoint, lead=LEAD):
    receipt = await endpoint.send(endpoint.body(lead))
    await endpoint.close()
    return receipt


async def test_the_standard_api_takes_a_lead(hatch) -> None:
    receipt = await sent(standard(hatch))
    assert (receipt.outcome, receipt.status) == (Outcome.ACCEPTED, 200)
    [contact] = hatch.contacts()
    assert contact["firstName"] == "Ada"
    assert contact["custom"] == {"campaign": "spring"}
    assert hatch.leads() == [
        {**LEAD.standard, "campaign": "spring", "source": hatch.endpoint()["source"]},
    ]


async def test_the_newer_api_takes_a_lead(hatch) -> None:
    receipt = await sent(newer(hatch))
    assert (receipt.outcome, receipt.status) == (Outcome.ACCEPTED, 200)
    [body] = hatch.leads()
    assert body == {
        "source": hatch.v1_source,
        "externalID": "L-1",
        "externalContactID": "C-1",
        "firstName": "Ada",
        "lastName": "Lovelace",
        "phoneNumber": "8045550123",
        "email": "ada@example.com",
        "status": "new",
        "externalCreatedAt": "2020-01-02T15:04:05-0700",
        "externalUpdatedAt": "2020-01-03T15:04:05+0000",
        "details": {"campaign": "spring"},
    }


async def test_any_json_endpoint_takes_a_lead(hatch) -> None:
    settings = hatch.endpoint()
    url = f"{settings['base_url']}{settings['department_id']}/newlead"
    headers = {"X-API-KEY": settings["api_key"]}
    receipt = await sent(made("http", url=url, headers=headers, source="mine", success=200))
    assert (receipt.outcome, hatch.ids()) == (Outcome.ACCEPTED, ["L-1"])


async def test_p7_a_wrong_key_and_an_unknown_department_halt(hatch) -> None:
    receipt = await sent(standard(hatch, api_key="not-the-key-0000"))
    assert (receipt.outcome, receipt.status) == (Outcome.HALT, 401)
    assert receipt.detail.endswith("(are api_key and department_id right?)")
    receipt = await sent(standard(hatch, department_id="nobodys"))
    assert (receipt.outcome, receipt.status) == (Outcome.HALT, 404)
    assert "are department_id and base_url right?" in receipt.detail
    receipt = await sent(newer(hatch, api_key="not-the-key-0000"))
    assert (receipt.outcome, receipt.status) == (Outcome.HALT, 401)
    assert hatch.leads() == []


async def test_p10_what_is_refused_says_which_field_and_not_what_it_held(hatch) -> None:
    bad = Lead({**LEAD.standard, "createdAt": "31/02/2024"})
    for endpoint in (standard(hatch), newer(hatch)):
        receipt = await sent(endpoint, bad)
        assert receipt.outcome is Outcome.REJECTED
        assert "reatedAt" in receipt.detail
        assert "2024" not in receipt.detail
    receipt = await sent(newer(hatch, source="custom:unknown"))
    assert (receipt.outcome, receipt.status) == (Outcome.REJECTED, 422)
    assert "/source" in receipt.detail


@pytest.mark.parametrize(
    ("fault", "outcome", "stored"),
    [
        ("status=503 retry_after=7", Outcome.LATER, False),
        ("status=429 retry_after=date+60", Outcome.LATER, False),
        ("status=503 body=html", Outcome.LATER, False),
        ("status=502 body=html", Outcome.UNKNOWN, False),
        ("status=500 when=after", Outcome.UNKNOWN, True),
        ("status=200 body=html when=after", Outcome.UNKNOWN, True),
        ("errors='no such campaign'", Outcome.REJECTED, False),
        ("reset", Outcome.UNKNOWN, False),
        ("reset when=after", Outcome.UNKNOWN, True),
        ("close when=after", Outcome.UNKNOWN, True),
        ("truncate", Outcome.UNKNOWN, True),
        ("garbage when=after", Outcome.UNKNOWN, True),
        ("drip=0.05", Outcome.ACCEPTED, True),
    ],
)
async def test_p8_every_fault_has_its_outcome(hatch, fault, outcome, stored) -> None:
    for endpoint in (standard(hatch), newer(hatch)):
        hatch.reset()
        hatch.set_fault(fault)
        receipt = await sent(endpoint)
        assert receipt.outcome is outcome, receipt
        assert bool(hatch.leads()) is stored


async def test_p8_a_server_that_hangs_is_an_unknown_outcome(hatch) -> None:
    hatch.set_fault("hang when=after")
    receipt = await sent(standard(hatch, timeout="200ms"))
    assert receipt.outcome is Outcome.UNKNOWN
    assert hatch.texts() == 1


async def test_retry_after_arrives_whole(hatch) -> None:
    hatch.set_fault("status=429 retry_after=3600")
    assert (await sent(standard(hatch))).retry_after == 3600.0
    hatch.set_fault("status=503 retry_after=date+3600")
    assert (await sent(standard(hatch))).retry_after == pytest.approx(3600, abs=2)


@pytest.mark.parametrize("success", ["data_true", "no_content", "success_true"])
async def test_every_way_to_acknowledge_is_one(hatch, success) -> None:
    hatch.set_rules(success=success)
    assert (await sent(standard(hatch))).outcome is Outcome.ACCEPTED


async def test_p7_an_endpoint_that_is_down_and_comes_back(hatch) -> None:
    endpoint = standard(hatch)
    body = endpoint.body(LEAD)
    assert (await endpoint.send(body)).outcome is Outcome.ACCEPTED
    await asyncio.to_thread(hatch.go_down)
    assert (await endpoint.probe()).outcome is Outcome.LATER
    assert (await endpoint.send(body)).outcome is Outcome.LATER
    await asyncio.to_thread(hatch.come_back)
    assert (await endpoint.probe()).outcome is Outcome.ACCEPTED
    assert (await endpoint.send(body)).outcome is Outcome.ACCEPTED
    await endpoint.close()
    assert hatch.ids() == ["L-1", "L-1"]


async def test_p2_asking_without_a_lead_leaves_none(hatch) -> None:
    for endpoint in (standard(hatch), newer(hatch)):
        assert (await endpoint.probe()).outcome is Outcome.ACCEPTED
        await endpoint.close()
    assert (hatch.leads(), hatch.contacts(), hatch.texts()) == ([], [], 0)


async def test_fifty_at_once(hatch) -> None:
    endpoint = standard(hatch, max_in_flight=50)
    leads = [Lead({**LEAD.standard, "id": f"L-{number}"}) for number in range(200)]
    queue = iter(leads)

    async def sender() -> list[Outcome]:
        return [(await endpoint.send(endpoint.body(lead))).outcome for lead in queue]

    outcomes = [each for found in await asyncio.gather(*(sender() for _ in range(50))) for each in found]
    await endpoint.close()
    assert set(outcomes) == {Outcome.ACCEPTED}
    assert sorted(hatch.ids()) == sorted(lead.standard["id"] for lead in leads)
