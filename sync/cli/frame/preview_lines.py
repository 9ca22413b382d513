"""Previewed records as plain lines, for whatever is not a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.cli.frame.places_links import line_of
from sync.cli.frame.preview_view import GONE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sync.cli.frame.preview_view import Property, View
    from sync.cli.frame.printing import Printer
    from sync.mapping.provenance import CameFrom


def show_lines(printer: Printer, shown: Iterable[View]) -> None:
    """Print records."""
    for view in shown:
        for line in _lines(view):
            printer.line(line)


def _lines(view: View) -> Iterator[str]:
    where = f"  ({view.where})" if view.where else ""
    was = f"  was {view.was}:" if view.was else ""
    yield f"record {view.key}{where} {was} {view.kind}"
    yield from _pairs([(each.name, each.text) for each in view.values if each.is_read], "  ")
    unread = [each.name for each in view.values if not each.is_read]
    if unread or view.unread:
        more = [f"{view.unread} more"] if view.unread else []
        yield f"  nothing reads: {', '.join([*unread, *more])}"
    if view.properties:
        yield "  becomes"
        yield from _pairs([(each.name, _property(each)) for each in view.properties], "    ")
    for remark in view.remarks:
        at = f"{remark.at}: " if remark.at else ""
        yield f"  {at}{remark.text}"
    yield ""


def _property(each: Property) -> str:
    before = f" (was {each.before})" if each.before else ""
    mark = f"  {each.mark}{before}" if each.mark else ""
    if each.mark == GONE and not each.came_from.at:
        return f"{each.text}{mark}"
    return f"{each.text}{mark}  <- {origin(each.came_from)}"


def origin(came: CameFrom) -> str:
    """Return where a property came from: ``phone, mappings/crm.yaml:7``."""
    return ", ".join([*came.columns, line_of(came.at)]) if came.at else "the record's key"


def _pairs(rows: Sequence[tuple[str, str]], indent: str) -> Iterator[str]:
    width = max((len(name) for name, _ in rows), default=0)
    for name, text in rows:
        yield f"{indent}{name:<{width}}  {text}".rstrip()
