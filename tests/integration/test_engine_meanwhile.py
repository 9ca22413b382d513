"""The engine with a source whose records change while it is read, and that gives them again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from sync.states import State
from sync.store import tables
from tests.airtable_scene import ago, table
from tests.engine_world import World, mapping_of

if TYPE_CHECKING:
    from sync.store.store import Store

MAPPING = "lead:\n  firstName: name\n  phoneNumber: Phone\n"


async def test_p6_a_record_that_changed_while_it_was_read_is_no_duplicate(store: Store) -> None:
    """A list of Airtable's has no position before its end, and is begun anew once it was forgotten."""
    async with table() as (airtable, source):
        for number in range(1, 251):
            airtable.put(f"rec{number}", ago(251 - number), name="Ada", Phone="(804) 555-0100")

        def change_and_forget() -> None:
            airtable.put("rec1", ago(0), name="Bea")
            airtable.forget()

        airtable.meanwhile = [lambda: None, change_and_forget]
        world = World(store, source, mapping_of(MAPPING), lookback=timedelta(minutes=5))
        counts = (await world.sync()).counts
        assert (counts.new, counts.changed, counts.invalid) == (250, 1, 0)
    states = store.read_now(
        lambda connection: list(connection.scalars(select(tables.version.c.state).distinct()))
    )
    assert State.INVALID not in {State(state) for state in states}
