"""The command in a process of its own: what it prints, how it stops, what its log file holds."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx
import orjson
import pytest

from sync.sandbox import SandboxServer

LEAD = {"source": "my_company", "phoneNumber": "8045550123", "id": "1"}


def command(*options):
    return [sys.executable, "-W", "error", "-m", "sync.cli", "sandbox", *map(str, options)]


@contextmanager
def running(*options, lines=1):
    process = subprocess.Popen(command("--port", 0, *options), stdout=-1, stderr=-1, text=True)
    try:
        yield process, "".join(process.stdout.readline() for _ in range(lines))
    finally:
        process.kill()
        process.communicate()


def url_in(line):
    return re.search(r"base_url: (\S+),", line)[1]


def send(line, department="12345678", key="sandbox-key", **lead):
    url = f"{url_in(line)}{department}/newlead"
    return httpx.post(url, headers={"X-API-KEY": key}, json={**LEAD, **lead})


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_it_says_where_it_is_and_a_signal_stops_it_with_0(sign):
    with running() as (process, line):
        assert "type: hatch, base_url: http://127.0.0.1:" in line
        assert 'department_id: "12345678", api_key: sandbox-key' in line
        assert send(line).json() == {"data": True}
        process.send_signal(sign)
        rest, errors = process.communicate(timeout=20)
    assert (process.returncode, rest, errors) == (0, "", "")


def test_as_json_it_says_where_it_is_in_one_document():
    with running("--json", "--department", "one", "--api-key", "k1", lines=7) as (process, said):
        where = orjson.loads(said)
        assert (where["department_id"], where["api_key"]) == ("one", None)
        assert where["base_url"] == f"{where['url']}api/webhooks/"
        assert where["v1_url"] == f"{where['url']}v1/contacts"
        process.terminate()
        assert process.communicate(timeout=20) == ("", "")


def wait_for_in_flight(line, count):
    page = url_in(line).replace("api/webhooks/", "sandbox/stats")
    for _ in range(2000):
        if httpx.get(page).json()["in_flight"] == count:
            return
    raise AssertionError(f"never {count} in flight")


def test_a_signal_does_not_wait_for_a_hanging_request():
    with running("--fault", "hang when=after") as (process, line), ThreadPoolExecutor() as pool:
        answer = pool.submit(send, line)
        wait_for_in_flight(line, 1)
        process.terminate()
        assert process.wait(20) == 0
        assert isinstance(answer.exception(10), httpx.TransportError)


def test_options_say_who_may_send_and_what_goes_wrong():
    options = ["--department", "one", "--department", "two", "--api-key", "k1", "--api-key", "k2"]
    options += ["--rule", "success=no_content", "--fault", "status=503 times=1", "--v1-source", "custom:mine"]
    with running(*options, "--v1-key", "v1") as (_, line):
        assert 'department_id: "one", api_key: (the key you gave)' in line
        assert "k1" not in line
        statuses = [
            send(line, *who).status_code
            for who in (("one", "k1"), ("one", "k1"), ("two", "k2"), ("two", "k1"))
        ]
        v1 = httpx.post(
            url_in(line).replace("api/webhooks/", "v1/contacts"),
            headers={"Authorization": "Bearer v1"},
            json={"source": "custom:mine", "email": "a@example.com"},
        )
    assert statuses == [503, 204, 204, 401]
    assert v1.status_code == 200


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--rule", "dedup"], '--rule: expected NAME=VALUE, found "dedup"'),
        (["--rule", "dedup=x"], "--rule: rule dedup: expected match or none"),
        (["--fault", "explode"], '--fault: there is no fault "explode"'),
        (
            [
                "--department",
                "a",
                "--department",
                "b",
                "--department",
                "c",
                "--api-key",
                "k",
                "--api-key",
                "k",
            ],
            "one key",
        ),
        (["--department", "a", "--department", "a"], "no department given twice"),
        (["--department", ""], "must not be empty"),
        (["--v1-key", "a", "--v1-key", "b"], "take as many keys at most"),
        (["--log", "/nowhere/at/all.log"], "--log: /nowhere/at/all.log can't be written"),
        (["--host", "256.0.0.1"], "can't listen at 256.0.0.1"),
    ],
)
def test_what_can_not_be_is_said_in_one_line_with_2(options, said):
    done = subprocess.run(
        command("--port", 0, *options), capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_port_that_is_taken_is_said():
    server = SandboxServer()
    done = subprocess.run(
        command("--port", server.port), capture_output=True, text=True, timeout=60, check=False
    )
    server.stop()
    assert done.returncode == 2
    assert f"port {server.port}: Address already in use; choose another with --port, or 0" in done.stderr


def test_listening_to_other_machines_warns():
    with running("--host", "0.0.0.0") as (process, line):
        assert "base_url: http://127.0.0.1:" in line
        page = url_in(line).replace("api/webhooks/", "")
        assert httpx.get(page, headers={"Host": "sandbox.example.com"}).status_code == 200
        process.terminate()
        assert "other machines can send" in process.communicate(timeout=20)[1]


def test_the_log_file_has_each_request_before_its_answer_even_after_a_kill(tmp_path):
    log = tmp_path / "requests.jsonl"
    with running("--log", log, "--fault", "hang when=after lead=3") as (process, line):
        send(line)
        send(line, id="2", createdAt="yesterday")
        with socket.create_connection(("127.0.0.1", httpx.URL(url_in(line)).port), timeout=2) as raw:
            body = orjson.dumps({**LEAD, "id": "3"})
            raw.sendall(
                b"POST /api/webhooks/12345678/newlead HTTP/1.1\r\nHost: x\r\nX-API-KEY: sandbox-key\r\n"
                b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body
            )
            with pytest.raises(TimeoutError):
                raw.recv(1)
            process.kill()
            process.wait()
    lines = [orjson.loads(each) for each in log.read_bytes().splitlines()]
    assert [(each["event"], each["id"], each["status"], each["stored"]) for each in lines] == [
        ("request", "1", 200, True),
        ("request", "2", 400, False),
        ("request", "3", None, True),
    ]
    assert orjson.loads(lines[0]["body"]) == LEAD
    assert log.stat().st_mode & 0o777 == 0o600
    assert b"sandbox-key" not in log.read_bytes()


def test_the_log_file_tells_of_clients_that_left_and_goes_on_where_it_ended(tmp_path):
    log = tmp_path / "requests.jsonl"
    log.write_text('{"event":"request"}\n')
    with running("--log", log, "--fault", "delay=2") as (process, line):
        with pytest.raises(httpx.TimeoutException):
            httpx.post(
                f"{url_in(line)}12345678/newlead",
                headers={"X-API-KEY": "sandbox-key"},
                json=LEAD,
                timeout=0.7,
            )
        wait_for_in_flight(line, 0)
        httpx.post(url_in(line).replace("api/webhooks/", "sandbox/reset"))
        process.terminate()
        assert process.wait(20) == 0
    lines = [orjson.loads(each) for each in log.read_bytes().splitlines()]
    assert [each["event"] for each in lines] == ["request", "request", "left", "reset"]
    assert (lines[1]["stored"], lines[2]["sequence"]) == (True, 1)


def test_the_log_file_has_what_a_stop_cut_short(tmp_path):
    log = tmp_path / "requests.jsonl"
    with running("--log", log, "--fault", "delay=60") as (process, line), ThreadPoolExecutor() as pool:
        answer = pool.submit(send, line)
        wait_for_in_flight(line, 1)
        process.terminate()
        assert process.wait(20) == 0
        assert isinstance(answer.exception(10), httpx.TransportError)
    lines = [orjson.loads(each) for each in log.read_bytes().splitlines()]
    assert [each["event"] for each in lines] == ["request", "stopped"]
    assert (lines[0]["stored"], lines[0]["status"]) == (False, None)
    assert lines[0]["reason"] == "the sandbox was stopped before it was stored"
