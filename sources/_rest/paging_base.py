"""What all paging strategies share: their common settings, and what they may look at.

No strategy does I/O: it takes what was seen of a page, and returns the next request or None.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from sources._http.guard import MAX_PAGES
from sources._rest.paths import MISSING, find, names_in
from sources._rest.placing import write
from sources.base import SourceSettings
from sources.errors import BadConfig

if TYPE_CHECKING:
    from sources._http.reach import Reach
    from sources.http import Answer, Call

_FALSE_TEXTS = {"", "0", "false", "no", "n", "null", "none"}


@dataclass(frozen=True, slots=True)
class Seen:
    """What a strategy may look at."""

    #: As it was asked for, before any redirect.
    call: Call
    answer: Answer
    #: How many items the page had, unreadable ones included.
    items: int
    reach: Reach
    #: Which page of the poll this is, from 1.
    number: int = 1

    def flag(self, path: str | None) -> bool | None:
        """Return a yes or no of the answer; None when no path is set. What is missing is a no.

        Raises:
            BadConfig: when it is missing from the very first page: a path that is wrong must not make
                every poll end there.

        """
        if path is None:
            return None
        found = find(self.answer.data, path)
        if found is MISSING and self.items and self.number == 1:
            there = names_in(self.answer.data)
            raise BadConfig(
                f"{self.answer.where}: there is nothing at `{path}`; the answer has: {there}", "paging"
            )
        if found is MISSING or found is None:
            return False
        return found.strip().lower() not in _FALSE_TEXTS if isinstance(found, str) else bool(found)

    def count(self, path: str | None) -> int | None:
        """Return a number of the answer; None when no path is set.

        Raises:
            BadConfig: when there is none at the path.

        """
        if path is None:
            return None
        try:
            return int(find(self.answer.data, path))
        except (TypeError, ValueError):
            raise BadConfig(f"{self.answer.where}: there is no number at `{path}`", "paging") from None


class Paging(SourceSettings):
    """What all strategies share."""

    size_param: str | None = Field(
        None,
        description="Parameter for the number of records on a page; leave out to get what the API gives.",
        examples=["limit", "per_page", "pageSize"],
    )
    size: int = Field(100, ge=1, description="How many records to ask for on a page.", examples=[200])
    in_: Literal["query", "json"] = Field(
        "query",
        alias="in",
        description="Whether paging parameters go into the query or, as dotted paths, into the JSON body.",
        examples=["json"],
    )
    more: str | None = Field(
        None,
        description="Path to a yes or no that says whether there are more pages; it decides when it is set.",
        examples=["meta.has_more"],
    )
    max_pages: int = Field(
        MAX_PAGES,
        ge=1,
        description="A poll that reads more pages than this ends with an error.",
        examples=[5000],
    )

    def first(self, call: Call, at_most: int) -> Call:
        """Return the request for the first page."""
        if self.size_param is None:
            return call
        return write(call, self.in_, self.size_param, min(self.size, at_most))

    @abstractmethod
    def after(self, seen: Seen) -> Call | None:
        """Return the request for the page after one; None when that was the last."""


class NoPaging(Paging):
    """One answer holds everything."""

    type: Literal["none"] = Field("none", description="One answer holds everything.")

    def after(self, seen: Seen) -> Call | None:
        """Return None."""
        del seen
        return None
