"""`plan` on real stores: what changed field by field, and what an edited mapping would do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from sqlalchemy import func, select

from sources.base import Window
from sync.config import load_config
from sync.runtime.backfilling import backfill, dry_backfill
from sync.runtime.connector import open_connector
from sync.runtime.planning import plan
from sync.runtime.stopping import Stop
from sync.runtime.syncing import sync
from sync.store import tables
from sync.wishes import SendAgain, Wish
from tests.lead_rows import LeadTable, at, lead
from tests.project import MAPPING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sync.runtime.planning import PlanReport
    from tests.sandbox_server import Hatch

DAY = 86_400
EVERYTHING = Window()
EDITED = {**MAPPING, "custom": {"greeting": "Dear {{ name }}"}}


@dataclass
class Shop:
    """A table that is read by position, a Hatch, and a mapping that is edited."""

    directory: Path
    hatch: Hatch
    table: LeadTable
    state: str

    def settings(self, **more: Any) -> None:
        """Write connector.yaml."""
        source = {
            "type": "sql", "url": "sqlite:///shop.db", "table": "leads", "key": "id", "cursor": "updated_at",
            "mapping": "crm.yaml", "first_sync": "everything", "lookback": "0s", **more,
        }  # fmt: skip
        endpoint = self.hatch.endpoint(rate_limit="none", give_up="2s")
        self.write("connector.yaml", {"endpoint": endpoint, "state": self.state, "sources": {"crm": source}})

    def write(self, name: str, document: dict[str, Any]) -> None:
        """Write a file."""
        (self.directory / name).write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")

    async def sync(self) -> list[str]:
        """Read and deliver; returns the ids that were sent by it."""
        before = len(self.hatch.ids())
        with open_connector(load_config(self.directory / "connector.yaml", {})) as connector:
            await sync(connector, [], Stop())
        return sorted(self.hatch.ids()[before:])

    async def plan(self, span: Window | None = None) -> PlanReport:
        """Plan."""
        with open_connector(load_config(self.directory / "connector.yaml", {})) as connector:
            return await plan(connector, connector.config.sources["crm"], span)

    async def send(self, wish: SendAgain | Wish) -> list[str]:
        """Send on purpose, after it was counted; returns the ids that were sent."""
        before = len(self.hatch.ids())
        with open_connector(load_config(self.directory / "connector.yaml", {})) as connector:
            source = connector.config.sources["crm"]
            counted = await dry_backfill(connector, source, wish)
            report = await backfill(connector, source, wish, None, Stop())
        assert (report.read.counts.staged, report.read.error) == (counted.read.counts.staged, None)
        return sorted(self.hatch.ids()[before:])

    def rows(self) -> list[int]:
        """Return how many rows each table of the store has."""
        with open_connector(load_config(self.directory / "connector.yaml", {})) as connector:
            return [
                connector.store.read_now(
                    lambda connection, table=table: connection.scalar(select(func.count()).select_from(table))
                )
                for table in tables.metadata.sorted_tables
                if table.name not in ("lease", "endpoint_state")
            ]


@pytest.fixture
async def shop(tmp_path: Path, hatch: Hatch, store_url: str) -> Iterator[Shop]:
    """A shop of six leads, a day apart, all of them accepted."""
    made = Shop(tmp_path, hatch, LeadTable(f"sqlite:///{tmp_path / 'shop.db'}"), store_url)
    made.settings()
    made.write("crm.yaml", MAPPING)
    made.table.insert(*(lead(number, updated_at=at((number - 6) * DAY)) for number in range(1, 7)))
    await made.sync()
    yield made
    made.table.close()


def changes(report: PlanReport) -> dict[str, list[tuple[str, str, str | None]]]:
    """Return what changed, by key."""
    return {each.key: [(c.field, c.what, c.value) for c in each.changes] for each in report.noted}


async def test_a_changed_lead_says_which_fields_are_other_new_and_gone(shop: Shop) -> None:
    shop.table.update(2, status="won", email="", updated_at=at(50))
    shop.table.insert(lead(7, plan="", updated_at=at(51)))
    found = changes(await shop.plan())
    assert found["2"] == [
        ("status", "changed", "won"),
        ("updatedAt", "changed", "2026-03-01T12:00:50+0000"),
        ("email", "removed", None),
    ]
    assert found["7"][:2] == [("id", "added", "7"), ("firstName", "added", "Forename7")]
    assert {what for _, what, _ in found["7"]} == {"added"}


async def test_it_is_compared_with_what_was_accepted_not_with_what_waits(shop: Shop) -> None:
    shop.hatch.set_fault("status=503")
    shop.table.update(2, status="open", updated_at=at(50))
    await shop.sync()
    shop.table.update(2, status="open", plan="silver", updated_at=at(51))
    found = changes(await shop.plan())
    assert [field for field, _, _ in found["2"]] == ["status", "updatedAt", "custom.plan"]
    shop.table.update(2, status="new", plan="gold", updated_at=at(52))
    (reverted,) = (await shop.plan()).noted
    assert (reverted.what, reverted.fields) == ("reverted", ("status", "updatedAt"))


async def test_p5_after_an_edit_it_counts_what_is_not_sent_and_writes_nothing(shop: Shop) -> None:
    before = shop.rows()
    shop.write("crm.yaml", EDITED)
    read = (await shop.plan()).judged
    assert (read.whole, read.read, read.edit.changed, read.unread) == (False, 1, 1, 5)
    whole = (await shop.plan(EVERYTHING)).judged
    assert (whole.whole, whole.read, whole.edit.changed, whole.unread) == (True, 6, 6, 0)
    assert {name: (each.leads, each.removed) for name, each in whole.edit.fields.items()} == {
        "custom.greeting": (6, 0),
        "custom.plan": (6, 6),
    }
    assert whole.edit.fields["custom.greeting"].example == "Dear Forename1"
    assert shop.rows() == before
    assert await shop.sync() == []


async def test_p5_what_a_sync_has_compared_anew_is_judged_all_the_same(shop: Shop) -> None:
    shop.write("crm.yaml", EDITED)
    shop.table.run(f"update leads set updated_at = '{at(500)}'")
    assert await shop.sync() == []
    assert (await shop.plan(EVERYTHING)).judged.edit.changed == 6
    shop.write("crm.yaml", MAPPING)
    assert not (await shop.plan(EVERYTHING)).judged.edit, "back as it was, but for what is not counted"


async def test_an_edit_is_judged_by_a_span_of_the_source_too(shop: Shop) -> None:
    shop.write("crm.yaml", EDITED)
    since = Window(datetime(2026, 2, 27, tzinfo=UTC))
    assert (await shop.plan(since)).judged.edit.changed == 3


async def test_what_where_lets_in_and_leaves_out_and_what_is_broken_and_mended(shop: Shop) -> None:
    only = {**MAPPING, "where": "status == 'new' and id != '5'"}
    strict = {**only, "lead": {**MAPPING["lead"], "status": {"from": "status", "required": True}}}
    shop.write("crm.yaml", strict)
    shop.table.insert(
        lead(7, status="old", updated_at=at(60)), lead(8, phone="8", email="", updated_at=at(61))
    )
    shop.table.run(f"update leads set updated_at = '{at(70)}' where id < '7'")
    await shop.sync()
    lead_part = {**MAPPING["lead"], "phoneNumber": {"value": "8045550199"}, "contactID": "plan"}
    shop.table.update(3, plan="", updated_at=at(80))
    shop.write("crm.yaml", {**MAPPING, "where": "id not in ['1', '2']", "lead": lead_part})
    edit = (await shop.plan(EVERYTHING)).judged.edit
    assert (edit.let_in, edit.left_out, edit.valid) == (2, 2, 1)
    lead_part["contactID"] = {"from": "status", "values": {"new": ""}, "required": True}
    shop.write("crm.yaml", {**MAPPING, "lead": lead_part})
    edit = (await shop.plan(EVERYTHING)).judged.edit
    assert edit.invalid == sum(edit.reasons.values()) == 5
    assert all("crm.yaml:" in reason and "contactID" in reason for reason in edit.reasons)


async def test_send_again_sends_what_the_plan_has_counted_and_then_nothing(shop: Shop) -> None:
    shop.write("crm.yaml", EDITED)
    shop.table.update(4, plan="silver", updated_at=at(90))
    counted = (await shop.plan(EVERYTHING)).judged.edit.changed
    assert len(await shop.send(SendAgain(edited=True))) == counted == 5
    assert not (await shop.plan(EVERYTHING)).judged.edit.changed
    assert await shop.sync() == ["4"], "what really changed goes by itself"
    assert await shop.send(SendAgain(edited=True)) == []
    assert {each["greeting"] for each in shop.hatch.leads()[-6:]} == {
        f"Dear Forename{n}" for n in range(1, 7)
    }


async def test_send_again_obeys_the_gates_and_is_no_part_of_max_sends(shop: Shop) -> None:
    shop.settings(max_sends="1/h")
    (shop.directory / "stop.csv").write_text("phone\n(804) 555-0103\n", encoding="utf-8")
    text = (shop.directory / "connector.yaml").read_text(encoding="utf-8")
    document = yaml.safe_load(text)
    document["endpoint"]["suppress"] = "stop.csv"
    shop.write("connector.yaml", document)
    shop.write("crm.yaml", EDITED)
    assert await shop.send(SendAgain(edited=True)) == ["1", "2", "4", "5", "6"]
    shop.table.insert(lead(7, updated_at=at(95)))
    assert await shop.sync() == ["7"], "what was asked for took nothing of max_sends"


async def test_a_backfill_sends_at_once_what_a_widened_where_lets_in(shop: Shop) -> None:
    shop.write("crm.yaml", {**MAPPING, "where": "status == 'new'"})
    shop.table.insert(lead(7, status="old", updated_at=at(60)))
    assert await shop.sync() == []
    shop.write("crm.yaml", MAPPING)
    assert (await shop.plan(EVERYTHING)).judged.edit.let_in == 1
    assert await shop.send(Wish(Window(datetime(2026, 3, 1, tzinfo=UTC)))) == ["7"]
    assert await shop.sync() == []
