"""A project with a state store in which something of everything has happened."""

from __future__ import annotations

import asyncio
import tempfile
import time
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from sources.units import parse_rate
from sync.states import Lane, State
from sync.store import ledger, tables
from sync.store.store import open_store
from tests.engine_world import World
from tests.scripted_source import ScriptedTable, at, record

if TYPE_CHECKING:
    from sync.store.store import Store

CONNECTOR = """endpoint:
  type: hatch
  department_id: "12345678"
  api_key: sandbox-key
  source: my_company
  base_url: http://127.0.0.1:9/api/webhooks/
state: {state}
sources:
  crm:
    type: spreadsheet
    path: crm.csv
    key: id
    mapping: crm.yaml
    schedule: every 5m
    first_sync: everything
  walk_ins:
    type: spreadsheet
    path: walk-ins.csv
    key: id
    mapping: crm.yaml
    first_sync: now
"""
MAPPING = """where: "name != 'Nobody'"
lead:
  firstName: name
  phoneNumber: phone
  email: email
custom:
  plan: plan
"""
#: A lead of the scene waits a minute before it is tried again, so it has to have happened within that minute.
_FRESH_SECONDS = 20
#: What must never be seen: every name, phone and e-mail of the scene.
PRIVATE = ("Ada", "Grace", "Linus", "Barbara", "5550101", "5550102", "example.com")


def write_project(directory: Path, state: str = "sqlite:///leadrelay.db") -> Path:
    """Write connector.yaml and what it names; return its path."""
    (directory / "crm.yaml").write_text(MAPPING, encoding="utf-8")
    for name in ("crm", "walk-ins"):
        (directory / f"{name}.csv").write_text("id,name,phone,email,plan\n", encoding="utf-8")
    path = directory / "connector.yaml"
    path.write_text(CONNECTOR.format(state=state), encoding="utf-8")
    return path


def world_in(store: Store, source: str = "crm") -> World:
    """Return the engine over a store, for a source of the project."""
    world = World(store, ScriptedTable(), scope=ledger.Scope("default", source))
    world.edit(MAPPING)
    return world


async def fill(store: Store) -> World:
    """Let something of everything happen in `crm`: every state a lead can stand in."""
    world = world_in(store)
    table = world.source
    assert isinstance(table, ScriptedTable)
    people = {
        "1": ("Ada", "(804) 555-0101", "ada@example.com"),
        "2": ("Grace", "(804) 555-0102", "grace@example.com"),
        "3": ("Linus", "804", "nobody@@example"),
        "4": ("Nobody", "(804) 555-0101", None),
        "5": ("Barbara", "(804) 555-0102", None),
        "6": ("Barbara", "(804) 555-0101", None),
    }
    for index, (key, (name, phone, email)) in enumerate(people.items()):
        table.rows[key] = record(key, name, at(index), phone=phone, email=email, plan="gold")
    await world.sync()
    claimed = {each.key: each for each in await world.claim()}
    await world.settle([claimed["1"]], State.ACCEPTED, status=200, seconds=0.12)
    await world.settle([claimed["2"]], State.REJECTED, status=422, detail="422: /email: Invalid format")
    await world.settle([claimed["5"]], State.UNKNOWN, detail="no answer came within 30 seconds")
    later = store.clock() + 60
    await world.settle([claimed["6"]], State.PENDING, status=503, detail="503", due_at=later, lane=Lane.RETRY)
    table.rows["1"] = record(
        "1", "Ada", at(60), phone="(804) 555-0101", email="ada@example.com", plan="silver"
    )
    for key in ("7", "8"):
        table.rows[key] = record(key, "Grace", at(61), phone="(804) 555-0102")
    world.max_sends = parse_rate("2/h")
    await world.sync()
    return world


def filled_project(directory: Path) -> Path:
    """Write a project whose store is filled, and return the path of its connector.yaml."""
    path = write_project(directory)
    (directory / "leadrelay.db").write_bytes(_filled_store(int(time.time()) // _FRESH_SECONDS))
    return path


@lru_cache(maxsize=1)
def _filled_store(_when: int) -> bytes:
    """Return a state file in which all of it has just happened: to let it happen takes longer than a test."""
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "state.db"
        _fill_file(file)
        return file.read_bytes()


def _fill_file(file: Path) -> None:
    store = open_store(f"sqlite:///{file}")
    try:
        asyncio.run(fill(store))
        store.write_now(
            lambda connection: connection.execute(
                tables.endpoint_state.insert().values(
                    endpoint="default", state="halted", reason="401: the key is refused", since=store.clock()
                )
            )
        )
    finally:
        store.close()
