"""A mapping file beside the same work written by hand in Python, for small, usual and large mappings."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from time import process_time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from benchmarks import leads
from benchmarks.by_hand import by_hand
from benchmarks.report import Row
from sources.base import Record
from sync.mapping import parse_mapping

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.setting import Setting

_RECORDS = 5_000
_MOST = 1.5
_SMALL, _USUAL, _LARGE = 5, 15, 40
#: What a usual mapping has beside plain columns.
_COMPOSED = """\
  fullName: "{{ first_name }} {{ last_name }}"
  bigJob: { expr: "(amount and amount|float > 10000) or false" }
  where: { from: [city, town] }
  through: { from: [channel, campaign] }
"""


@dataclass(frozen=True)
class Case:
    """A mapping of so many fields."""

    fields: int
    contact: bool

    @property
    def composed(self) -> bool:
        """Whether it has templates, expressions and first-of lists: small ones seldom do."""
        return self.fields >= _USUAL

    @property
    def plain(self) -> int:
        """How many custom properties are one column each."""
        return self.fields - _SMALL - 4 * self.composed

    @property
    def name(self) -> str:
        """What the table calls it."""
        return f"mapping of {self.fields} fields, {'with' if self.contact else 'without'} phone and e-mail"

    def yaml(self) -> str:
        """Return the mapping file."""
        reach = "phone\n  email: email" if self.contact else '{ value: "8045550123" }\n  lastName: last_name'
        custom = "".join(f"  extra{number}: column_{number}\n" for number in range(self.plain))
        custom += _COMPOSED if self.composed else ""
        return (
            f"lead:\n  firstName: first_name\n  phoneNumber: {reach}\n"
            "  status: { from: status, values: { new: open, open: open, won: closed, lost: closed } }\n"
            "  createdAt: created_at\n" + (f"custom:\n{custom}" if custom else "")
        )


CASES = tuple(Case(fields, contact) for contact in (True, False) for fields in (_SMALL, _USUAL, _LARGE))


def records(count: int, plain: int) -> list[Record]:
    """Return made-up records with so many further columns, as a database gives them."""
    found = []
    for number, row in enumerate(leads.rows(count)):
        fields: dict[str, Any] = dict(zip(leads.COLUMNS, row, strict=True))
        fields["amount"] = str(number % 20_000)
        fields |= {f"column_{each}": f"text {number} of {each}" for each in range(plain)}
        found.append(Record(key=str(number), fields=fields))
    return found


def measure(setting: Setting) -> list[Row]:
    """Return, for each case, the ratio of the two medians of processor time, measured in turns."""
    return [_measured(case, setting) for case in CASES]


def _measured(case: Case, setting: Setting) -> Row:
    some = records(setting.leads(_RECORDS), case.plain)
    mapped = parse_mapping(case.yaml(), "bench.yaml", timezone=ZoneInfo("UTC")).apply
    hand = by_hand(contact=case.contact, plain=case.plain, composed=case.composed)
    assert all(mapped(record) == hand(record) for record in some), "the same leads come out of both"
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(setting.rounds * 3):
        ours.append(_cost(mapped, some))
        theirs.append(_cost(hand, some))
    how = f"{median(ours):.1f} µs a record beside {median(theirs):.1f} µs by hand"
    return Row(case.name, median(ours) / median(theirs), _MOST, at_least=False, how=how)


def _cost(apply: Callable[[Record], Any], some: Sequence[Record]) -> float:
    """Return the microseconds of processor time that a record takes."""
    begun = process_time()
    for record in some:
        apply(record)
    return (process_time() - begun) / len(some) * 1e6
