"""Pages by keyset: each goes on behind the last row of the one before, along an index.

Rows are ordered by the cursor and then by the key. The place reached is a row's values of these; what
follows it is asked for in steps, each of which an index on the columns answers without looking at other
rows: first the same cursor and a key that is not smaller, then a later cursor.

The row at the place is read again, with any that can't be told from it, so that rows which share cursor
and key are not lost where a page ends between them. What the page before held already is left out. Which
rows those are is the database's to say: to many of them Bob and BOB are one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.types import NullType

from sources._sql.collation import may_tie
from sources._wording import listed
from sources.errors import BadConfig

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ColumnElement, FromClause, Row, Select
    from sqlalchemy.engine import Connection

    #: The values of a row, in the order of the columns selected.
    Values = Row[Any]

#: So many rows that share cursor and key are no accident.
_MOST_ALIKE = 5_000


@dataclass(frozen=True, slots=True)
class Order:
    """What is read, and in which order."""

    origin: FromClause
    #: The columns selected.
    selected: tuple[ColumnElement[Any], ...]
    #: The columns sorted by; the last ones are the key's.
    sorted_by: tuple[ColumnElement[Any], ...]
    #: Where the columns sorted by stand among those selected.
    places: tuple[int, ...]
    #: What is true of every row to be read.
    where: tuple[ColumnElement[bool], ...] = ()
    #: A column that is the same in all of them, and has an index; sorting by it first leads to that index.
    led_by: ColumnElement[Any] | None = None

    def place_of(self, row: Values) -> tuple[Any, ...]:
        """Return a row's values of the columns sorted by."""
        return tuple(row[index] for index in self.places)


@dataclass(slots=True)
class Walk:
    """Reads page after page."""

    order: Order
    size: int
    #: The place reached, inclusive; a beginning of it (the cursor alone) stands for all that share it.
    place: tuple[Any, ...] = ()
    #: The rows that are at the place, or may be, and have been given already.
    _given: list[Values] = field(default_factory=list)
    #: How many pages were full so far, and where one of them ended.
    _turned: int = 0
    _mark: tuple[tuple[Any, ...], int] | None = None

    def page(self, connection: Connection) -> tuple[list[Values], bool]:
        """Return the next rows and whether there are no more.

        Raises:
            BadConfig: when more rows share cursor and key than a key may leave in doubt, or the pages go
                round in a circle.

        """
        limit = self.size + len(self._given)
        found: list[Values] = []
        for condition in self._steps():
            wanted = limit - len(found)
            if wanted <= 0:
                break
            found.extend(connection.execute(self._statement(condition, wanted)).all())
        rows = [row for row in found if row not in self._given] if self._given else found
        done = len(found) < limit
        if not done:
            self._move_to_end_of(found)
        return rows, done

    def _statement(self, condition: Sequence[ColumnElement[bool]], limit: int) -> Select[Any]:
        order = self.order
        chosen = select(*order.selected).select_from(order.origin).where(*order.where, *condition)
        led = () if order.led_by is None else (order.led_by,)
        # SQL Server refuses a column that is sorted by twice, as one that is both cursor and key.
        return chosen.order_by(*dict.fromkeys((*led, *order.sorted_by))).limit(limit)

    def _steps(self) -> Iterator[list[ColumnElement[bool]]]:
        """Yield the conditions of what is at the place and behind it, nearest first."""
        columns, place = self.order.sorted_by[: len(self.place)], self.place
        if not place:
            yield []
            return
        for depth in reversed(range(len(place))):
            same = [columns[i] == bound(place[i]) for i in range(depth)]
            last = depth == len(place) - 1
            here, there = columns[depth], bound(place[depth])
            if last:
                yield [*same, here >= there]
            elif depth == 0:
                yield [here >= there, or_(here > there, self._keyless())]
            else:
                yield [*same, here > there]

    def _keyless(self) -> ColumnElement[bool]:
        """Tell of rows whose key is not whole: no comparison with a key finds them."""
        return or_(*(column.is_(None) for column in self.order.sorted_by[1:]))

    def _move_to_end_of(self, found: list[Values]) -> None:
        """Go on from the last row with a whole key; where none has one, from its cursor alone."""
        last = next((i for i in reversed(range(len(found))) if None not in self._place(found[i])), None)
        place = self._place(found[-1])[:1] if last is None else self._place(found[last])
        first = len(found) - 1 if last is None else last
        while first > 0 and may_tie(self._place(found[first - 1])[: len(place)], place):
            first -= 1
        if place == self.place:  # the page came no further: to the database all of it is at the place
            first = 0
        alike = found[first:]
        if may_tie(place, self.place):  # rows that can't be told from each other come in any order
            alike += [row for row in self._given if row not in alike]
        if len(alike) > _MOST_ALIKE:
            raise BadConfig(
                f"over {_MOST_ALIKE:,} rows share one key and cursor: they can't be told apart", "key"
            )
        self.place, self._given = place, alike
        self._refuse_a_circle()

    def _refuse_a_circle(self) -> None:
        """Refuse to come by one place again: the driver does not give what the database sorts by.

        A place is kept for as many pages as there were before it, so that a circle of any length is found.
        """
        here = self.place, len(self._given)
        if here == self._mark:
            names = listed([str(getattr(self.order.selected[i], "name", i)) for i in self.order.places])
            raise BadConfig(
                f"the rows can't be read in pages: {names} are compared otherwise than they are sorted, as "
                "bits and times finer than a microsecond are; name other columns, or leave `cursor` out",
                "key",
            )
        self._turned += 1
        if self._turned.bit_count() == 1:
            self._mark = here

    def _place(self, row: Values) -> tuple[Any, ...]:
        return self.order.place_of(row)


def bound(value: Any) -> Any:
    """Return a parameter that takes its type from what it is compared with."""
    return bindparam(None, value, type_=NullType(), unique=True)
