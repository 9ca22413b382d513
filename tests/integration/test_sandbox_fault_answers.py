"""Every fault over a raw socket: what the client sees, and whether the lead was stored."""

from __future__ import annotations

import http.client
import socket
import threading
from email.utils import parsedate_to_datetime

import httpx
import orjson
import pytest

from sync.sandbox import SandboxServer

BODY = b'{"source":"x","phoneNumber":"8045550123","id":"1"}'
REQUEST = (
    b"POST /api/webhooks/12345678/newlead HTTP/1.1\r\nHost: localhost\r\nX-API-KEY: sandbox-key\r\n"
    b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(BODY)
) + BODY


@pytest.fixture(scope="module")
def server():
    with SandboxServer() as server:
        yield server


@pytest.fixture
def sandbox(server):
    server.state.reset()
    yield server
    server.state.set_faults([])
    assert server.state.wait_idle()


def connect(sandbox):
    return socket.create_connection((sandbox.host, sandbox.port), timeout=10)


def exchange(sandbox, *faults):
    """Send a lead and read until the connection ends or is reset; None stands for a reset."""
    sandbox.state.set_faults(faults)
    with connect(sandbox) as raw:
        raw.sendall(REQUEST.replace(b"Host", b"Connection: close\r\nHost"))
        return read(raw), entry(sandbox)


def read(raw):
    seen = b""
    try:
        while chunk := raw.recv(65536):
            seen += chunk
    except ConnectionResetError:
        return None
    return seen


def entry(sandbox):
    assert sandbox.state.wait_idle()
    return sandbox.state.requests()[-1]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_reset_is_a_real_one(sandbox, when):
    seen, request = exchange(sandbox, f"reset when={when}")
    assert seen is None
    assert (request.stored, request.status, request.stayed) == (when == "after", None, True)
    assert sandbox.state.stats_data()["texts"] == (when == "after")
    assert sandbox.state.stats_data()["by_status"] == {"none": 1}


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_close_is_an_end_without_a_byte(sandbox, when):
    seen, request = exchange(sandbox, f"close when={when}")
    assert seen == b""
    assert (request.stored, request.status) == (when == "after", None)


@pytest.mark.parametrize("when", ["before", "after"])
def test_garbage_is_no_http(sandbox, when):
    seen, request = exchange(sandbox, f"garbage when={when}")
    assert seen
    assert not seen.startswith(b"HTTP/")
    assert request.stored is (when == "after")


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_truncated_answer_promises_more_than_it_gives(sandbox, when):
    seen, request = exchange(sandbox, f"truncate when={when}")
    head, _, body = seen.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200")
    assert b"content-length: 13" in head
    assert body == b'{"data'
    assert (request.stored, request.status) == (when == "after", 200)


def test_a_dripping_answer_is_whole_in_the_end(sandbox):
    seen, request = exchange(sandbox, "drip=0.3")
    assert seen.endswith(b'\r\n\r\n{"data":true}')
    assert (request.stored, request.status, request.stayed) == (True, 200, True)


@pytest.mark.parametrize("body", ["json", "html", "plain", "empty"])
@pytest.mark.parametrize("status", [204, 302, 401, 404, 408, 429, 500, 503])
def test_any_status_with_any_body(sandbox, status, body):
    seen, request = exchange(sandbox, f"status={status} body={body}")
    head, _, content = seen.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d" % status)
    if status == 204 or body == "empty":
        assert content == b""
    elif body == "json":
        assert orjson.loads(content) == {"errors": ["a fault on demand"]}
    else:
        assert b"a fault on demand" in content.lower()
    assert (request.stored, request.status) == (False, status)


def test_a_status_after_storing_is_a_lie_that_is_counted(sandbox):
    _, request = exchange(sandbox, "status=500 when=after")
    assert (request.stored, request.status, request.texts) == (True, 500, 1)


def test_retry_after_in_seconds_as_a_date_as_nonsense_and_not_at_all(sandbox):
    headers = []
    for extra in ("retry_after=7", "retry_after=date+60", "retry_after=soon", ""):
        sandbox.state.set_faults([f"status=429 {extra}"])
        headers.append(httpx.post(f"{sandbox.base_url}12345678/newlead", content=b"{}").headers)
    assert headers[0]["retry-after"] == "7"
    moments = [parsedate_to_datetime(headers[1][name]) for name in ("retry-after", "date")]
    assert 55 <= (moments[0] - moments[1]).total_seconds() <= 65
    assert headers[2]["retry-after"] == "soon"
    assert "retry-after" not in headers[3]


def test_200_with_errors(sandbox):
    seen, request = exchange(sandbox, 'errors="no such campaign"')
    assert seen.endswith(b'{"errors":["no such campaign"]}')
    assert (request.stored, request.status) == (False, 200)


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_hang_lasts_until_the_client_gives_up(sandbox, when):
    sandbox.state.set_faults([f"hang when={when}"])
    with connect(sandbox) as raw:
        raw.settimeout(0.3)
        raw.sendall(REQUEST)
        with pytest.raises(TimeoutError):
            raw.recv(1)
        assert sandbox.state.stats.in_flight == 1
        assert sandbox.state.requests()[-1].stayed is None
    request = entry(sandbox)
    assert (request.stored, request.stayed, request.status) == (when == "after", False, None)
    assert sandbox.state.stats_data()["clients_left"] == 1


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_delay_stores_whether_the_client_waits_or_not(sandbox, when):
    sandbox.state.set_faults([f"delay=0.4 when={when}"])
    with connect(sandbox) as raw:
        raw.settimeout(0.1)
        raw.sendall(REQUEST)
        with pytest.raises(TimeoutError):
            raw.recv(1)
        assert sandbox.state.stats.accepted == (when == "after")
    request = entry(sandbox)
    assert (request.stored, request.status, request.stayed) == (True, 200, False)
    assert sandbox.state.stats_data()["by_status"] == {"none": 1}


def test_delays_add_to_another_fault(sandbox):
    seen, request = exchange(sandbox, "delay=0.1", "status=503 times=1", "delay=0.1 when=after")
    assert seen.startswith(b"HTTP/1.1 503")
    assert request.fault == "delay=0.1; status=503 times=1; delay=0.1 when=after"


def test_a_fault_before_storing_comes_before_every_rule(sandbox):
    sandbox.state.set_faults(["status=502 body=html"])
    answer = httpx.post(f"{sandbox.base_url}unknown/newlead", content=b"nonsense")
    assert answer.status_code == 502


def test_a_fault_after_storing_stores_nothing_that_a_rule_refuses(sandbox):
    sandbox.state.set_faults(["status=502 when=after"])
    answer = httpx.post(f"{sandbox.base_url}12345678/newlead", content=b"nonsense")
    assert answer.status_code == 502
    assert entry(sandbox).reason == "X-API-KEY is missing or not the department's"
    assert not entry(sandbox).stored


def test_faults_strike_the_lead_the_department_and_the_request_they_name(sandbox):
    sandbox.state.set_faults(["reset lead=7", "status=503 nth=2 times=1"])
    url = f"{sandbox.base_url}12345678/newlead"

    def send(lead):
        try:
            document = {"source": "x", "phoneNumber": "8045550123", "id": lead}
            return httpx.post(url, headers={"X-API-KEY": "sandbox-key"}, json=document).status_code
        except httpx.TransportError:
            return None

    assert [send(lead) for lead in ("1", "7", "2", "3", "7")] == [200, None, 503, 200, None]
    assert [(each.seen, each.struck) for each in sandbox.state.faults] == [(2, 2), (5, 1)]


def test_the_connection_lives_on_after_an_answer_that_was_whole(sandbox):
    sandbox.state.set_faults(["status=503 times=1", "errors nth=2 times=1"])
    connection = http.client.HTTPConnection(sandbox.host, sandbox.port, timeout=10)
    connection.connect()
    connection.auto_open = 0  # a connection that was closed meanwhile is an error, not a new one
    headers = {"X-API-KEY": "sandbox-key", "Content-Type": "application/json"}
    statuses = []
    for _ in range(3):
        connection.request("POST", "/api/webhooks/12345678/newlead", BODY, headers)
        answer = connection.getresponse()
        answer.read()
        statuses.append(answer.status)
    connection.close()
    assert statuses == [503, 200, 200]


@pytest.mark.parametrize("fault", ["hang", "hang when=after", "delay=60", "delay=60 when=after", "drip=60"])
def test_a_server_that_stops_waits_for_no_fault(fault):
    with SandboxServer() as server:
        server.state.set_faults([fault])
        with connect(server) as raw:
            raw.sendall(REQUEST)
            assert arrived(server, stored="after" in fault or "drip" in fault)
            stopping = threading.Thread(target=server.stop)
            stopping.start()
            seen = read(raw)
            stopping.join(10)
            assert not stopping.is_alive()
        assert server.state.stats.in_flight == 0
        assert server.state.stats_data()["by_status"] == {"none": 1}
    assert not seen or seen.startswith(b"HTTP/1.1 200")


def arrived(server, *, stored):
    for _ in range(500):
        if server.state.stats.requests and (server.state.stats.accepted or not stored):
            return True
        server.state.wait_requests(1, timeout=0.01)
    return False
