"""Paging in which the server says where to go on: a cursor, a URL, a Link header."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from sources._rest.changed import shape
from sources._rest.paging_base import Paging, Seen
from sources._rest.paths import MISSING, find
from sources._rest.placing import write
from sources.errors import BadConfig, Unavailable
from sources.http import next_link

if TYPE_CHECKING:
    from sources.http import Call


class _Directed(Paging):
    """Strategies in which the server says where to go on."""

    empty_page: Literal["continue", "end"] = Field(
        "continue",
        description=(
            "What an empty page with a next one means: go on (an API that filters after paging), "
            "or the end (a feed that always has a next page)."
        ),
        examples=["end"],
    )

    def after(self, seen: Seen) -> Call | None:
        """Return the request that the server names."""
        more = seen.flag(self.more)
        if more is False or (seen.items == 0 and self.empty_page == "end"):
            return None
        following = self._following(seen)
        if following is None and more:
            raise Unavailable(f"{seen.answer.where}: `{self.more}` says there is more, but {self._nothing()}")
        return following

    @abstractmethod
    def _following(self, seen: Seen) -> Call | None: ...

    @abstractmethod
    def _nothing(self) -> str: ...


class CursorPaging(_Directed):
    """A cursor in the answer goes into the next request."""

    type: Literal["cursor"] = Field(description="A cursor in the answer is sent with the next request.")
    cursor: str = Field(
        description=(
            "Path to the next cursor; missing, null or empty means the end. "
            "Where 0 means the end as well, set `more` to the same path."
        ),
        examples=["meta.next_cursor", "data.-1.id"],
    )
    param: str = Field(description="Parameter that takes the cursor.", examples=["cursor", "after"])

    def _following(self, seen: Seen) -> Call | None:
        cursor: Any = find(seen.answer.data, self.cursor)
        if cursor is MISSING or cursor in (None, "", [], {}) or cursor is False:
            return None
        return write(seen.call, self.in_, self.param, cursor)

    def _nothing(self) -> str:
        return f"there is no cursor at `{self.cursor}`"


class NextUrlPaging(_Directed):
    """The address of the next page stands in the answer."""

    type: Literal["next_url"] = Field(description="The URL of the next page stands in the answer.")
    path: str = Field(
        description="Path to it; it may be relative.", examples=["links.next", "@odata.nextLink"]
    )

    def _following(self, seen: Seen) -> Call | None:
        target: Any = find(seen.answer.data, self.path)
        if target is MISSING or not target:
            return None
        if not isinstance(target, str):
            raise BadConfig(f"{seen.answer.where}: `{self.path}` is no URL ({shape(target)})", "paging")
        return seen.call.to(seen.reach.resolve(seen.answer.call.url, target))

    def _nothing(self) -> str:
        return f"there is no URL at `{self.path}`"


class LinkHeaderPaging(_Directed):
    """The address of the next page stands in the Link header (RFC 8288)."""

    type: Literal["link_header"] = Field(
        description='The URL of the next page stands in `Link: <…>; rel="next"`.'
    )

    def _following(self, seen: Seen) -> Call | None:
        target = next_link(seen.answer.headers.get("link"))
        return seen.call.to(seen.reach.resolve(seen.answer.call.url, target)) if target else None

    def _nothing(self) -> str:
        return 'there is no Link header with rel="next"'
