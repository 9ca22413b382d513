"""Backfills and `send-again` through the installed parts: a spreadsheet, a real store, the local Hatch."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import yaml
from sqlalchemy import update

from sources.base import Window
from sync.config import load_config
from sync.mapping.condition import Condition
from sync.runtime.backfilling import backfill, dry_backfill
from sync.runtime.connector import open_connector
from sync.runtime.stopping import Stop
from sync.runtime.syncing import sync
from sync.states import State
from sync.store import tables
from sync.wishes import SendAgain, Wish

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sync.runtime.connector import Connector
    from tests.sandbox_server import Hatch

MAPPING = """\
where: "kind == 'lead'"
lead:
  phoneNumber: phone
  status: status
  createdAt: created
  updatedAt: changed
"""


def write_rows(directory: Path, count: int, status: str = "new") -> None:
    with (directory / "leads.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "phone", "status", "kind", "created", "changed"])
        for number in range(1, count + 1):
            day = f"2026-01-{number:02}T08:00:00Z"
            writer.writerow([number, f"804-555-01{number:02}", status, "lead", day, day])


@pytest.fixture
def connector(tmp_path: Path, hatch: Hatch) -> Iterator[Connector]:
    write_rows(tmp_path, 20)
    (tmp_path / "leads.yaml").write_text(MAPPING, encoding="utf-8")
    source = {
        "type": "spreadsheet", "path": "leads.csv", "key": "id", "mapping": "leads.yaml", "first_sync": "now",
    }  # fmt: skip
    endpoint = hatch.endpoint(rate_limit="none", give_up="2s")
    text = yaml.safe_dump({"endpoint": endpoint, "sources": {"sheet": source}})
    (tmp_path / "connector.yaml").write_text(text, encoding="utf-8")
    with open_connector(load_config(tmp_path / "connector.yaml", {})) as opened:
        yield opened


def span(since: int, until: int) -> Window:
    return Window(datetime(2026, 1, since, tzinfo=UTC), datetime(2026, 1, until, tzinfo=UTC))


async def run(connector: Connector, wish: Wish | SendAgain) -> int:
    report = await backfill(connector, connector.config.sources["sheet"], wish, None, Stop())
    assert report.read.error is None
    return report.read.counts.staged


async def test_a_backfill_sends_what_the_first_sync_adopted_inside_of_its_span(
    connector: Connector, hatch: Hatch
) -> None:
    await sync(connector, [], Stop())
    assert hatch.ids() == []
    assert await run(connector, Wish(span(5, 9))) == 4
    assert sorted(hatch.ids(), key=int) == ["5", "6", "7", "8"]


async def test_p2_a_backfill_sends_nothing_that_is_accepted(connector: Connector, hatch: Hatch) -> None:
    await run(connector, Wish(span(1, 6)))
    assert await run(connector, Wish(span(1, 11))) == 5
    assert sorted(hatch.ids(), key=int) == [str(number) for number in range(1, 11)]


async def test_a_backfill_by_creation(connector: Connector, hatch: Hatch) -> None:
    assert await run(connector, Wish(span(19, 31), by_created=True)) == 2
    assert sorted(hatch.ids()) == ["19", "20"]


async def test_a_limit_is_kept_and_the_same_call_goes_on(connector: Connector, hatch: Hatch) -> None:
    assert await run(connector, Wish(Window(), limit=3)) == 3
    assert await run(connector, Wish(Window(), limit=3)) == 3
    assert len(set(hatch.ids())) == 6


async def test_a_backfill_moves_no_live_position(connector: Connector, hatch: Hatch, tmp_path: Path) -> None:
    await run(connector, Wish(span(1, 6)))
    write_rows(tmp_path, 20, status="won")
    await sync(connector, [], Stop())  # still the first one: everything is adopted but what was sent before
    assert len(hatch.ids()) == 10
    assert {lead["status"] for lead in hatch.leads()[5:]} == {"won"}


async def test_a_dry_run_writes_and_sends_nothing(connector: Connector, hatch: Hatch) -> None:
    report = await dry_backfill(connector, connector.config.sources["sheet"], Wish(span(1, 6)))
    assert (report.read.counts.staged, report.read.outside) == (5, 15)
    assert hatch.ids() == []
    assert await run(connector, Wish(span(1, 6))) == 5


async def test_send_again_sends_only_what_is_accepted_and_only_once_a_call(
    connector: Connector, hatch: Hatch
) -> None:
    await run(connector, Wish(span(1, 6)))
    assert await run(connector, SendAgain()) == 5
    assert len(hatch.ids()) == 10
    assert await run(connector, SendAgain(Condition("id|int > 3"), "id|int > 3")) == 2
    assert sorted(hatch.ids()[10:]) == ["4", "5"]


async def test_send_again_by_name_sends_what_was_discarded_and_nothing_else(
    connector: Connector, hatch: Hatch
) -> None:
    await run(connector, Wish(span(1, 6)))
    lead = tables.lead
    put_away = update(lead).where(lead.c.key.in_(["2", "3"])).values(state=State.DISCARDED.value)
    await connector.store.write(lambda connection: connection.execute(put_away))
    assert await run(connector, SendAgain()) == 3
    hatch.reset()
    assert await run(connector, SendAgain(ids=frozenset({"2", "5", "30"}))) == 2
    assert sorted(hatch.ids()) == ["2", "5"], "30 was never sent: a backfill is for that"


async def test_p5_send_again_leaves_the_ledger_so_that_the_next_sync_sends_nothing(
    connector: Connector, hatch: Hatch
) -> None:
    await run(connector, Wish(Window()))
    await run(connector, SendAgain())
    sent = len(hatch.ids())
    await sync(connector, [], Stop())
    assert len(hatch.ids()) == sent == 40


def test_a_condition_that_is_none_is_refused_with_its_place() -> None:
    with pytest.raises(ValueError, match="at character"):
        Condition("id ===")
