"""Paging in which we count: an offset or a page number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from sources._rest.paging_base import Paging, Seen
from sources._rest.placing import read, write

if TYPE_CHECKING:
    from sources.http import Call


class OffsetPaging(Paging):
    """The next request says how many records to leave out."""

    type: Literal["offset"] = Field(
        description=(
            "The next request says how many records to leave out. Rows that are deleted or re-sorted "
            "while pages are read shift the rest: have the API sort by what does not move, like the id."
        )
    )
    param: str = Field("offset", description="Parameter for the offset.", examples=["start", "_skip"])
    start: int = Field(0, ge=0, description="Offset of the first record.", examples=[1])
    total: str | None = Field(
        None,
        description="Path to the number of records in all, for APIs that fail beyond the last page.",
        examples=["meta.total"],
    )

    def first(self, call: Call, at_most: int) -> Call:
        """Return the request for the first page."""
        return write(super().first(call, at_most), self.in_, self.param, self.start)

    def after(self, seen: Seen) -> Call | None:
        """Go on by as many as came, since a server may give fewer than it was asked for."""
        more = seen.flag(self.more)
        if more is False or (seen.items == 0 and not more):
            return None
        reached = int(read(seen.call, self.in_, self.param)) + (seen.items or self.size)
        total = seen.count(self.total)
        if more is None and total is not None and reached - self.start >= total:
            return None
        return write(seen.call, self.in_, self.param, reached)


class PageNumberPaging(Paging):
    """The next request says the number of the page."""

    type: Literal["page_number"] = Field(
        description=(
            "The next request says the number of the page. Rows that are deleted or re-sorted "
            "while pages are read shift the rest: have the API sort by what does not move, like the id."
        )
    )
    param: str = Field("page", description="Parameter for the number.", examples=["page"])
    start: int = Field(1, ge=0, description="Number of the first page.", examples=[0])
    total_pages: str | None = Field(
        None,
        description="Path to the number of pages, for APIs that fail beyond the last one.",
        examples=["total_pages"],
    )

    def first(self, call: Call, at_most: int) -> Call:
        """Return the request for the first page."""
        return write(super().first(call, at_most), self.in_, self.param, self.start)

    def after(self, seen: Seen) -> Call | None:
        """Count one up."""
        more = seen.flag(self.more)
        if more is False or (seen.items == 0 and not more):
            return None
        following = int(read(seen.call, self.in_, self.param)) + 1
        pages = seen.count(self.total_pages)
        if more is None and pages is not None and following - self.start >= pages:
            return None
        return write(seen.call, self.in_, self.param, following)
