"""The verbs that look into the store and mend what is in it, as they are called."""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING

import pytest

from sync.cli.frame.app import run
from sync.store.leases import this_process
from sync.store.store import open_store
from sync.store.working import keep_working
from tests.store_scene import PRIVATE, filled_project, write_project

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(tmp_path, monkeypatch, capfd) -> Call:
    """Call the command in the project's directory; returns its code, its stdout and its stderr."""
    monkeypatch.chdir(tmp_path)

    def calling(*arguments: str) -> tuple[int, str, str]:
        code = run(arguments)
        said = capfd.readouterr()
        return int(code), said.out, said.err

    return calling


@pytest.fixture
def filled(tmp_path) -> None:
    """A project in which something of everything has happened."""
    filled_project(tmp_path)


@pytest.fixture
def new(tmp_path) -> None:
    """A project that was never synced."""
    write_project(tmp_path)


def document(call: Call, *arguments: str) -> Any:
    code, out, _ = call(*arguments, "--json")
    return json.loads(out) if code != 70 else pytest.fail(out)


@pytest.mark.usefixtures("new")
def test_looking_at_a_new_project_makes_no_store(call, tmp_path):
    for verb in (["status"], ["leads"], ["state", "show"], ["state", "export"], ["resume", "crm"]):
        code, _, err = call(*verb)
        assert (code, err) == (0, ""), verb
    assert call("trace", "7")[0] == 1
    assert not (tmp_path / "leadrelay.db").exists()


@pytest.mark.usefixtures("new")
@pytest.mark.parametrize(
    ("arguments", "said"), [(("--state", "helt"), 'did you mean "held"'), (("--source", "crn"), "no source")]
)
def test_a_name_that_is_none_is_refused_in_a_new_project_too(call, arguments, said):
    code, _, err = call("leads", *arguments)
    assert code == 2
    assert said in err


@pytest.mark.usefixtures("new")
def test_there_is_nothing_to_act_on_in_a_new_project(call):
    for verb in (["retry", "7"], ["discard", "--all"], ["state", "reset", "crm", "--all"]):
        code, _, err = call(*verb)
        assert (code, "nothing has been read yet" in err) == (2, True)


@pytest.mark.usefixtures("filled")
def test_status_is_a_line_for_each_source_and_endpoint(call):
    code, out, _ = call("status")
    lines = out.splitlines()
    assert code == 0
    assert [line.partition(":")[0] for line in lines] == ["source crm", "source walk_ins", "endpoint default"]
    assert "1 unknown, 3 held, 1 rejected, 1 invalid" in lines[0]
    assert "every 5m" in lines[0]
    assert "last run never" in lines[1]
    assert "halted" in lines[2]


@pytest.mark.usefixtures("filled")
def test_status_is_a_document(call):
    found = document(call, "status")
    crm, walk_ins = found["sources"]
    assert found["needs_you"] is True
    assert (crm["held"], crm["rejected"], crm["unknown"], crm["invalid"], crm["pending"]) == (3, 1, 1, 1, 1)
    assert crm["last_run"]["outcome"] == "done"
    assert crm["next_run"] > crm["last_run"]["started"]
    assert (walk_ins["last_run"], walk_ins["schedule"]) == (None, None)
    assert found["endpoints"][0]["state"] == "halted"


@pytest.mark.usefixtures("filled")
def test_what_delivery_noted_is_shown_only_while_it_delivers(call, tmp_path):
    now = time.time()
    noted = {"window": 4, "max_in_flight": 8, "in_flight": 3, "rate": 2.5, "next_try": None, "at": now}
    store = open_store(f"sqlite:///{tmp_path / 'leadrelay.db'}")
    try:
        store.write_now(lambda connection: keep_working(connection, "default", noted, now))
        (endpoint,) = document(call, "status")["endpoints"]
        assert (endpoint["delivered_by"], endpoint["working"]) == (None, None)
        asyncio.run(store.acquire("endpoint:default"))
        (endpoint,) = document(call, "status")["endpoints"]
        assert endpoint["delivered_by"] == this_process()
        working = endpoint["working"]
        assert (working["window"], working["max_in_flight"], working["in_flight"]) == (4, 8, 3)
        assert (working["accepted_per_second"], working["next_try"]) == (2.5, None)
        assert "nothing delivers" not in call("status")[1]
    finally:
        store.close()


@pytest.mark.usefixtures("filled")
def test_strict_status_ends_with_1_when_anything_needs_a_person(call):
    assert call("status", "--strict")[0] == 1


@pytest.mark.usefixtures("new")
def test_strict_status_of_a_new_project_is_well(call):
    assert call("status", "--strict")[0] == 0


@pytest.mark.usefixtures("filled")
def test_leads_are_listed_by_state_source_and_reason(call):
    _, out, _ = call("leads", "--state", "rejected,invalid", "--source", "crm")
    assert [line.split()[:2] for line in out.splitlines()[1:]] == [
        ["crm:2", "rejected"],
        ["crm:3", "invalid"],
    ]
    assert [each["id"] for each in document(call, "leads", "--reason", "422")["leads"]] == ["crm:2"]


@pytest.mark.usefixtures("filled")
def test_a_list_says_how_it_goes_on(call):
    first = document(call, "leads", "-n", "4")
    rest = document(call, "leads", "--after", first["next"])
    assert [each["key"] for each in [*first["leads"], *rest["leads"]]] == ["1", "2", "3", "5", "6", "7", "8"]
    assert rest["next"] is None


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["leads", "--state", "hold"], 'did you mean "held"'),
        (["leads", "--state", "accepted"], "there are: pending, held"),
        (["leads", "--source", "crn"], 'did you mean "crm"'),
        (["leads", "--after", "x"], "--after"),
        (["discard"], "which leads?"),
        (["retry", "--dry-run"], "which leads?"),
        (["retry", "99"], "no lead is known as 99"),
        (["retry", "--state", "held"], "there are: rejected, unknown, invalid"),
        (["discard", "--all"], "--yes"),
        (["pause"], "--endpoint"),
        (["pause", "crm", "--endpoint", "default"], "or an endpoint"),
        (["pause", "--endpoint", "defalt"], 'did you mean "default"'),
        (["state", "reset", "crm"], "--position-only"),
        (["state", "reset", "crm", "--all"], "may be sent again"),
    ],
)
def test_what_cant_be_done_is_said_and_nothing_is_done(call, arguments, said):
    before = document(call, "leads")
    code, out, err = call(*arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert document(call, "leads") == before


@pytest.mark.usefixtures("filled")
def test_a_trace_by_id_phone_and_email(call):
    for name in ("crm:1", "1", "ada@example.com"):
        code, out, _ = call("trace", name)
        assert code == 0
        assert out.startswith("crm:1  held  to default\n")
        assert "changed: custom.plan" in out
    found = document(call, "trace", "804-555-0102")
    assert [each["id"] for each in found["leads"]] == ["crm:2", "crm:5", "crm:7", "crm:8"]


@pytest.mark.usefixtures("filled")
def test_a_trace_of_nobody_ends_with_1(call):
    assert call("trace", "grace@example.org") == (1, "No lead is known by this.\n", "")


@pytest.mark.usefixtures("filled")
def test_p10_no_answer_holds_anything_personal(call):
    said = ""
    for arguments in (
        ["status"],
        ["leads"],
        ["leads", "--state", "skipped"],
        ["trace", "ada@example.com"],
        ["trace", "(804) 555-0102"],
        ["trace", "ada@example.net"],
        ["state", "show"],
        ["state", "export"],
        ["retry", "crm:2"],
    ):
        said += "".join(map(str, call(*arguments))) + "".join(map(str, call(*arguments, "--json")))
    assert [word for word in PRIVATE if word in said] == []


@pytest.mark.usefixtures("filled")
def test_retry_lets_one_lead_go(call):
    code, out, err = call("retry", "crm:2")
    assert (code, out) == (0, "1 lead retried: 1 rejected\n")
    assert "leadrelay sync" in err
    assert [each["state"] for each in document(call, "leads")["leads"] if each["key"] == "2"] == ["pending"]


@pytest.mark.usefixtures("filled")
def test_retry_says_what_it_left_alone(call):
    code, out, _ = call("retry", "crm:7")
    assert (code, out.splitlines()[0]) == (0, "0 leads retried")
    assert "1 held" in out


@pytest.mark.usefixtures("filled")
def test_acting_on_a_lead_that_stands_elsewhere_says_how_to_see_where(call):
    code, out, err = call("approve", "crm:2")
    assert (code, out.splitlines()[0]) == (0, "0 leads approved")
    assert "None of them is held; `leadrelay trace ID`" in err


@pytest.mark.usefixtures("filled")
def test_a_dry_run_changes_nothing(call):
    before = document(call, "leads")
    assert call("discard", "--all", "--dry-run")[1].startswith("7 leads would be discarded")
    assert document(call, "leads") == before


@pytest.mark.usefixtures("filled")
def test_discard_and_approve_by_options(call):
    assert document(call, "approve", "--source", "crm", "--yes") == {
        "approved": 3,
        "states": {"held": 3},
        "left_alone": {},
        "dry_run": False,
    }
    found = document(call, "discard", "--state", "rejected", "--state", "unknown", "-y")
    assert (found["discarded"], found["states"]) == (2, {"unknown": 1, "rejected": 1})
    assert {each["state"] for each in document(call, "leads")["leads"]} == {"pending", "invalid"}


@pytest.mark.usefixtures("filled")
def test_p10_what_is_discarded_is_erased_from_the_file(call, tmp_path):
    file = tmp_path / "leadrelay.db"
    assert b"Barbara" in file.read_bytes()
    assert call("discard", "--all", "--yes")[0] == 0
    left = b"".join(each.read_bytes() for each in tmp_path.glob("leadrelay.db*") if each.is_file())
    assert [word for word in PRIVATE if word.encode() in left] == []


@pytest.mark.usefixtures("filled")
def test_a_pause_is_seen_and_ended(call):
    assert call("pause", "crm")[1] == "source crm is paused\n"
    assert call("pause", "crm")[1] == "source crm was paused already\n"
    assert "paused since" in call("status")[1]
    assert document(call, "resume", "crm") == {"scope": "source:crm", "paused": False, "changed": True}
    assert call("resume", "crm")[1] == "source crm was not paused\n"


@pytest.mark.usefixtures("filled")
def test_the_state_is_shown_reset_and_exported(call):
    (crm,) = document(call, "state", "show")["sources"]
    assert crm["leads"]["held"] == 3
    lines = call("state", "export")[1].splitlines()
    assert [json.loads(line)["key"] for line in lines] == [str(number) for number in range(1, 9)]
    assert len(document(call, "state", "export", "crm")["leads"]) == 8
    assert document(call, "state", "reset", "crm", "--position-only", "--yes")["reset"] == "position"
    assert document(call, "state", "show")["sources"][0]["position"] is None
    assert document(call, "state", "reset", "crm", "--all", "--yes")["leads_forgotten"] == 8
    assert document(call, "state", "show") == {"sources": []}


@pytest.mark.usefixtures("filled")
def test_leads_of_a_source_that_was_taken_out_can_still_be_seen(call, tmp_path):
    path = tmp_path / "connector.yaml"
    text = path.read_text()
    path.write_text(text[: text.index("  crm:")] + text[text.index("  walk_ins:") :])
    assert len(document(call, "leads", "--source", "crm")["leads"]) == 7
    assert "is not in connector.yaml any more" in call("status")[1]
