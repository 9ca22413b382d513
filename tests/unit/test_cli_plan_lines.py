"""What `plan` prints, line by line."""

from __future__ import annotations

import io
from collections import Counter

import pytest

from sync.cli.frame.plan_lines import show_plans
from sync.cli.frame.printing import Printer
from sync.engine import RunResult
from sync.events import Counts
from sync.lead import Lead
from sync.runtime.dry_ledger import Planned
from sync.runtime.judging import Edit, FieldEdit
from sync.runtime.planning import Judged, PlanReport
from sync.store.field_changes import Change

WON = Change("status", "changed", "won")
GONE = Change("email", "removed", None)
BACKFILL = "`leadrelay backfill crm --since TIME` sends it"
ALL = "`leadrelay plan crm --all` reads the whole source and judges the edit by it"
PLAN = Change("custom.plan", "added", "gold")


def shown(*noted: Planned, judged: Judged | None = None, limit: int = 20) -> list[str]:
    """Return what is printed below the counts."""
    stream = io.StringIO()
    result = RunResult("crm", "sync", Counts(polled=7))
    report = PlanReport("crm", result, judged or Judged(Edit(), 7), list(noted))
    show_plans(Printer(stream), [report], limit)
    return [line.rstrip() for line in stream.getvalue().splitlines()[1:]]


def test_a_changed_lead_has_a_line_for_each_field() -> None:
    assert shown(Planned("7", "changed", (WON, PLAN, GONE))) == [
        "  changed  crm:7",
        "      status       → won",
        "      custom.plan  + gold",
        "      email        gone",
    ]


def test_a_new_lead_has_one_line_and_long_values_are_cut() -> None:
    long = Change("custom.note", "added", "n" * 50)
    assert shown(Planned("7", "new", (PLAN, long))) == [
        "  new      crm:7  custom.plan: gold, custom.note: " + "n" * 39 + "…"
    ]
    (_, line) = shown(Planned("7", "changed", (Change("status", "changed", "s" * 200),)))
    assert line == "      status  → " + "s" * 99 + "…"


def test_only_a_lead_that_is_new_to_the_endpoint_has_one_line() -> None:
    lead = Lead({"status": "won"}, {"plan": "gold"})
    assert shown(Planned("7", "changed", (PLAN,), lead)) == ["  changed  crm:7", "      custom.plan  + gold"]
    adopted = Planned("7", "changed", (Change("status", "added", "won"), PLAN), lead)
    assert shown(adopted) == ["  changed  crm:7  status: won, custom.plan: gold"]


def test_a_lead_that_says_nothing_else_and_one_that_can_t_be_mapped() -> None:
    assert shown(Planned("7", "changed"), Planned("8", "invalid", reason="crm.yaml:3: no")) == [
        "  changed  crm:7",
        "  invalid  crm:8  crm.yaml:3: no",
    ]


def test_no_more_leads_than_asked_for() -> None:
    assert shown(*(Planned(str(key), "new", (PLAN,)) for key in range(5)), limit=1) == [
        "  new      crm:0  custom.plan: gold",
        "  … and 4 more new",
    ]


def test_what_a_value_holds_cant_move_the_cursor() -> None:
    assert shown(Planned("7", "new", (Change("status", "added", "a\x1b[2Jb\nc"),))) == [
        "  new      crm:7  status: a\N{REPLACEMENT CHARACTER}[2Jb c"
    ]


def test_all_that_an_edit_would_do() -> None:
    edit = Edit(
        changed=1200,
        fields={
            "email": FieldEdit(3, removed=3),
            "custom.plan": FieldEdit(1200, removed=1, example="gold plan"),
        },
        let_in=1,
        left_out=2,
        invalid=4,
        reasons=Counter({"crm.yaml:3: no": 4}),
        valid=5,
    )
    assert shown(judged=Judged(edit, 9000, whole=True)) == [
        "  The mapping was edited, which sends nothing by itself:",
        "    1,200 accepted leads would say something else; `leadrelay send-again crm --edited` sends them",
        "      FIELD        LEADS  NOW, AS AN EXAMPLE",
        "      custom.plan  1,200  gold plan  (gone in 1)",
        "      email            3  gone",
        f"    1 record that `where` left out is let in and noted as adopted; {BACKFILL}",
        "    2 leads would be left out by `where`: what waits is taken back, and nothing more is sent",
        "    5 records that could not be mapped can be now: the next sync sends them",
        "    4 records could not be mapped any more; what the endpoint has stays as it is:",
        "      4: crm.yaml:3: no",
        "  Judged by 9,000 records that were read for it.",
    ]


@pytest.mark.parametrize(
    ("judged", "said"),
    [
        (Judged(Edit(), 7), []),
        (
            Judged(Edit(), 7, whole=True),
            [
                "  The mapping makes the same of every lead that the endpoint has accepted.",
                "  Judged by 7 records that were read for it.",
            ],
        ),
        (
            Judged(Edit(), 0, unread=1500),
            [
                f"  1,500 more leads of an older mapping: {ALL}",
            ],
        ),
    ],
)
def test_it_is_said_what_was_read(judged: Judged, said: list[str]) -> None:
    assert shown(judged=judged) == said


def test_few_of_many_fields_are_listed() -> None:
    fields = {f"custom.f{number}": FieldEdit(1, example="x") for number in range(20)}
    lines = shown(judged=Judged(Edit(changed=1, fields=fields), 1, whole=True))
    assert lines[-2] == "      … and 5 more fields"
