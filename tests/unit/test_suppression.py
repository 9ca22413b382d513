"""The suppression list: what is read of a file or a table, when it is read again, and what is kept of it."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from sources.errors import BadConfig
from sync.events import Event, Events, Said
from sync.gates import Suppress
from sync.store.digests import email_digest, phone_digest
from sync.suppression import SuppressionList, source_of
from sync.suppression.digest_set import DigestSet
from sync.suppression.entries import read_entries

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEY = b"a key of the tests"
ADA = phone_digest("8045550101", KEY)
GRACE = email_digest("grace@example.com", KEY)
LINUS = phone_digest("8045550103", KEY)


def written(directory: Path, text: str | bytes, seconds_ago: float = 60.0, name: str = "list.csv") -> Path:
    """Write a list that was saved so long ago."""
    path = directory / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    moment = path.stat().st_mtime - seconds_ago
    os.utime(path, (moment, moment))
    return path


def list_of(directory: Path, settings: Any, told: list[Event] | None = None) -> SuppressionList:
    made = Suppress.model_validate(settings)
    tell = Events([told.append] if told is not None else [])
    return SuppressionList(source_of(made, directory), made.region, KEY, tell)


def read(listed: SuppressionList, now: float = 0.0) -> SuppressionList:
    asyncio.run(listed.renew(now))
    return listed


def read_beside(listed: SuppressionList, now: float) -> None:
    """Read a list that delivery does not wait for."""
    read(listed, now)
    while listed._beside is not None:
        time.sleep(0.001)
        read(listed, now)


@pytest.mark.parametrize(
    "text",
    [
        "(804) 555-0101\nGrace@example.com\n",
        "\ufeffphone;e-mail\r\n+1 804 555 0101;GRACE@example.com\r\n",
        'id,name,contact,stopped\n1,"Lovelace, Ada",804.555.0101,2026-01-02 10:00\n2,,grace@example.com,\n',
        "8045550101\tgrace@example.com",
        "\n8045550101\n\n,,\ngrace@example.com\n",
    ],
)
def test_a_phone_or_an_email_in_any_column_however_it_is_written(tmp_path: Path, text: str) -> None:
    written(tmp_path, text)
    told: list[Event] = []
    listed = read(list_of(tmp_path, "list.csv", told))
    assert (listed.problem, told) == (None, [])
    assert ADA in listed
    assert GRACE in listed
    assert LINUS not in listed


def test_numbers_of_another_country(tmp_path: Path) -> None:
    written(tmp_path, "020 7946 0123\n")
    listed = read(list_of(tmp_path, {"path": "list.csv", "region": "GB"}))
    assert phone_digest("+442079460123", KEY) in listed


def test_what_cannot_be_read_is_counted_and_said_once_without_its_value(tmp_path: Path) -> None:
    path = written(tmp_path, "phone\n8045550101\n804555\nwho@@example\nsomebody\n")
    told: list[Event] = []
    listed = read(list_of(tmp_path, "list.csv", told))
    assert [each.text for each in told if isinstance(each, Said)] == [
        "the suppression list list.csv: 1 phone or e-mail; 3 rows can't be read as a phone or an e-mail"
    ]
    read(listed, 10.0)
    assert len(told) == 1, path


def test_rows_that_come_to_nothing_are_no_list() -> None:
    with pytest.raises(BadConfig, match="no phone and no e-mail can be read in its 2 rows"):
        read_entries([["name"], ["Ada"], ["12"]], "US", KEY)


def test_an_empty_list_is_a_list(tmp_path: Path) -> None:
    written(tmp_path, "phone\n")
    listed = read(list_of(tmp_path, "list.csv"))
    assert listed.problem is None
    assert ADA not in listed


def test_it_is_read_again_when_it_has_changed(tmp_path: Path) -> None:
    written(tmp_path, "8045550101\n")
    listed = read(list_of(tmp_path, "list.csv"))
    written(tmp_path, "8045550103\n", seconds_ago=30)
    read(listed, 0.5)
    assert LINUS not in listed, "it is not looked at more than once a second"
    read(listed, 1.5)
    assert LINUS in listed
    assert ADA not in listed


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "there is no such file"),
        (b"PK\x03\x04 and so on", "it is a workbook; save the list as csv"),
        ("\u00e9".encode() + b" \xe9 8045550101\n", "is UTF-8 in some places and not in others"),
    ],
)
def test_p5_a_list_that_cannot_be_read_is_a_problem_until_it_can_be(
    tmp_path: Path, content: bytes | None, why: str
) -> None:
    if content is not None:
        written(tmp_path, content)
    listed = read(list_of(tmp_path, "list.csv"))
    assert listed.problem is not None
    assert listed.problem.startswith("the suppression list list.csv can't be read: ")
    assert why in listed.problem
    with pytest.raises(RuntimeError, match="was not read"):
        assert ADA in listed
    written(tmp_path, "8045550101\n", seconds_ago=30)
    read(listed, 2.0)
    assert listed.problem is None
    assert ADA in listed
    (tmp_path / "list.csv").unlink()
    read(listed, 4.0)
    assert listed.problem is not None, "gone is not empty"


def test_a_file_just_saved_is_left_alone_for_a_moment(tmp_path: Path) -> None:
    written(tmp_path, "8045550101\n", seconds_ago=0)
    listed = read(list_of(tmp_path, "list.csv"))
    age = list_age(tmp_path / "list.csv")
    assert ADA in listed
    assert age >= 0.4, "it might have been half of a list"


def list_age(path: Path) -> float:
    beside = path.with_name("now")
    beside.touch()
    return beside.stat().st_mtime - path.stat().st_mtime


@pytest.mark.parametrize(
    "what",
    [
        {"query": "select phone, email from opt_outs where stopped_at > '2026-01-01 00:00:00'"},
        {"table": "opt_outs", "columns": ["phone", "email"]},
        {"table": "main.opt_outs", "columns": ["email", "phone"]},
    ],
)
def test_a_list_in_a_database(tmp_path: Path, what: dict[str, Any]) -> None:
    with sqlite3.connect(tmp_path / "shop.db") as shop:
        shop.execute("create table opt_outs (phone, email, stopped_at)")
        rows = [(8045550101, None, "2026-02-01"), (None, "grace@example.com", "2026-02-01")]
        shop.executemany("insert into opt_outs values (?, ?, ?)", rows)
    shop.close()
    listed = read(list_of(tmp_path, {"url": "sqlite:///shop.db", **what}))
    assert listed.problem is None
    assert ADA in listed
    assert GRACE in listed


def test_a_database_is_read_again_after_five_minutes(tmp_path: Path) -> None:
    shop = sqlite3.connect(tmp_path / "shop.db", isolation_level=None)
    shop.execute("create table opt_outs (phone)")
    shop.execute("insert into opt_outs values ('8045550101')")
    listed = read(list_of(tmp_path, {"url": "sqlite:///shop.db", "table": "opt_outs", "columns": ["phone"]}))
    shop.execute("insert into opt_outs values ('8045550103')")
    read(listed, 299.0)
    assert LINUS not in listed
    read_beside(listed, 300.0)
    assert LINUS in listed
    shop.execute("drop table opt_outs")
    shop.close()
    read_beside(listed, 700.0)
    assert listed.problem is not None
    assert "no such table" in listed.problem


class SlowTable:
    """A list in a database that takes its time; nobody can tell whether it has changed."""

    shown, look_every, retry_every = "(a slow table)", 300.0, 15.0

    def __init__(self) -> None:
        self.entries = ["8045550101"]
        self.may_go_on = threading.Event()
        self.may_go_on.set()

    def revision(self) -> None: ...

    def settle(self) -> None: ...

    def rows(self) -> Iterator[list[str]]:
        assert self.may_go_on.wait(30), "whoever reads it waits for it"
        yield from ([each] for each in self.entries)


@pytest.fixture
def slow() -> Iterator[SlowTable]:
    made = SlowTable()
    yield made
    made.may_go_on.set()


def test_p11_a_database_that_is_read_again_keeps_nobody_waiting(slow: SlowTable) -> None:
    listed = read(SuppressionList(slow, "US", KEY, Events([])))
    slow.entries.append("8045550103")
    slow.may_go_on.clear()
    for now in (300.0, 301.0, 590.0):
        read(listed, now)
        assert (listed.problem, ADA in listed, LINUS in listed) == (None, True, False)
    slow.may_go_on.set()
    read_beside(listed, 591.0)
    assert LINUS in listed


def test_p5_a_list_that_is_being_read_for_too_long_is_not_known(slow: SlowTable) -> None:
    listed = read(SuppressionList(slow, "US", KEY, Events([])))
    slow.may_go_on.clear()
    read(read(listed, 300.0), 601.0)
    assert listed.problem is not None
    assert "reading it takes longer than 300 seconds" in listed.problem
    slow.may_go_on.set()
    read_beside(listed, 602.0)
    assert (listed.problem, ADA in listed) == (None, True)


@pytest.mark.parametrize("left", ["", "phone\n", "\n,,\n"])
def test_p5_a_list_that_has_lost_everybody_stops_the_sending(tmp_path: Path, left: str) -> None:
    written(tmp_path, "8045550101\ngrace@example.com\n")
    told: list[Event] = []
    listed = read(list_of(tmp_path, "list.csv", told))
    written(tmp_path, left, seconds_ago=30)
    read(listed, 2.0)
    assert listed.problem == (
        "the suppression list list.csv is empty, and had 2 entries before: put them back, or restart "
        "leadrelay if it is meant to be empty; nothing is sent until then"
    )
    read(listed, 4.0)
    assert listed.problem is not None, "it does not become right by being looked at again"
    written(tmp_path, "8045550101\n", seconds_ago=20)
    read(listed, 6.0)
    assert (listed.problem, ADA in listed, told) == (None, True, [])


def test_p5_a_table_that_has_lost_everybody_stops_the_sending(slow: SlowTable) -> None:
    listed = read(SuppressionList(slow, "US", KEY, Events([])))
    slow.entries.clear()
    read_beside(listed, 300.0)
    assert "is empty, and had 1 entry before" in str(listed.problem)


def test_a_list_that_is_empty_from_the_start_is_said_once(tmp_path: Path) -> None:
    written(tmp_path, "phone\n")
    told: list[Event] = []
    listed = read(list_of(tmp_path, "list.csv", told))
    written(tmp_path, "e-mail\n", seconds_ago=30)
    read(listed, 2.0)
    text = "the suppression list list.csv is empty: it keeps nobody from being texted"
    assert (listed.problem, told) == (None, [Said(text, warning=True)])


def test_a_password_is_never_said(tmp_path: Path) -> None:
    url = "postgresql://me:very-secret@127.0.0.1:9/shop"
    listed = read(list_of(tmp_path, {"url": url, "query": "select phone from opt_outs"}))
    assert listed.problem is not None
    assert "very-secret" not in listed.problem


def test_a_million_entries_take_eight_bytes_each() -> None:
    digests = [number.to_bytes(16, "big") for number in range(0, 2_000, 2)]
    kept = DigestSet(digest[8:] * 2 for digest in digests)
    assert all(digest[8:] * 2 in kept for digest in digests)
    assert (1).to_bytes(8, "big") * 2 not in kept
    assert kept._values.itemsize == 8
