"""Sources for tests of the engine: a script of pages, and a table that can be asked what changed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from sources.base import Page, PollRequest, Record, SourceSettings
from sources.position import Position

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Collection, Iterable, Sequence

#: A page to yield, what to raise instead, or something to do first.
Step: TypeAlias = "Page | BaseException | Callable[[], object]"

START = datetime(2026, 3, 1, 9, tzinfo=UTC)


class Killed(BaseException):
    """Stands for SIGKILL between two pages: nothing catches it, nothing is tidied up after it."""


def at(second: float) -> datetime:
    """Return a change time, in seconds after the beginning of the tests' day."""
    return START + timedelta(seconds=second)


def record(key: str, name: str = "Ada", changed: datetime | int | str | None = None, **fields: Any) -> Record:
    """Return a record that a mapping of `tests.engine_world` makes a lead of."""
    return Record(key, {"name": name, "phone": "(804) 555-0100", **fields}, changed, f"row {key}")


def page(*records: Record, position: Position | None = None, last: bool = True, **more: Any) -> Page:
    """Return a page."""
    return Page(records, position, last, **more)


@dataclass
class ScriptedSource:
    """Yields what its script says, whatever it is asked."""

    name: ClassVar[str] = "scripted"
    Settings: ClassVar[type[SourceSettings]] = SourceSettings

    script: Iterable[Step]
    keys_are_places: bool = False
    requests: list[PollRequest] = field(default_factory=list)
    closed: int = 0

    async def poll(self, request: PollRequest) -> AsyncGenerator[Page, None]:
        """Yield the script's pages."""
        self.requests.append(request)
        try:
            for step in self.script:
                if isinstance(step, BaseException):
                    raise step
                if isinstance(step, Page):
                    yield step
                else:
                    step()
        finally:
            self.closed += 1

    async def check(self) -> str:
        """Say that it is there."""
        return "a script"


@dataclass
class ScriptedTable:
    """Rows by key, read by (time, key) as a real table is: inclusive at the time."""

    name: ClassVar[str] = "scripted_table"
    Settings: ClassVar[type[SourceSettings]] = SourceSettings

    rows: dict[str, Record] = field(default_factory=dict)
    page_size: int = 3
    #: Whether it gives the fields that it is asked for and no others, as a database does.
    selects: bool = False
    #: Pages after which the poll is killed; None: never.
    dies_after: int | None = None
    asked: list[Position | None] = field(default_factory=list)
    #: The keys that were asked for one by one.
    fetched: list[str] = field(default_factory=list)
    #: The fields that the last poll asked for.
    wanted: frozenset[str] | None = None

    def put(self, key: str, name: str, when: datetime, **fields: Any) -> None:
        """Insert or update a row."""
        self.rows[key] = record(key, name, when, **fields)

    def touch(self, key: str, when: datetime) -> None:
        """Move the change time of a row and nothing else."""
        self.rows[key] = replace(self.rows[key], changed=when)

    async def latest(self) -> Position | None:
        """Return the newest position."""
        newest = max(self.rows.values(), key=_order, default=None)
        return Position(newest.changed, (newest.key,)) if newest else None

    async def poll(self, request: PollRequest) -> AsyncGenerator[Page, None]:
        """Yield what changed since the position."""
        self.asked.append(request.position)
        self.wanted = request.fields
        since = request.position.at if request.position else None
        found = sorted(self.rows.values(), key=_order)
        if since is not None:
            found = [row for row in found if row.changed >= since]  # type: ignore[operator]
        if self.selects and self.wanted is not None:
            found = [_with_fields(row, self.wanted) for row in found]
        pages = [found[n : n + self.page_size] for n in range(0, len(found), self.page_size)] or [[]]
        for number, rows in enumerate(pages):
            if self.dies_after is not None and number >= self.dies_after:
                raise Killed
            position = Position(rows[-1].changed, (rows[-1].key,)) if rows else request.position
            yield Page(rows, position, last=number == len(pages) - 1)

    async def fetch(self, keys: Collection[str]) -> Sequence[Record]:
        """Return whole rows by key."""
        self.fetched += sorted(keys)
        return [self.rows[key] for key in keys if key in self.rows]

    async def check(self) -> str:
        """Say how many rows there are."""
        return f"{len(self.rows)} rows"


def _with_fields(row: Record, wanted: frozenset[str]) -> Record:
    return replace(row, fields={name: value for name, value in row.fields.items() if name in wanted})


def _order(row: Record) -> Any:
    return row.changed, row.key
