"""Twenty-four hours of `run` with faults, in minutes: nothing lost, nothing twice, and nothing that grows.

The schedule, the engine, the store and delivery are the real ones; only time is not, and the sources and
the endpoint are tables in memory. What the process holds is measured in hour 2 and at the end.
"""

from __future__ import annotations

import asyncio
from random import Random
from typing import TYPE_CHECKING
from unittest.mock import patch

from sync.delivery import Policy
from sync.states import State
from tests.torture.experiment import Experiment, Tally
from tests.torture.long_day import HOUR, Day, Footprint
from tests.torture.virtual_time import LoopTime, scheduled_by, virtual

if TYPE_CHECKING:
    from pathlib import Path

#: Faults in an hour, as they are drawn, more or less.
_AN_HOUR = 25
_MEASURED_AFTER = 2
#: Hours in which all is well, after those with faults.
_CALM = 1
#: Seconds between two looks for what other processes have staged; there are none.
_LOOK = 20.0
#: What the process may hold more at the end: bytes, and objects for each request in the log of the endpoint.
_MORE_MEMORY, _MORE_OBJECTS, _OBJECTS_A_REQUEST = 12_000_000, 5_000, 10


def run(seed: int, faults: int, directory: Path) -> Tally:
    """Let as many hours pass as so many faults take, a day at most."""
    hours = max(_MEASURED_AFTER + 1, min(24, faults // _AN_HOUR))
    with virtual() as runner:
        time = LoopTime(runner.get_loop())
        # A day has 86,400 seconds, and a look each second takes minutes.
        with scheduled_by(time), patch("sync.delivery.courier.LOOK_SECONDS", _LOOK):
            return runner.run(_day(Day(directory, Random(seed), time), hours))


async def _day(day: Day, hours: int) -> Tally:
    tally = Tally()
    with day.running() as (service, stop):
        running = asyncio.create_task(service.run())
        await day.live(_MEASURED_AFTER, service)
        before, requests = Footprint.now(), len(day.endpoint.log)
        await day.live(hours - _MEASURED_AFTER, service)
        await _calm_down(day)
        tally.broken += _grown(before, Footprint.now(), len(day.endpoint.log) - requests)
        stop.ask()
        await running
        _count(day, tally)
    return tally


async def _calm_down(day: Day) -> None:
    day.endpoint.plan.clear()
    for table in day.tables.values():
        table.moods.clear()
    await asyncio.sleep(_CALM * HOUR)


def _grown(before: Footprint, after: Footprint, requests: int) -> list[str]:
    """Return what has grown that should not, in words."""
    allowed = _MORE_OBJECTS + _OBJECTS_A_REQUEST * requests
    grown = {
        "memory": after.memory - before.memory > _MORE_MEMORY,
        "objects": after.objects - before.objects > allowed,
        "open files": after.files > before.files,
        "threads": after.threads > before.threads + 1,
        "tasks": after.tasks > before.tasks,
    }
    return [f"{what} grew: {before}, {after}" for what, is_so in grown.items() if is_so]


def _count(day: Day, tally: Tally) -> None:
    day.accounts.read(day.endpoint.log)
    leads = day.accounts.leads
    rows = {key: row for table in day.tables.values() for key, row in table.rows.items()}
    stands = day.stands()
    lost = [
        key
        for key, row in rows.items()
        if leads[key].has != row.fields["name"] and not _is_rejected(day, key, row.fields["name"], stands)
    ]
    tally.faults, tally.leads, tally.lost = day.faults, len(leads), len(lost)
    tally.repeated = sum(each.repeated for each in leads.values())
    tally.allowed = sum(each.allowed for each in leads.values())
    tally.broken += [f"{key}: {each.broken}" for key, each in leads.items() if each.broken]
    tally.broken += [f"lost: {lost}"] if lost else []
    tally.broken += ["two requests of one lead were in the air at once"] if day.endpoint.overlapped else []


def _is_rejected(day: Day, key: str, says: str, stands: dict[str, str | None]) -> bool:
    """Tell whether the store shows it as rejected, and rightly."""
    tries = day.endpoint.tried[key, says]
    return stands.get(key) == State.REJECTED.value and day.accounts.leads[key].may_be_rejected(
        says, tries, Policy()
    )


EXPERIMENT = Experiment(
    name="long_run",
    promises=("P1", "P2", "P4", "P9"),
    how="24 simulated hours of `run`: schedule, outages, throttles, lost answers, source errors, reloads",
    run=run,
    whole=600,
    small=75,
)
