"""Both APIs over real HTTP: routes, keys, limits, answers, and what is counted."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from uuid import UUID

import httpx
import pytest

from sync.sandbox import Access, Rate, Rules, SandboxServer, State

KEY = {"X-API-KEY": "sandbox-key"}
BEARER = {"Authorization": "Bearer sandbox-v1-key"}
LEAD = {"source": "my_company", "phoneNumber": "8045550123", "id": "1"}
V1_LEAD = {"source": "custom:sandbox", "phoneNumber": "8045550123", "externalID": "1"}


@pytest.fixture
def client():
    with httpx.Client() as client:
        yield client


def serve(access=None, **rules):
    return SandboxServer(State(access, Rules().but(rules)))


def legacy(sandbox, department="12345678"):
    return f"{sandbox.base_url}{department}/newlead"


def test_a_lead_is_stored_and_answered(client):
    with serve() as sandbox:
        answer = client.post(
            legacy(sandbox), headers=KEY, json={**LEAD, "firstName": "Ada", "car": {"color": "red"}}
        )
        assert (answer.status_code, answer.json()) == (200, {"data": True})
        assert answer.headers["content-type"] == "application/json"
        [contact] = sandbox.state.contacts()
    assert contact["firstName"] == "Ada"
    assert contact["custom"] == {"car.color": "red"}
    assert (contact["posts"], contact["texts"]) == (1, 1)


@pytest.mark.parametrize(
    ("success", "status", "body"), [("no_content", 204, b""), ("success_true", 200, b'{"success":true}')]
)
def test_other_ways_to_acknowledge(client, success, status, body):
    with serve(success=success) as sandbox:
        answers = [client.post(legacy(sandbox), headers=KEY, json=LEAD) for _ in range(2)]
    assert [(each.status_code, each.content) for each in answers] == [(status, body)] * 2


@pytest.mark.parametrize(
    ("department", "headers", "status"),
    [
        ("12345678", {}, 401),
        ("12345678", {"X-API-KEY": "wrong"}, 401),
        ("12345678", {"x-api-key": "sandbox-key"}, 200),
        ("87654321", KEY, 404),
        ("12345678/", KEY, 404),
        ("", KEY, 404),
    ],
)
def test_department_and_key(client, department, headers, status):
    with serve() as sandbox:
        answer = client.post(legacy(sandbox, department), headers=headers, json=LEAD)
        accepted = sandbox.state.stats.accepted
    assert answer.status_code == status
    assert accepted == (status == 200)
    assert status == 200 or isinstance(answer.json()["errors"][0], str)


def test_departments_are_apart_and_may_have_any_name(client):
    access = Access({"one": "k1", "a b/ü": "k2"})
    with serve(access) as sandbox:
        for department, key, status in [
            ("one", "k1", 200),
            ("a%20b%2F%C3%BC", "k2", 200),
            ("one", "k2", 401),
        ]:
            url = legacy(sandbox, department)
            assert client.post(url, headers={"X-API-KEY": key}, json=LEAD).status_code == status
        assert [each["department"] for each in sandbox.state.contacts()] == ["a b/ü", "one"]
        assert sandbox.state.stats_data()["texts"] == 2


@pytest.mark.parametrize("method", ["GET", "PUT", "HEAD", "DELETE", "OPTIONS"])
def test_only_post_adds_a_lead_to_a_department(client, method):
    with serve() as sandbox:
        answer = client.request(method, legacy(sandbox), headers=KEY)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def test_the_content_type_is_asked_for(client):
    with serve() as sandbox:
        answer = client.post(legacy(sandbox), headers={**KEY, "Content-Type": "text/plain"}, content=b"{}")
        assert (answer.status_code, answer.json()) == (
            400,
            {"errors": ["Content-Type must be application/json"]},
        )
        assert sandbox.state.requests()[0].reason == "Content-Type must be application/json"


def test_a_rate_limit_answers_429_and_tells_how_long_if_it_is_to(client):
    ticks = [0.0]
    state = State(rules=Rules(rate_limit=Rate(2, 10), retry_after=True), ticks=lambda: ticks[0])
    with SandboxServer(state) as sandbox:
        answers = [client.post(legacy(sandbox), headers=KEY, json=LEAD) for _ in range(3)]
        assert [each.status_code for each in answers] == [200, 200, 429]
        assert answers[2].headers["retry-after"] == "10"
        state.set_rules({"retry_after": False})
        refused = client.post(legacy(sandbox), headers=KEY, json=LEAD)
        assert "retry-after" not in refused.headers
        assert refused.json() == {"errors": ["the rate limit is reached"]}
        ticks[0] = 10.0
        assert client.post(legacy(sandbox), headers=KEY, json=LEAD).status_code == 200
        assert state.stats_data()["accepted"] == 3


def test_the_newer_api_limits_as_documented(client):
    with SandboxServer(State(ticks=lambda: 0.0)) as sandbox:
        statuses = [client.post(sandbox.v1_url, headers=BEARER, json=V1_LEAD).status_code for _ in range(101)]
    assert statuses == [200] * 100 + [429]


def test_a_body_beyond_the_limit_is_413_and_the_client_hears_it(client):
    with serve(body_limit=1000) as sandbox:
        for size, status in ((900, 200), (1000, 413), (5_000_000, 413)):
            answer = client.post(legacy(sandbox), headers=KEY, json={**LEAD, "note": "x" * size})
            assert answer.status_code == status
        v1 = client.post(sandbox.v1_url, headers=BEARER, json={**V1_LEAD, "note": "x" * 1000})
        assert v1.status_code == 413
        assert max(len(each.body) for each in sandbox.state.requests()) <= 1000


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_the_newer_api_answers_one_id_per_contact(client, method):
    with serve() as sandbox:
        send = [
            client.request(method, sandbox.v1_url, headers=BEARER, json=each)
            for each in (
                V1_LEAD,
                {**V1_LEAD, "status": "open"},
                {"source": "custom:sandbox", "email": "b@example.com"},
            )
        ]
        ids = [UUID(each.json()["data"]["id"]) for each in send]
        assert [each.status_code for each in send] == [200] * 3
        assert ids[0] == ids[1] != ids[2]
        assert {each["uuid"] for each in sandbox.state.contacts()} == set(map(str, ids))


@pytest.mark.parametrize(
    "authorization", [None, "Bearer wrong", "sandbox-v1-key", "Basic sandbox-v1-key", "Bearer x y"]
)
def test_the_newer_api_asks_for_its_key(client, authorization):
    headers = {"Authorization": authorization} if authorization else {}
    with serve() as sandbox:
        answer = client.post(sandbox.v1_url, headers=headers, json=V1_LEAD)
    assert (answer.status_code, answer.json()) == (401, {"errors": {"detail": "Unauthorized"}})


def test_the_newer_api_has_no_other_methods(client):
    with serve() as sandbox:
        assert client.get(sandbox.v1_url, headers=BEARER).status_code == 404
        assert client.post(f"{sandbox.url}v2/contacts", headers=BEARER).status_code == 404


def test_schema_errors_of_the_newer_api(client):
    with serve() as sandbox:
        answer = client.post(sandbox.v1_url, headers=BEARER, json={**V1_LEAD, "source": None})
        bare = client.post(sandbox.v1_url, headers=BEARER, content=b"{}")
    assert answer.status_code == bare.status_code == 422
    assert answer.json() == {
        "errors": [
            {
                "title": "Invalid value",
                "source": {"pointer": "/source"},
                "detail": "null value where string expected",
            }
        ]
    }
    assert bare.json()["errors"][0]["detail"] == "Missing header: content-type"


def test_both_apis_know_the_same_contacts(client):
    with serve() as sandbox:
        client.post(legacy(sandbox), headers=KEY, json=LEAD)
        client.put(sandbox.v1_url, headers=BEARER, json=V1_LEAD)
        [contact] = sandbox.state.contacts()
    assert (contact["posts"], contact["texts"], contact["source"]) == (2, 1, "custom:sandbox")


def test_the_log_has_every_complete_request_and_no_key(client):
    with serve() as sandbox:
        client.post(legacy(sandbox), headers=KEY, json=LEAD)
        client.post(legacy(sandbox), headers={"X-API-KEY": "a-secret"}, json=LEAD)
        client.post(legacy(sandbox), headers=KEY, content=b"\xff{", params={"a": "b"})
        assert sandbox.state.wait_requests(3)
        log = [each.as_data() for each in sandbox.state.requests()]
    assert [
        (each["sequence"], each["status"], each["id"], each["stored"], each["stayed"]) for each in log
    ] == [
        (1, 200, "1", True, True),
        (2, 401, "1", False, True),
        (3, 400, "", False, True),
    ]
    assert "a-secret" not in str(log)
    assert log[0]["body"].startswith('{"source"')


def test_a_request_that_breaks_off_is_neither_stored_nor_logged():
    with serve() as sandbox:
        with socket.create_connection((sandbox.host, sandbox.port)) as raw:
            raw.sendall(
                b"POST /api/webhooks/12345678/newlead HTTP/1.1\r\nHost: x\r\nX-API-KEY: sandbox-key\r\n"
                b'Content-Type: application/json\r\nContent-Length: 500\r\n\r\n{"source": "x"'
            )
            assert raw.send(b" ") == 1
        with httpx.Client() as client:
            client.post(legacy(sandbox), headers=KEY, json=LEAD)
        assert sandbox.state.wait_idle()
        stats = sandbox.state.stats_data()
    assert (stats["requests"], stats["accepted"], stats["incomplete"]) == (1, 1, 1)


def send_numbered(sandbox, number):
    lead = {**LEAD, "id": str(number), "phoneNumber": f"804555{number:04}"}
    return httpx.post(legacy(sandbox), headers=KEY, json=lead, timeout=60).status_code


def test_what_comes_at_once_is_counted_once_each():
    with serve() as sandbox:
        with ThreadPoolExecutor(16) as pool:
            statuses = list(pool.map(partial(send_numbered, sandbox), range(16)))
        assert sandbox.state.wait_idle()
        stats = sandbox.state.stats_data()
    assert statuses == [200] * 16
    assert (stats["accepted"], stats["contacts"], stats["texts"], stats["leads"]) == (16, 16, 16, 16)


def test_the_most_that_were_in_flight_at_once_are_counted():
    with ThreadPoolExecutor(16) as pool:
        with serve() as sandbox:
            sandbox.state.set_faults(["hang when=after"])
            answers = [pool.submit(send_numbered, sandbox, number) for number in range(16)]
            # None of them can end before all are there: they hang until the sandbox stops.
            assert all(stored(sandbox, number) for number in range(16))
            assert sandbox.state.stats_data()["in_flight"] == 16
        assert all(isinstance(each.exception(60), httpx.TransportError) for each in answers)
    stats = sandbox.state.stats_data()
    assert (stats["max_in_flight"], stats["in_flight"], stats["accepted"]) == (16, 0, 16)


def stored(sandbox, number):
    """Wait until a lead has been stored; nothing is finished, so there is nothing else to wait by."""
    for _ in range(3000):
        if any(each.stored and each.lead == str(number) for each in sandbox.state.requests()):
            return True
        sandbox.state.wait_requests(1, timeout=0.01)
    return False


def test_repeats_are_told_from_changes(client):
    with serve() as sandbox:
        for status in ("new", "new", "open"):
            client.post(legacy(sandbox), headers=KEY, json={**LEAD, "status": status})
        client.post(legacy(sandbox), headers=KEY, json={**LEAD, "id": "2"})
        stats = sandbox.state.stats_data()
    assert stats["leads_accepted_more_than_once"] == 1
    assert stats["repeated_leads"] == {"12345678/1": 3}
    assert stats["identical_bodies"] == 1
    assert (stats["texts"], stats["opportunities"], stats["readers_texted_more_than_once"]) == (2, 2, 1)


def test_the_log_in_memory_is_bounded_and_the_counts_are_not(client):
    with SandboxServer(State(keep=3)) as sandbox:
        for number in range(5):
            client.post(legacy(sandbox), headers=KEY, json={**LEAD, "id": str(number)})
        assert [each.sequence for each in sandbox.state.requests()] == [3, 4, 5]
        assert sandbox.state.stats_data()["accepted"] == 5


def test_a_second_server_at_the_port_is_refused_and_the_port_is_free_afterwards(client):
    with serve() as sandbox:
        with pytest.raises(OSError, match="in use"):
            SandboxServer(port=sandbox.port)
        port = sandbox.port
    with SandboxServer(port=port) as again:
        assert client.post(legacy(again), headers=KEY, json=LEAD).status_code == 200


def test_a_server_that_was_never_started_can_be_stopped():
    server = SandboxServer()
    server.stop()
    with SandboxServer(port=server.port):
        assert server.url.startswith("http://127.0.0.1:")


def test_it_listens_on_ipv6_too(client):
    try:
        server = SandboxServer(host="::1")
    except OSError:
        pytest.skip("this machine has no IPv6")
    with server as sandbox:
        assert client.post(legacy(sandbox), headers=KEY, json=LEAD).status_code == 200
        assert client.get(sandbox.url).status_code == 200
