"""P7: an endpoint that refuses us, or can't be reached as it should: told once, no lead spent, and mended."""

from __future__ import annotations

import signal
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.endpoint_server import certificate
from tests.lead_rows import lead, leads
from tests.running_command import wait_until

MANY = 30


@pytest.fixture
def self_signed(tmp_path):
    """The URL of an endpoint whose certificate nobody vouches for."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate(tmp_path))
    # Not shaken hands while it accepts: a client that turns away would end the server.
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.handle_error = lambda *_: None
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield f"https://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


def halted(project, says):
    """Sync once, and hold what is the same for every halt."""
    ended = project.sync(code=3)
    assert (ended.delivery["pending"], ended.delivery["rejected"], ended.delivery["unknown"]) == (MANY, 0, 0)
    told = [line for line in ended.err.splitlines() if says in line]
    assert len(told) == 2, f"told when it is noticed and at the end, and not once a lead:\n{ended.err}"
    assert "is halted" in told[0]
    assert "leads are waiting" in told[1]
    status = project.call("status", "--json").document["endpoints"][0]
    assert status["state"] == "halted"
    assert says in status["reason"]
    assert says in project.call("status").out


def test_p7_a_wrong_department_halts_and_is_mended_in_the_file(project, table, hatch):
    table.insert(*leads(MANY))
    right = project.endpoint["department_id"]
    project.endpoint.update(department_id="87654321")
    project.save()
    halted(project, "404")
    assert hatch.ids() == []
    project.endpoint.update(department_id=right, renamed_from="87654321")
    project.save()
    assert project.sync().delivery["accepted"] == MANY


def test_p7_a_host_that_there_is_not_halts(project, table, hatch):
    table.insert(*leads(MANY))
    right = project.endpoint["base_url"]
    project.endpoint.update(base_url="https://hatch.invalid/")
    project.save()
    halted(project, "can't be resolved")
    project.endpoint.update(base_url=right, renamed_from="hatch.invalid")
    project.save()
    assert project.sync().delivery["accepted"] == MANY
    assert len(hatch.ids()) == MANY


def test_p7_a_certificate_that_is_not_valid_halts(project, table, self_signed):
    table.insert(*leads(MANY))
    project.endpoint.update(base_url=self_signed)
    project.save()
    halted(project, "certificate")


@pytest.mark.parametrize("status", [401, 403])
def test_p7_run_goes_on_at_once_when_retry_says_that_it_is_mended(project, table, hatch, status):
    project.set(schedule="every 1h")
    table.insert(*leads(MANY))
    hatch.set_fault(f"status={status}")
    with project.started("run") as running:
        running.wait_said("is halted")
        hatch.wait_idle()
        spent = len(hatch.requests())
        hatch.clear_faults()
        # It would try by itself after a minute.
        told = project.call("retry", "--json").document
        assert told["endpoints"] == {"default": "halted"}
        wait_until(lambda: len(hatch.ids()) == MANY)
        running.wait_said("takes leads again")
        running.send(signal.SIGTERM)
        running.end(143)
    assert spent <= 16
    assert len(hatch.requests()) == spent + MANY, "each lead arrived once"
    assert project.call("status", "--json").document["endpoints"][0]["state"] == "up"
    assert "which leads?" in project.call("retry", code=2).err, "nothing is left to be tried"


def test_p7_retry_of_an_endpoint_that_is_still_halted_costs_one_request(project, table, hatch):
    project.set(schedule="every 1h")
    table.insert(*leads(MANY))
    hatch.set_fault("status=401")
    with project.started("run") as running:
        running.wait_said("is halted")
        hatch.wait_idle()
        spent = len(hatch.requests())
        for more in (1, 2):
            project.call("retry")
            wait_until(lambda goal=spent + more: len(hatch.requests()) >= goal)
            assert len(hatch.requests()) == spent + more, "asked once a wish"
        running.send(signal.SIGTERM)
        running.end(143)
    assert project.states() == {"pending": MANY}


def test_p7_retry_does_not_overrule_a_retry_after(project, table, hatch):
    table.insert(lead(1))
    hatch.set_fault("status=429 retry_after=3600")
    project.sync(code=3)
    hatch.clear_faults()
    assert "asked to be left alone until" in project.call("retry").out
    assert project.sync(code=3).delivery["pending"] == 1
    assert len(hatch.requests()) == 1
