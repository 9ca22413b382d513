"""Engine, store and courier against a simple model: at every step, whatever happens to them.

A table that people write to while it is read, an endpoint on its worst days, processes that are killed at
any transaction and at any instant, two at once, an edited mapping, a clock that jumps, and a person who
retries, discards and approves. It runs on SQLite and on PostgreSQL.
"""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from sync.store.store import open_store
from tests.postgres_server import running_postgres
from tests.torture.experiment import Experiment, Tally
from tests.torture.play import Play

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

#: Steps of one play. A play begins with an empty store and ends when all is well again and drained.
STEPS = 30


def explore(new_url: Callable[[], str], seed_: int, plays: int, *, shrink: bool = False) -> Tally:
    """Play so many times, with everything drawn from the seed; a promise broken ends it.

    Args:
        new_url: makes the URL of an empty store.
        seed_: of everything that is drawn.
        plays: how many.
        shrink: whether to look for the shortest play that fails, which takes minutes.

    """
    tally = Tally()
    made = type("Play", (Play,), {"new_url": staticmethod(new_url), "tally": tally})
    phases = (Phase.generate, Phase.shrink) if shrink else (Phase.generate,)
    terms = settings(
        max_examples=plays,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        phases=phases,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    try:
        run_state_machine_as_test(seed(seed_)(made), settings=terms)
    except Exception as error:  # noqa: BLE001 - hypothesis wraps what threads make hard to repeat
        play = "\n".join(getattr(error, "__notes__", ()))
        tally.broken.append(f"{error} (seed {seed_}, {plays} plays)\n{play}")
    return tally


@contextmanager
def sqlite_stores(directory: Path) -> Iterator[Callable[[], str]]:
    """Yield what makes an empty SQLite file: a copy, since making one takes longer than most plays."""
    open_store(f"sqlite:///{directory}/empty.db").close()
    numbers = count(1)

    def make() -> str:
        number = next(numbers)
        for kind in ("", ".locks"):
            old = directory / f"play-{number - 1}.db{kind}"
            shutil.rmtree(old, ignore_errors=True) if kind else old.unlink(missing_ok=True)
        shutil.copy(directory / "empty.db", directory / f"play-{number}.db")
        return f"sqlite:///{directory}/play-{number}.db"

    yield make


@contextmanager
def postgres_stores() -> Iterator[Callable[[], str]]:
    """Yield what makes an empty PostgreSQL database."""
    with running_postgres() as server, server.database() as url:
        open_store(url).close()
        template, numbers = url.rpartition("/")[2], count(1)

        def make() -> str:
            number = next(numbers)
            server.execute(f"DROP DATABASE IF EXISTS play_{number - 1} WITH (FORCE)")
            server.execute(f"CREATE DATABASE play_{number} TEMPLATE {template}")
            return server.url(f"play_{number}")

        yield make


def run(seed: int, faults: int, directory: Path) -> Tally:
    """Play on both kinds of store until so many faults were made."""
    whole = Tally()
    with sqlite_stores(directory) as sqlite, postgres_stores() as postgres:
        number = 0
        while whole.faults < faults and not whole.broken:
            for new_url, plays in ((sqlite, 4), (postgres, 2)):
                _add(whole, explore(new_url, seed + number, plays))
                number += 1
    return whole


def _add(whole: Tally, part: Tally) -> None:
    for name in ("faults", "leads", "lost", "repeated", "allowed"):
        setattr(whole, name, getattr(whole, name) + getattr(part, name))
    whole.broken += part.broken


EXPERIMENT = Experiment(
    name="model",
    promises=("P1", "P2", "P3", "P4", "P5", "P8", "P12"),
    how="a model over the real engine, store (SQLite, PostgreSQL) and courier, checked at every step",
    run=run,
    whole=2000,
    small=40,
)
