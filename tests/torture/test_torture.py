"""Every experiment, small and with a fixed seed; whole by ``make torture``."""

from __future__ import annotations

import gc
import warnings

import pytest

from tests.torture.experiment import Experiment, Tally
from tests.torture.report import (
    BEGIN,
    END,
    PAGE,
    SHORT_PAGE,
    Row,
    name_in,
    rows_in,
    saved,
    shortened,
    table_in,
)
from tests.torture.run import SEED, experiments

EXPERIMENTS = experiments()


@pytest.mark.parametrize("experiment", EXPERIMENTS, ids=lambda each: each.name)
def test_promises_hold_under(experiment: Experiment, tmp_path) -> None:
    with warnings.catch_warnings():
        # Servers of the harness end with their loops, at times before a connection that nobody wants any
        # more. What the program itself leaves open is counted by the experiments, in open files.
        warnings.simplefilter("ignore", ResourceWarning)
        tally = experiment.run(SEED, experiment.small, tmp_path)
        gc.collect()
    assert tally.broken == []
    assert tally.lost == 0
    assert tally.repeated <= tally.allowed
    assert tally.faults > 0
    assert tally.leads > 0


def test_the_table_has_a_row_for_each_experiment() -> None:
    rows = rows_in(table_in(PAGE))
    assert [name_in(row) for row in rows] == [each.name for each in EXPERIMENTS]
    for row, experiment in zip(rows, EXPERIMENTS, strict=True):
        assert f"| {', '.join(experiment.promises)} | {experiment.how} |" in row
        assert f"--only {experiment.name} " in row


def test_the_readme_has_the_same_figures() -> None:
    assert table_in(SHORT_PAGE) == shortened()


def test_a_row_is_replaced_and_the_others_stay(tmp_path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"# Before\n\n{BEGIN}\n{END}\n\nAfter\n", encoding="utf-8")
    one, other = (
        Experiment(name, ("P1",), "it is done", lambda _seed, _faults, _directory: Tally(), 5, 1)
        for name in ("one", "other")
    )
    saved([Row(other, Tally(2, 2000, 0, 1, 3), 7, 5)], page)
    saved([Row(one, Tally(9), 7, 9)], page)
    text = page.read_text(encoding="utf-8")
    assert text.startswith("# Before\n")
    assert text.endswith(f"{END}\n\nAfter\n")
    first, second = rows_in(text)
    assert first.startswith(
        '| `one` | P1 | it is done | 9 | 0 | 0 | 0 (0) | 7 | `make torture ARGS="--only one '
    )
    assert second.startswith("| `other` | P1 | it is done | 2 | 2,000 | 0 | 1 (3) | 7 |")
    assert ("--faults 9" in first, "--faults" in second) == (True, False)


@pytest.mark.parametrize(
    "tally",
    [Tally(lost=1), Tally(repeated=2, allowed=1), Tally(broken=["P4: it went backwards"])],
)
def test_a_broken_promise_is_one(tally: Tally) -> None:
    assert not tally.kept
