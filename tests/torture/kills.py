"""The crash matrix: the installed command, killed at every commit of its store and with leads in the air."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from tests.installed import installed_command
from tests.postgres_server import running_postgres
from tests.project import Project
from tests.torture.changing_table import ChangingTable
from tests.torture.experiment import Experiment, Tally
from tests.torture.good_endpoint import running_endpoint
from tests.torture.killed_world import WINDOW, KilledWorld

if TYPE_CHECKING:
    from pathlib import Path

    from tests.postgres_server import PostgresServer

#: Runs of the command at once: one for each core of a small machine.
_AT_ONCE = 2
#: Every kind of store, of kill, and of what is done about an unknown outcome.
_MATRIX = tuple(product(("sqlite", "postgresql"), ("commit", "instant"), ("repeat", "hold")))
#: Two of them, in which every value is there once.
_OPPOSITES = (_MATRIX[0], _MATRIX[-1])
#: Kills below which these have to do.
_FEW = 80
_ROWS = 60
_KEY = "key-of-the-tests-1234"


def run(seed: int, faults: int, directory: Path) -> Tally:
    """Kill so many times, in worlds of every kind, two of them at once."""
    kinds = _MATRIX if faults >= _FEW else _OPPOSITES
    command = installed_command()  # once: the checkout may change while this runs
    with running_postgres() as server, ThreadPoolExecutor(_AT_ONCE) as workers:
        jobs = [
            workers.submit(
                _world, _Plan(seed + number, *kind, share), command, directory / f"w{number}", server
            )
            for number, (kind, share) in enumerate(zip(kinds, _shares(faults, len(kinds)), strict=True))
        ]
        tallies = [job.result() for job in jobs]
    return Tally(
        faults=sum(each.faults for each in tallies),
        leads=sum(each.leads for each in tallies),
        lost=sum(each.lost for each in tallies),
        repeated=sum(each.repeated for each in tallies),
        allowed=sum(each.allowed for each in tallies),
        broken=[sentence for each in tallies for sentence in each.broken],
    )


def _shares(whole: int, parts: int) -> list[int]:
    return [whole // parts + (number < whole % parts) for number in range(parts)]


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is done in one world."""

    seed: int
    state: str
    moment: str
    unknown: str
    kills: int


def _world(plan: _Plan, command: Path, directory: Path, server: PostgresServer) -> Tally:
    directory.mkdir()
    draws = random.Random(plan.seed)
    with ExitStack() as stack:
        endpoint = stack.enter_context(running_endpoint(plan.seed))
        table = ChangingTable(f"sqlite:///{directory / 'shop.db'}", draws)
        stack.callback(table.close)
        table.grow(_ROWS)
        project = Project(directory, command)
        if plan.state == "postgresql":
            project.state = stack.enter_context(server.database())
        _set_up(project, endpoint.url, plan.unknown)
        world = KilledWorld(project, table, endpoint, draws)
        world.go_on(plan.kills, world.kill_at_a_commit if plan.moment == "commit" else world.kill_in_the_air)
    world.tally.broken = [f"{plan}: {sentence}" for sentence in world.tally.broken]
    return world.tally


def _set_up(project: Project, base_url: str, unknown: str) -> None:
    project.endpoint = {
        "type": "hatch",
        "department_id": "sales",
        "api_key": _KEY,
        "source": "my_company",
        "base_url": base_url,
        "rate_limit": "none",
        "max_in_flight": WINDOW,
        "give_up": "10s",
        "unknown_outcome": unknown,
        "max_repeats": 100,  # so that a lead with bad luck is not set aside, which would be right too
    }
    project.secrets.append(_KEY)
    project.source(type="sql", url="sqlite:///shop.db", table="leads", key="id", cursor="updated_at")


EXPERIMENT = Experiment(
    name="kills",
    promises=("P1", "P2", "P3", "P4", "P8"),
    how="the installed command is killed (SIGKILL) just before and after commits of its store, SQLite and "
    "PostgreSQL, and at any instant with leads in the air, while its source changes; then run to its end",
    run=run,
    whole=320,
    small=2,
)
