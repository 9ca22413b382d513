"""Reads of pages that would have no end are ended; long ones are not."""

from __future__ import annotations

import pytest

from sources.errors import BadConfig, SourceError, Unavailable
from sources.http import PageGuard

WHERE = "https://api.example.com/leads"


def test_a_request_that_was_made_before_ends_it() -> None:
    guard = PageGuard()
    guard.ask(b"one", WHERE)
    guard.ask(b"two", WHERE)
    with pytest.raises(Unavailable, match=f"{WHERE}: it leads to a page that was read already"):
        guard.ask(b"two", WHERE)


def test_a_page_that_holds_what_one_before_it_did_ends_it_whatever_the_order_of_its_names() -> None:
    guard = PageGuard()
    guard.take([{"id": 1, "name": "Ada"}], WHERE)
    guard.take([{"id": 2, "name": "Ada"}], WHERE)
    with pytest.raises(Unavailable, match="the same page again"):
        guard.take([{"name": "Ada", "id": 2}], WHERE)


def test_empty_pages_are_counted_in_a_row() -> None:
    guard = PageGuard(empty=2)
    for number in range(9):
        guard.take([], WHERE)
        guard.take([], WHERE)
        guard.take([number], WHERE)
    guard.take([], WHERE)
    guard.take([], WHERE)
    with pytest.raises(Unavailable, match="2 empty pages in a row, each with a next one"):
        guard.take([], WHERE)


@pytest.mark.parametrize(
    ("setting", "error"), [(None, Unavailable), ("paging.max_pages", BadConfig)], ids=["ours", "theirs"]
)
def test_more_pages_than_the_limit_are_a_fault_of_the_setting_only_if_it_is_one(
    setting: str | None, error: type[SourceError]
) -> None:
    guard = PageGuard(2, setting=setting)
    guard.count(WHERE)
    guard.count(WHERE)
    with pytest.raises(error, match="still more after 2 pages") as caught:
        guard.count(WHERE)
    assert getattr(caught.value, "setting", None) == setting


def test_an_account_of_ten_million_in_pages_of_fifty_is_read_to_its_end() -> None:
    guard = PageGuard()
    for number in range(200_000):
        guard.count(WHERE)
        guard.ask(b"%d" % number, WHERE)
