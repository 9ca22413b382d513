"""The same job by hand, as fast as plain Python gets: what leadrelay's throughput is held against.

    python -m benchmarks.ref_job LEADS.csv STATE.db URL

Reads the CSV, makes a payload, compares its digest with SQLite, has 50 requests in flight, and
remembers a delivery after its 200, in groups. It keeps none of the promises: a kill repeats
hundreds of leads, a power cut more; two at once send everything twice; an error ends it.
"""

from __future__ import annotations

import asyncio
import csv
import hashlib
import sqlite3
import sys
import time
from itertools import islice
from typing import TYPE_CHECKING

import aiohttp
import orjson
import uvloop

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_IN_FLIGHT = 50
_CHUNK = 1000
_GROUP = 500
_GROUP_SECONDS = 0.1
_STATUS = {"new": "open", "open": "open", "won": "closed", "lost": "closed"}

#: Key, digest and body of a lead that is to be sent.
_Due = tuple[str, bytes, bytes]


def _payload(row: dict[str, str]) -> dict[str, str]:
    return {
        "id": row["id"],
        "firstName": row["first_name"],
        "lastName": row["last_name"],
        "phoneNumber": "".join(char for char in row["phone"] if char.isdigit()),
        "email": row["email"],
        "status": _STATUS[row["status"]],
        "createdAt": row["created_at"][:19].replace(" ", "T") + "+0000",
        "updatedAt": row["updated_at"][:19].replace(" ", "T") + "+0000",
        "source": "bench",
        "fullName": f"{row['first_name']} {row['last_name']}",
        "city": row["city"],
        "channel": row["channel"],
    }


class _State:
    """Key and digest of what was delivered, written in groups."""

    def __init__(self, path: str) -> None:
        self._database = sqlite3.connect(path, isolation_level=None)
        self._database.execute("pragma journal_mode=wal")
        self._database.execute("pragma synchronous=normal")
        self._database.execute(
            "create table if not exists done (key text primary key, digest blob) without rowid"
        )
        self._waiting: list[tuple[str, bytes]] = []
        self._written = time.monotonic()

    def digests(self, keys: list[str]) -> dict[str, bytes]:
        marks = ",".join("?" * len(keys))
        return dict(self._database.execute(f"select key, digest from done where key in ({marks})", keys))

    def delivered(self, key: str, digest: bytes) -> None:
        self._waiting.append((key, digest))
        if len(self._waiting) >= _GROUP or time.monotonic() - self._written > _GROUP_SECONDS:
            self.write()

    def write(self) -> None:
        self._database.execute("begin")
        self._database.executemany("insert or replace into done values (?, ?)", self._waiting)
        self._database.execute("commit")
        self._waiting.clear()
        self._written = time.monotonic()


def _due(rows: Iterable[dict[str, str]], state: _State) -> Iterator[_Due]:
    remaining = iter(rows)
    while chunk := list(islice(remaining, _CHUNK)):
        known = state.digests([row["id"] for row in chunk])
        for row in chunk:
            body = orjson.dumps(_payload(row))
            digest = hashlib.blake2b(body, digest_size=16).digest()
            if known.get(row["id"]) != digest:
                yield row["id"], digest, body


async def _send(session: aiohttp.ClientSession, url: str, due: Iterator[_Due], state: _State) -> None:
    for key, digest, body in due:
        async with session.post(url, data=body) as answer:
            await answer.read()
            if answer.status != 200:
                raise SystemExit(f"the endpoint answered {answer.status}")
        state.delivered(key, digest)


async def _main(csv_path: str, state_path: str, url: str) -> None:
    state = _State(state_path)
    headers = {"Content-Type": "application/json", "X-API-KEY": "test-key"}
    connector = aiohttp.TCPConnector(limit=_IN_FLIGHT)
    with open(csv_path, encoding="utf-8", newline="") as file:  # noqa: ASYNC230, PTH123
        due = _due(csv.DictReader(file), state)
        async with aiohttp.ClientSession(headers=headers, connector=connector) as session:
            await asyncio.gather(*(_send(session, url, due, state) for _ in range(_IN_FLIGHT)))
    state.write()


if __name__ == "__main__":
    uvloop.run(_main(*sys.argv[1:4]))
