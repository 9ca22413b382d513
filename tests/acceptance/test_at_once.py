"""`run` is told of changes: a commit, a save, a webhook. No schedule comes due in these tests but once."""

from __future__ import annotations

import signal
import socket

import httpx
import pytest
import yaml

from tests.docs.pages import blocks
from tests.lead_rows import lead, leads, opened_table, write_sheet
from tests.local_server import free_port
from tests.running_command import wait_until

(TRIGGER,) = (block.text for block in blocks("sql") if block.page == "docs/operations.md")
PASSWORD = "w0rd-of-the-hook"


@pytest.fixture
def shop(postgres_url):
    yield from opened_table(postgres_url)


def test_a_commit_a_save_and_a_call_are_sent_at_once(project, shop, postgres_url, hatch):
    port = free_port()
    shop.run(TRIGGER)
    often = {"schedule": "every 1h", "key": "id"}
    table = {"table": "leads", "cursor": "updated_at", "notify": "leads_changed"}
    project.source("shop", type="sql", url=postgres_url, **table, **often)
    project.source("sheet", type="spreadsheet", path="leads.csv", **often)
    hook = {"type": "pipedrive", "user": "me", "password": PASSWORD}
    project.source("called", type="spreadsheet", path="called.csv", watch=False, hook=hook, **often)
    project.secrets += [PASSWORD, "made-up-for-tests"]
    hooks(project, port)
    shop.insert(lead(1))
    for name in ("leads.csv", "called.csv"):
        write_sheet(project.path(name), leads(1, first=10 if name == "leads.csv" else 20))

    with project.started("run") as running:
        hatch.wait_requests(3, 60)
        running.wait_said("webhooks are taken at")
        shop.insert(lead(2))
        hatch.wait_requests(4, 60)
        write_sheet(project.path("leads.csv"), leads(2, first=10))
        hatch.wait_requests(5, 60)
        write_sheet(project.path("called.csv"), leads(2, first=20))
        assert call(port, "wrong") == 401
        assert call(port, PASSWORD) == 200
        hatch.wait_requests(6, 60)

        project.set("called", hook=None)
        project.set("sheet", watch=False)
        hooks(project, port)
        running.send(signal.SIGHUP)
        running.wait_said("was read again")
        with pytest.raises(httpx.ConnectError):
            call(port, PASSWORD)
        write_sheet(project.path("leads.csv"), leads(3, first=10))
        shop.insert(lead(3))
        hatch.wait_requests(7, 60)
        running.send(signal.SIGTERM)
        running.end(143)
    assert sorted(map(int, hatch.ids())) == [1, 2, 3, 10, 11, 20, 21], "unwatched, it waits"


def test_a_port_that_is_in_use_is_said_before_anything_is_read(project, sheet, hatch):
    write_sheet(sheet, leads(1))
    hook = {"type": "pipedrive", "user": "me", "password": PASSWORD}
    project.set(schedule="every 1h", hook=hook)
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        hooks(project, port)
        said = project.call("run", code=2).err
    assert f"hooks.listen: webhooks can't be taken at 127.0.0.1 port {port}: Address already in use" in said
    assert "connector.yaml:" in said
    assert hatch.ids() == []
    hooks(project, other_port := free_port())
    with project.started("run") as running:
        hatch.wait_requests(1, 60)
        wait_until(lambda: call(other_port, PASSWORD, "crm") == 200)
        with socket.create_server(("127.0.0.1", 0)) as other:
            hooks(project, other.getsockname()[1])
            running.send(signal.SIGHUP)
            running.wait_said("is refused, the old one is kept")
        assert call(other_port, PASSWORD, "crm") == 200, "what was there goes on"
        running.send(signal.SIGTERM)
        running.end(143)


def hooks(project, port):
    """Write connector.yaml with a port for webhooks."""
    project.save()
    file = project.path("connector.yaml")
    file.write_text(file.read_text() + yaml.safe_dump({"hooks": {"listen": f"127.0.0.1:{port}"}}))


def call(port, password, source="called"):
    """Call a webhook, and return the status."""
    url = f"http://127.0.0.1:{port}/hooks/{source}"
    return httpx.post(url, auth=("me", password), json={"id": 1}, trust_env=False).status_code
