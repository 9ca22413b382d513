"""Housecall Pro v1 as its specification and recorded answers have it: one company."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from tests.doubles.base import Asked, Double, Limit, Reply, route

if TYPE_CHECKING:
    from collections.abc import Callable

    from sources.http import Clock

KEY = "housecall-key-made-up"
#: How many a page holds when nobody says.
_UNASKED = 10


class CompanyDouble(Double):
    """A company in Housecall Pro."""

    vendor: ClassVar[str] = "housecall"

    def __init__(self, clock: Clock | None = None) -> None:
        super().__init__(clock)
        #: In the order in which they were made.
        self.held: dict[str, dict[str, dict[str, Any]]] = {"leads": {}, "customers": {}}
        self.limit = Limit(1_000, 60.0)
        #: No page is larger than this, whatever is asked for.
        self.largest = 200
        #: Whether the first page is given for all, and whether the answer says so.
        self.loops = self.loops_openly = False
        #: Items from one number to another are of one moment, and in the next answers by creation the first
        #: so many of them stand last.
        self.ties: list[tuple[int, int, int]] = []
        #: How many more there are than are given, if one believes the totals.
        self.overstated = 0
        #: What happens after the next pages, one after another.
        self.meanwhile: list[Callable[[], None]] = []

    def put(self, key: str, kind: str = "leads", **said: Any) -> None:
        """Write a lead or a customer; a new one stands at the end."""
        new: dict[str, Any] = {"id": key, "status": "open", "lead_source": None, "lost_at": None}
        if kind == "customers":
            new = {"id": key, "first_name": "Jane", "email": None, "notifications_enabled": True}
        self.held[kind][key] = {**self.held[kind].get(key, new), **said}

    def delete(self, *keys: str) -> None:
        """Take leads away, for good."""
        for key in keys:
            del self.held["leads"][key]

    def refusal(self, asked: Asked) -> Reply | None:
        """Return what stands in the way of a request: its key, the limit."""
        if asked.headers.get("authorization") != f"Token {KEY}":
            return error(401, "Unauthorized")
        return error(429, "Too many requests") if self.limit.is_over(self.clock.monotonic()) else None

    @route("GET", r"/(leads|customers)")
    def listed(self, asked: Asked, kind: str) -> Reply:
        """A list by page numbers, over what is there at this moment."""
        query = asked.query
        if query.get("sort_by", "created_at") not in ("created_at", "updated_at", "id", "status"):
            return error(400, "sort_by is not supported")
        size = min(int(query.get("page_size", _UNASKED)), self.largest)
        number = 1 if self.loops else int(query.get("page", "1"))
        items = self._ordered(kind, query.get("sort_by", "created_at"))
        if query.get("sort_direction", "desc") == "desc":
            items.reverse()
        told = 1 if self.loops_openly else int(query.get("page", "1"))
        pages = 1_000 if self.loops else -(-len(items) // size)
        about = {"page": told, "page_size": size, "total_pages": pages, "total_items": len(items)}
        about["total_items"] += self.overstated
        reply = Reply({**about, kind: items[(number - 1) * size : number * size]})
        if self.meanwhile:
            self.meanwhile.pop(0)()
        return reply

    def _ordered(self, kind: str, by: str) -> list[dict[str, Any]]:
        items = list(self.held[kind].values())
        if by == "id":
            return sorted(items, key=lambda item: str(item["id"]))
        if self.ties:
            first, until, turns = self.ties.pop(0)
            tied = items[first:until]
            items[first:until] = tied[turns:] + tied[:turns]
        return items

    @route("GET", r"/(leads|customers)/(\w+)")
    def one(self, _asked: Asked, kind: str, key: str) -> Any:
        """A single one."""
        return self.held[kind].get(key) or error(404, "Not found")


def error(status: int, message: str) -> Reply:
    """Return an error as Housecall Pro writes it."""
    return Reply({"error": {"type": "error", "message": message}}, status=status)
