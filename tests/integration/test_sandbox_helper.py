"""What tests of the whole program ask the sandbox through `tests.sandbox_server`."""

from __future__ import annotations

import httpx
import pytest

from sync.sandbox import FaultError
from tests.sandbox_server import running_hatch

LEAD = {"source": "my_company", "phoneNumber": "8045550123", "id": "1"}


def send(hatch, **lead):
    settings = hatch.endpoint()
    return httpx.post(
        f"{settings['base_url']}{settings['department_id']}/newlead",
        headers={"X-API-KEY": settings["api_key"]},
        json={**LEAD, **lead},
    )


def test_it_tells_what_arrived_in_order(hatch):
    send(hatch, firstName="Ada")
    send(hatch, id="2", createdAt="yesterday")
    send(hatch, id="3", phoneNumber="8045550124")
    hatch.wait_requests(3)
    assert [(each.number, each.id, each.status, each.stored) for each in hatch.requests()] == [
        (1, "1", 200, True),
        (2, "2", 400, False),
        (3, "3", 200, True),
    ]
    assert hatch.leads()[0] == {**LEAD, "firstName": "Ada"}
    assert hatch.ids() == ["1", "3"]
    assert hatch.texts() == 2
    assert [each["phoneNumber"] for each in hatch.contacts()] == ["8045550123", "8045550124"]


def test_faults_and_rules_are_switched_while_it_runs(hatch):
    hatch.set_fault("status=503 times=1")
    assert [send(hatch).status_code for _ in range(2)] == [503, 200]
    with pytest.raises(FaultError):
        hatch.set_fault("explode")
    hatch.set_fault("status=500")
    hatch.clear_faults()
    hatch.set_rules(success="no_content")
    assert send(hatch).status_code == 204
    hatch.wait_idle()
    hatch.reset()
    assert (hatch.requests(), hatch.contacts(), hatch.stats()["texts"]) == ([], [], 0)


def test_it_goes_down_and_comes_back_with_what_it_knew(hatch):
    send(hatch)
    hatch.go_down()
    hatch.go_down()
    with pytest.raises(httpx.ConnectError):
        send(hatch, id="2")
    hatch.come_back()
    send(hatch, id="3")
    assert hatch.ids() == ["1", "3"]


def test_it_takes_departments_rules_faults_and_a_log(tmp_path):
    log = tmp_path / "requests.jsonl"
    with running_hatch(
        {"one": "k1", "two": "k2"}, {"success": "success_true"}, ["errors nth=2"], log
    ) as hatch:
        assert (hatch.department, hatch.api_key) == ("one", "k1")
        assert [send(hatch).json() for _ in range(2)] == [
            {"success": True},
            {"errors": ["the lead was refused"]},
        ]
        bearer = {"Authorization": f"Bearer {hatch.v1_key}"}
        v1 = httpx.post(hatch.v1_url, headers=bearer, json={**LEAD, "source": hatch.v1_source})
        assert v1.status_code == 200
        assert httpx.get(hatch.url).status_code == 200
        hatch.go_down()
        hatch.come_back()
        send(hatch)
    assert log.read_bytes().count(b"\n") == 4
