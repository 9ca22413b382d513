"""`preview`, `plan`, `sync`, `backfill` and `run`, as they are called, against a Hatch."""

from __future__ import annotations

import json
import signal
import subprocess
import time

import pytest

from sync.cli.frame.app import run
from tests import command
from tests.command import COMMAND, environment

CONNECTOR = """endpoint:
  type: hatch
  department_id: "{hatch.department}"
  api_key: {hatch.api_key}
  source: my_company
  base_url: {hatch.base_url}
  give_up: 1s
sources:
  crm:
    type: spreadsheet
    path: crm.csv
    key: id
    changed: changed
    mapping: crm.yaml
    schedule: every 1s
    first_sync: everything
"""
MAPPING = (
    "where: \"name != 'Nobody'\"\nlead:\n  firstName: name\n  phoneNumber: phone\ncustom:\n  plan: plan\n"
)
ROWS = (
    "id,name,phone,plan,changed",
    "1,Ada,(804) 555-0101,gold,2026-01-01",
    "2,Grace,804,gold,2026-02-01",
    "3,Nobody,(804) 555-0103,gold,2026-03-01",
    "4,Linus,(804) 555-0104,gold,2026-04-01",
)


@pytest.fixture
def project(tmp_path, hatch):
    (tmp_path / "connector.yaml").write_text(CONNECTOR.format(hatch=hatch))
    (tmp_path / "crm.yaml").write_text(MAPPING)
    write_rows(tmp_path, *ROWS)
    return tmp_path


def write_rows(directory, *rows):
    (directory / "crm.csv").write_text("".join(f"{row}\n" for row in rows))


@pytest.fixture
def call(project, monkeypatch, capfd):
    """Call the command in the project; returns its code, its stdout and its stderr."""
    monkeypatch.chdir(project)

    def calling(*arguments):
        code = run(arguments)
        said = capfd.readouterr()
        return int(code), said.out, said.err

    return calling


def document(call, *arguments, code=0):
    ended, out, err = call(*arguments, "--json")
    assert ended == code, err
    return json.loads(out)


def test_preview_shows_each_record_and_what_becomes_of_it(call, project, hatch):
    code, out, _ = call("preview", "crm")
    assert code == 1  # one of them is invalid
    heads = [line for line in out.splitlines() if line.startswith("record")]
    assert [line.split()[1] for line in heads] == ["1", "2", "3", "4"]
    assert [line.split()[-1] for line in heads] == ["goes", "invalid", "skipped", "goes"]
    assert "    phoneNumber  8045550101" in out
    assert "crm.yaml:4:16: lead.phoneNumber" in out
    assert hatch.requests() == []
    assert not (project / "leadrelay.db").exists()


def test_preview_as_a_document(call):
    first, second = document(call, "preview", "crm", "-n", "2", code=1)["records"]
    assert first["record"]["name"] == "Ada"
    assert first["lead"] == {"id": "1", "firstName": "Ada", "phoneNumber": "8045550101", "plan": "gold"}
    assert (second["lead"], len(second["invalid"])) == (None, 1)


def test_a_terminal_that_lacks_a_letter_gets_it_escaped(project):
    write_rows(project, ROWS[0], ROWS[1].replace("Ada", "Zo\N{LATIN SMALL LETTER E WITH DIAERESIS}"))
    said = command.call("preview", "crm", cwd=project, PYTHONIOENCODING="ascii")
    assert said.returncode == 0, said.stderr
    assert "Zo\\xeb" in said.stdout


def test_plan_sends_nothing_and_makes_no_store(call, project, hatch):
    code, out, _ = call("plan", "-q")
    assert code == 1
    assert out.splitlines()[0] == "crm: 4 read: 2 new, 1 skipped, 1 invalid"
    assert "  new      crm:1  id: 1, firstName: Ada, phoneNumber: 8045550101, custom.plan: gold" in out
    assert hatch.requests() == []
    assert not (project / "leadrelay.db").exists()


def test_p10_plan_shows_values_as_its_answer_and_logs_none(call):
    call("sync")
    said = [call("-v", "plan", "--all"), call("-v", "plan", "--json", "--all")]
    assert [word for _, _, err in said for word in ("Ada", "555", "gold") if word in err] == []


def test_plan_shows_field_by_field_what_changed_and_what_an_edit_would_do(call, project, hatch):
    call("sync")
    write_rows(project, *ROWS[:1], ROWS[1].replace("gold", "silver"), *ROWS[2:])
    (project / "crm.yaml").write_text(MAPPING.replace("custom:", "custom:\n  hello: Dear {{ name }}"))
    _, out, _ = call("plan", "-q", "--all")
    assert [line.rstrip() for line in out.splitlines() if "invalid" not in line] == [
        "  changed  crm:1",
        "      custom.hello  + Dear Ada",
        "      custom.plan   → silver",
        "  The mapping was edited, which sends nothing by itself:",
        "    1 accepted lead would say something else; `leadrelay send-again crm --edited` sends it",
        "      FIELD         LEADS  NOW, AS AN EXAMPLE",
        "      custom.hello      1  Dear Linus",
        "  Judged by 4 records that were read for it.",
    ]
    (planned,) = document(call, "plan", "crm", "--all", code=1)["plans"]
    assert {each["id"]: each["changes"] for each in planned["leads"]}["crm:1"] == [
        {"field": "custom.hello", "what": "added", "value": "Dear Ada"},
        {"field": "custom.plan", "what": "changed", "value": "silver"},
    ]
    assert planned["edit"]["fields"] == [
        {"field": "custom.hello", "leads": 1, "removed": 0, "example": "Dear Linus"}
    ]
    assert hatch.ids() == ["1", "4"]


def test_send_again_counts_asks_and_sends_what_an_edit_made_others(call, project, hatch):
    call("sync")
    (project / "crm.yaml").write_text(MAPPING.replace("plan: plan", "plan: '{{ plan }} plan'"))
    code, _, err = call("send-again", "crm", "--edited")
    assert (code, "Send 2 edited leads of crm once more? Say --yes" in err) == (2, True)
    assert document(call, "send-again", "crm", "--edited", "--dry-run")["counts"]["staged"] == 2
    assert hatch.ids() == ["1", "4"]
    assert (
        document(call, "send-again", "crm", "--edited", "--where", "id == '4'", "--yes")["counts"]["staged"]
        == 1
    )
    assert [each["plan"] for each in hatch.leads()[2:]] == ["gold plan"]
    assert document(call, "send-again", "crm", "--edited", "--yes")["counts"]["staged"] == 1
    assert document(call, "send-again", "crm", "--edited", "--yes")["counts"]["staged"] == 0
    assert document(call, "sync", code=1)["delivery"]["accepted"] == 0


@pytest.mark.parametrize(
    ("where", "said"),
    [
        (
            "plan = 'gold'",
            "--where: unexpected input after expression; to compare, write == (at character 6)",
        ),
        (
            "id and plann == 'gold'",
            '--where: there is no column plann (did you mean "plan"?); there are id, name',
        ),
        ("id and plann == 'gold'", "(at character 8)"),
    ],
)
def test_a_where_that_names_nothing_is_refused_at_its_character(call, where, said):
    code, _, err = call("send-again", "crm", "--where", where, "--dry-run")
    assert (code, said in err) == (2, True), err


def test_sync_sends_what_is_new_and_plan_shows_what_has_changed_since(call, project, hatch):
    found = document(call, "sync", code=1)
    assert {name: found["runs"][0][name] for name in ("source", "polled", "new", "skipped", "invalid")} == {
        "source": "crm",
        "polled": 4,
        "new": 2,
        "skipped": 1,
        "invalid": 1,
    }
    assert found["delivery"]["accepted"] == 2
    assert hatch.ids() == ["1", "4"]
    write_rows(project, *ROWS[:1], ROWS[1].replace("gold", "silver"), *ROWS[2:])
    (planned,) = document(call, "plan", code=1)["plans"]  # one is still invalid
    assert [(each["id"], each["what"], each["fields"]) for each in planned["leads"]] == [
        ("crm:1", "changed", ["custom.plan"])
    ]


def test_sync_tells_a_person_in_a_table(call):
    code, out, err = call("sync", "crm")
    assert code == 1
    assert out.splitlines()[0].split() == ["SOURCE", "POLLED", "NEW", "SKIPPED", "INVALID"]
    assert out.splitlines()[1].split() == ["crm", "4", "2", "1", "1"]
    assert out.splitlines()[-1].startswith("delivery: 2 accepted")
    assert "crm: sync begins" in err


def test_a_sync_with_nothing_wrong_ends_with_0(call, project):
    write_rows(project, *ROWS[:2])
    assert call("sync", "-q")[0] == 0


def test_p7_a_refused_key_is_said_and_ends_with_3(call, project, hatch):
    text = (project / "connector.yaml").read_text().replace(hatch.api_key, "wrong-key")
    (project / "connector.yaml").write_text(text)
    code, _, err = call("sync", "-q")
    assert code == 3
    assert "leads are waiting" in err
    assert "wrong-key" not in err
    assert hatch.leads() == []


def test_a_source_that_cant_be_read_ends_with_2_or_3_and_names_its_setting(call, project):
    (project / "crm.csv").unlink()
    code, out, err = call("sync", "-q")
    assert code in (2, 3)
    assert "crm.csv" in out + err
    assert "Traceback" not in err


def test_a_source_that_is_not_there_is_refused(call):
    code, _, err = call("sync", "crn")
    assert (code, 'did you mean "crm"' in err) == (2, True)


def test_a_paused_source_is_left_alone(call, hatch):
    call("pause", "crm")
    code, out, _ = call("sync", "-q")
    assert code == 0
    assert "crm: not polled: paused" in out
    assert hatch.requests() == []


def test_backfill_sends_its_window_once(call, hatch):
    dry = document(call, "backfill", "crm", "--since", "2026-03-15", "--dry-run")
    assert (dry["counts"]["staged"], dry["outside"], hatch.ids()) == (1, 3, [])
    found = document(call, "backfill", "crm", "--since", "2026-03-15", "--rate", "100/s")
    assert (found["delivery"]["accepted"], found["all_read"], hatch.ids()) == (1, True, ["4"])
    again = document(call, "backfill", "crm", "--since", "2026-03-15")
    assert (again["delivery"]["accepted"], hatch.ids()) == (0, ["4"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "which span?"),
        (["--since", "01/02/2026"], "2026-01-31"),
        (["--since", "2026-02-01", "--until", "2026-01-01"], "later than"),
        (["--since", "2026-02-01", "--rate", "fast"], "--rate"),
        (["--since", "2026-02-01", "--by", "age"], "--by"),
    ],
)
def test_a_backfill_that_is_not_clear_is_refused(call, hatch, arguments, said):
    code, _, err = call("backfill", "crm", *arguments)
    assert (code, said in err) == (2, True), err
    assert hatch.requests() == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_run_polls_and_delivers_until_a_signal(project, hatch, number):
    process = subprocess.Popen(
        [*COMMAND, "run", "--json"], cwd=project, env=environment(), stdout=-1, stderr=-1, text=True
    )
    try:
        hatch.wait_requests(2)
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 128 + number, err
    assert json.loads(out) == {"stopped_by": number}
    assert sorted(hatch.ids()) == ["1", "4"]
    assert "stopping" in err


def test_a_reload_takes_over_a_good_file_and_refuses_a_bad_one(project, hatch):
    good = (project / "connector.yaml").read_text()
    process = subprocess.Popen(
        [*COMMAND, "run"], cwd=project, env=environment(), stderr=-1, stdout=-1, text=True
    )
    try:
        hatch.wait_requests(2)
        (project / "connector.yaml").write_text(good.replace("type: hatch", "type: hutch"))
        process.send_signal(signal.SIGHUP)
        refused = _line_with(process, "refused")
        (project / "connector.yaml").write_text(good)
        process.send_signal(signal.SIGHUP)
        taken = _line_with(process, "read again")
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
    finally:
        process.kill()
        process.communicate()
    assert refused
    assert taken
    assert process.returncode == 143


def _line_with(process, word):
    end = time.monotonic() + 30
    while time.monotonic() < end:
        line = process.stderr.readline()
        if word in line:
            return line
    return ""
