"""The pages and the sandbox's own JSON."""

from __future__ import annotations

import re
import shutil
import subprocess

import httpx
import pytest

from sync.sandbox import Access, Rules, SandboxServer, State, control
from sync.sandbox.control import DESCRIBED, Control

LEAD = {"source": "my_company", "phoneNumber": "8045550123", "id": "1"}
EVIL = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"


@pytest.fixture
def sandbox():
    with SandboxServer() as sandbox:
        yield sandbox


@pytest.fixture
def client(sandbox):
    with httpx.Client(base_url=sandbox.url) as client:
        yield client


def send(client, **lead):
    return client.post(
        "api/webhooks/12345678/newlead", headers={"X-API-KEY": "sandbox-key"}, json={**LEAD, **lead}
    )


def test_the_empty_page_says_how_to_send_here(client):
    html = client.get("/").text
    assert "No lead has arrived yet" in html
    assert f"base_url: {client.base_url}api/webhooks/" in html
    assert "api_key: sandbox-key" in html
    assert "No request has come in yet" in client.get("/requests").text


def test_a_key_that_somebody_gave_is_on_no_page():
    access = Access({"d": "a-real-key"}, {"a-v1-key": "d"})
    with SandboxServer(State(access)) as sandbox, httpx.Client(base_url=sandbox.url) as client:
        client.post("api/webhooks/d/newlead", headers={"X-API-KEY": "a-real-key"}, json=LEAD)
        client.post("v1/contacts", headers={"Authorization": "Bearer a-v1-key"}, json=LEAD)
        paths = (
            "",
            "requests",
            "rules",
            "sandbox/contacts",
            "sandbox/requests",
            "sandbox/stats",
            "sandbox/rules",
        )
        shown = "".join(client.get(path).text for path in paths)
    assert "a-real-key" not in shown
    assert "a-v1-key" not in shown
    assert "a-real-key" not in repr(access)


def test_a_contact_is_shown_with_what_arrived_and_how_often_it_was_texted(client):
    send(
        client,
        firstName="Ada",
        lastName="Lovelace",
        email="ada@example.com",
        campaign="spring",
        contactID="c1",
    )
    send(client, id="2", firstName="Ada", status="open")
    html = client.get("/").text
    for text in (
        "Ada Lovelace",
        "8045550123",
        "ada@example.com",
        "open",
        "my_company",
        "c1",
        "campaign",
        "spring",
    ):
        assert text in html
    assert '<span class="badge warn">2 texts</span>' in html
    assert 'class="twice"' in html


def test_nobody_is_highlighted_who_was_texted_once(client):
    send(client)
    send(client)
    html = client.get("/").text
    assert 'class="twice"' not in html
    assert "badge warn" not in html


def test_search_and_the_filter_for_those_texted_more_than_once(client):
    send(client, firstName="Ada", note="blue")
    send(client, firstName="Grace", phoneNumber="8045550124")
    send(client, id="9", phoneNumber="8045550124")

    def numbers(**query):
        return [each["number"] for each in client.get("sandbox/contacts", params=query).json()["contacts"]]

    assert numbers() == [2, 1]
    assert numbers(q="ADA") == numbers(q="blue") == numbers(q="0123") == [1]
    assert numbers(q="9") == numbers(twice="1") == [2]
    assert numbers(offset="1", limit="5") == [1]
    assert numbers(q="ada", twice="1") == []
    assert "Grace" in client.get("/", params={"twice": "1"}).text
    assert "Nobody of that search" in client.get("/", params={"twice": "1", "q": "ada"}).text
    assert "No contact matches" in client.get("/", params={"q": "nobody"}).text


def test_many_contacts_come_in_parts(client):
    for number in range(60):
        send(client, id=str(number), phoneNumber=f"80455501{number:02}", firstName=f"n{number}.")
    first, second, beyond = (client.get("/", params={"offset": n}).text for n in (0, 50, 5000))
    assert "1 to 50 of 60" in first
    assert "n59." in first
    assert "n0." in second
    assert "n59." not in second
    assert "51 to 60 of 60" in second
    assert "51 to 60 of 60" in beyond


def test_what_arrives_is_escaped_everywhere(client):
    evil = dict.fromkeys(("firstName", "lastName", "email", "status", "source", "id", "contactID"), EVIL)
    send(client, **evil, phoneNumber=EVIL, **{EVIL: {EVIL: EVIL}})
    client.post(f"/api/webhooks/{EVIL}/newlead", content=EVIL)
    client.put("/sandbox/faults", json=[{"action": "errors", "message": EVIL, "lead": EVIL}])
    for path in ("/", "/requests", "/rules", f"/?q={EVIL}"):
        html = client.get(path).text
        assert "<script>document" not in html
        assert "<img" not in html
    assert "&lt;script&gt;" in client.get("/").text


def test_pages_load_nothing_from_elsewhere_and_run_only_their_own_script(client):
    send(client)
    for path in ("/", "/requests", "/rules"):
        answer = client.get(path)
        policy = answer.headers["content-security-policy"]
        [nonce] = re.findall(r"script-src 'nonce-([^']+)'", policy)
        assert f'<script nonce="{nonce}">' in answer.text
        assert policy.startswith("default-src 'none'")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        links = re.findall(r'(?:src|href|action)="([^"]*)"', answer.text)
        assert all(each.startswith(("/", "#", "data:,")) and not each.startswith("//") for each in links)


def test_the_part_that_changes_is_fetched_only_when_something_changed(client):
    whole = client.get("/")
    tag = whole.headers["etag"]
    same = client.get("/", headers={"X-Fragment": "1", "If-None-Match": tag})
    assert (same.status_code, same.content) == (304, b"")
    send(client, firstName="Ada")
    part = client.get("/", headers={"X-Fragment": "1", "If-None-Match": tag})
    assert part.status_code == 200
    assert "Ada" in part.text
    assert "<html" not in part.text


def test_the_log_page_tells_outcomes_apart(client):
    send(client)
    send(client, createdAt="yesterday")
    client.put("/sandbox/faults", json=["status=503 when=after"])
    send(client, id="2")
    html = client.get("/requests").text
    assert html.count('class="badge good">stored') == 2
    assert "createdAt must be a timestamp" in html
    assert "fault: status=503 when=after" in html
    assert "1 fault is set" in html


def test_the_rules_page_shows_every_rule_with_its_grade():
    with SandboxServer(State(rules=Rules(dedup="none"))) as sandbox:
        html = httpx.get(f"{sandbox.url}rules").text
    for rule in Rules().described():
        assert f"<code>{rule['name']}</code>" in html
        assert rule["grade"].split("'")[0] in html
    assert "usually match" in html


def test_every_control_is_on_the_rules_page_and_in_the_docstring(client):
    html = client.get("/rules").text
    routes = {
        (method, route.path) for route in Control(State()).routes() for method in route.methods - {"HEAD"}
    }
    assert {(each.method, each.path) for each in DESCRIBED} == routes
    documented = re.findall(r"^(GET|PUT|DELETE|POST) +(/\S+)", control.__doc__, re.MULTILINE)
    assert set(documented) == routes
    for method, path in routes:
        assert f"<code>{method} {path}</code>" in html


def test_requests_as_json(client):
    for number in range(4):
        send(client, id=str(number))
    every = client.get("sandbox/requests").json()
    assert every["total"] == 4
    assert [each["id"] for each in every["requests"]] == ["0", "1", "2", "3"]
    later = client.get("sandbox/requests", params={"after": "2", "limit": "1"}).json()
    assert [each["sequence"] for each in later["requests"]] == [4]
    assert client.get("sandbox/requests", params={"limit": "0"}).json()["requests"] == []


@pytest.mark.parametrize("query", ["limit=-1", "limit=x", "offset=1.5", "offset=99999999999999"])
def test_a_number_that_is_none_is_said(client, query):
    answer = client.get(f"sandbox/contacts?{query}")
    assert answer.status_code == 400
    assert "expected a whole number" in answer.json()["errors"][0]


def test_faults_are_set_shown_and_cleared(client):
    answer = client.put("sandbox/faults", json=["status=503 times=1", {"action": "hang", "lead": "7"}])
    assert [each["text"] for each in answer.json()["faults"]] == ["status=503 times=1", "hang lead=7"]
    assert [send(client).status_code for _ in range(2)] == [503, 200]
    listed = client.get("sandbox/faults").json()["faults"]
    assert [(each["seen"], each["struck"]) for each in listed] == [(2, 1), (0, 0)]
    again = client.put("sandbox/faults", json={"faults": [each["fault"] for each in listed]})
    assert [each["text"] for each in again.json()["faults"]] == ["status=503 times=1", "hang lead=7"]
    assert client.delete("sandbox/faults").json() == {"faults": []}


@pytest.mark.parametrize("body", ["", "{", "{}", '{"faults": 1}', '["nonsense"]', '[{"action": "explode"}]'])
def test_faults_that_are_none_change_nothing(client, body):
    client.put("sandbox/faults", json=["hang lead=7"])
    answer = client.put("sandbox/faults", content=body)
    assert answer.status_code == 400
    assert answer.json()["errors"]
    assert [each["text"] for each in client.get("sandbox/faults").json()["faults"]] == ["hang lead=7"]


def test_rules_are_shown_and_switched(client):
    answer = client.put("sandbox/rules", json={"success": "no_content", "rate_limit": "9/s"})
    values = {each["name"]: each["value"] for each in answer.json()["rules"]}
    assert (values["success"], values["rate_limit"]) == ("no_content", "9/1s")
    assert send(client).status_code == 204
    for wrong in ({"succes": 1}, {"self": 1}, [], {"success": None}):
        assert client.put("sandbox/rules", json=wrong).status_code == 400
    assert {each["name"]: each["value"] for each in client.get("sandbox/rules").json()["rules"]} == values


def test_a_reset_forgets_what_arrived_and_keeps_rules_and_faults(client):
    client.put("sandbox/faults", json=["hang lead=7"])
    client.put("sandbox/rules", json={"success": "no_content"})
    send(client)
    assert client.post("sandbox/reset").json() == {"reset": True}
    stats = client.get("sandbox/stats").json()
    assert (stats["requests"], stats["contacts"], stats["texts"], stats["by_status"]) == (0, 0, 0, {})
    assert client.get("sandbox/contacts").json() == {"total": 0, "contacts": []}
    assert len(client.get("sandbox/faults").json()["faults"]) == 1
    assert send(client).status_code == 204
    assert client.get("sandbox/stats").json()["texts"] == 1


def test_looking_is_not_counted_as_a_request(client):
    for path in ("", "requests", "rules", "sandbox/stats", "sandbox/nothing"):
        client.get(path)
    assert client.get("sandbox/stats").json()["requests"] == 0


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "sandbox/reset"), ("POST", "sandbox/stats"), ("POST", "/")]
)
def test_a_method_that_is_none_is_said_as_json(client, method, path):
    answer = client.request(method, path)
    assert answer.status_code == 405
    assert answer.json()["errors"]


def test_other_web_sites_can_neither_look_nor_touch(client):
    assert client.get("sandbox/contacts", headers={"Host": "evil.example.com"}).status_code == 403
    assert client.get("/", headers={"Host": "evil.example.com:8710"}).status_code == 403
    assert client.get("/", headers={"Host": f"localhost:{client.base_url.port}"}).status_code == 200
    origin = {"Origin": "https://evil.example.com"}
    assert client.post("sandbox/reset", headers=origin).status_code == 403
    assert client.put("sandbox/faults", headers=origin, json=[]).status_code == 403
    own = {"Origin": str(client.base_url).rstrip("/")}
    assert client.post("sandbox/reset", headers=own).status_code == 200


def test_a_lead_may_come_by_any_host_name(client):
    key = {"X-API-KEY": "sandbox-key", "Host": "hatch.example.com"}
    assert client.post("api/webhooks/12345678/newlead", headers=key, json=LEAD).status_code == 200


@pytest.mark.skipif(shutil.which("chromium") is None, reason="no Chromium on this machine")
def test_a_browser_runs_the_page_and_nothing_that_arrived(client, tmp_path):
    send(client, firstName=EVIL)
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
    command += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    command += [
        f"--user-data-dir={tmp_path}",
        "--virtual-time-budget=3000",
        "--dump-dom",
        str(client.base_url),
    ]
    shown = subprocess.run(command, capture_output=True, text=True, timeout=90, check=True).stdout
    assert "<title>Contacts" in shown
    assert '<span id="state" role="status">live</span>' in shown
    assert "&lt;script&gt;" in shown


@pytest.mark.skipif(shutil.which("chromium") is None, reason="no Chromium on this machine")
def test_an_open_page_shows_what_arrives_and_keeps_what_was_opened(client):
    playwright = pytest.importorskip("playwright.sync_api")
    options = {"executable_path": shutil.which("chromium"), "args": ["--no-sandbox", "--disable-quic"]}
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(**options)
        page = browser.new_page()
        problems: list[str] = []
        page.on("console", lambda message: problems.append(message.text))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(str(client.base_url))
        send(client, firstName="Ada", campaign="spring")
        page.wait_for_selector("text=Ada")
        page.click("summary")
        send(client, firstName="Grace", id="2")
        page.wait_for_selector("text=Grace")
        assert page.locator("details[open]").count() == 1
        assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
        browser.close()
    assert problems == []
