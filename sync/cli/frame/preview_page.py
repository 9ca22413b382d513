"""Previewed records on a terminal: record and lead side by side, stacked where it is narrow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.cli.frame.places_links import line_of, link_of
from sync.cli.frame.preview_view import CHANGED, GONE, NEW
from sync.cli.frame.printing import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import Console, RenderableType
    from rich.table import Table
    from rich.text import Text

    from sync.cli.frame.preview_view import Property, Remark, Value, View
    from sync.mapping.provenance import CameFrom

#: Columns of a terminal from which record and lead stand side by side.
SIDE_BY_SIDE = 80
#: And from which the origin of a property stands in the property's own line.
ROOMY = 130
#: The record's share of the width, and the most it takes.
_SHARE, _MOST = 0.38, 64
#: What stands between the two, and how far the two are set in where they are stacked.
_BETWEEN, _INDENT = 3, 2
#: The longest name that is kept whole.
_LONGEST_NAME = 28

VERDICTS = {"goes": "bold green", "skipped": "bold dim", "invalid": "bold yellow"}
MARKS = {NEW: ("+", "green"), CHANGED: ("~", "cyan"), GONE: ("-", "red"), "": ("", "")}


def show_page(console: Console, shown: Iterable[View]) -> None:
    """Print records."""
    for view in shown:
        console.print(_head(view))
        console.print(
            _side_by_side(view, console.width)
            if console.width >= SIDE_BY_SIDE
            else _stacked(view, console.width)
        )
        console.print()


def _head(view: View) -> Text:
    from rich.text import Text

    where = f"  {one_line(view.where)}" if view.where else ""
    was = f"  (was {view.was})" if view.was else ""
    return Text.assemble(
        (f"record {one_line(view.key)}", "bold"),
        (where, "dim"),
        "  ",
        (view.kind, VERDICTS[view.kind]),
        (was, "cyan"),
    )


def _side_by_side(view: View, width: int) -> RenderableType:
    from rich import box
    from rich.table import Table

    left = min(int(width * _SHARE), _MOST)
    table = Table(box=box.MINIMAL, show_edge=False, show_header=False, pad_edge=False, border_style="dim")
    table.add_column(width=left)
    table.add_column()
    table.add_row(_record(view), _lead(view, width - left - _BETWEEN, roomy=width >= ROOMY))
    return table


def _stacked(view: View, width: int) -> RenderableType:
    from rich.console import Group
    from rich.padding import Padding
    from rich.text import Text

    becomes = [Text("  becomes", "dim")] if view.properties else []
    lead = _lead(view, width - _INDENT, roomy=False)
    inset = (0, 0, 0, _INDENT)
    return Group(Padding(_record(view), inset), *becomes, Padding(lead, inset))


def _record(view: View) -> RenderableType:
    from rich.text import Text

    table = _grid()
    for value in view.values:
        table.add_row(*_value(value))
    if view.unread:
        table.add_row(Text(f"+ {view.unread}", "dim"), Text("more that nothing reads", "dim"))
    return table


def _value(value: Value) -> Sequence[Text]:
    from rich.text import Text

    style = "" if value.is_read else "dim"
    return Text(one_line(value.name), style or "cyan"), Text(one_line(value.text), style)


def _lead(view: View, width: int, *, roomy: bool) -> RenderableType:
    """Return what the lead says, or why there is none.

    Args:
        view: the record.
        width: columns that there are.
        roomy: whether origins stand in columns of their own.

    """
    from rich.console import Group

    marked = any(each.mark for each in view.properties)
    names = max((len(each.name) for each in view.properties), default=0)
    left = width - min(names, _LONGEST_NAME) - (5 if marked else 2)
    table = _grid(marks=marked, roomy=roomy)
    for each in view.properties:
        cells = [*_named(each), *(_origin(each) if roomy else ())]
        if not roomy:
            cells[-1] = _with_origin(cells[-1], _origin(each), left)
        table.add_row(*(cells if marked else cells[1:]))
    said = [_remark(each, "yellow" if view.kind != "skipped" else "") for each in view.remarks]
    return Group(*([table] if view.properties else []), *said)


def _named(each: Property) -> list[Text]:
    """Return a property's mark, its name and its value."""
    from rich.text import Text

    gone = "dim strike" if each.mark == GONE else ""
    value = Text(one_line(each.text), gone or MARKS[each.mark][1])
    if each.before:
        value.append(f"  was {one_line(each.before)}", "dim")
    return [Text(*MARKS[each.mark]), Text(one_line(each.name), gone or "bold"), value]


def _with_origin(value: Text, origin: Sequence[Text], width: int) -> Text:
    """Return a value with its origin behind it where there is room, else below it."""
    from rich.text import Text

    behind = Text("  ").join(origin)
    return Text("  " if value.cell_len + behind.cell_len + 2 <= width else "\n").join((value, behind))


def _origin(each: Property) -> list[Text]:
    if each.mark == GONE and not each.came_from.at:
        return [_dim("nothing gives it any more")]
    return [_made_of(each.came_from), *([_place(each.came_from.at)] if each.came_from.at else [])]


def _made_of(came: CameFrom) -> Text:
    if not came.at:
        return _dim("← the record's key")
    return _dim(f"← {one_line(', '.join(came.columns))}" if came.columns else "← the mapping")


def _dim(text: str) -> Text:
    from rich.text import Text

    return Text(text, "dim")


def _place(at: str) -> Text:
    from rich.text import Text

    link = link_of(at)
    return Text(line_of(at), f"dim link {link}" if link else "dim")


def _remark(remark: Remark, style: str) -> Text:
    from rich.text import Text

    found = Text(one_line(remark.text), style)
    return found.append_text(Text.assemble("  ", _place(remark.at))) if remark.at else found


def _grid(*, marks: bool = False, roomy: bool = False) -> Table:
    """Return a table without lines: names are kept whole as far as they go, values are folded."""
    from rich.table import Table

    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    if marks:
        table.add_column(width=1)
    table.add_column(overflow="fold", max_width=_LONGEST_NAME)
    for _ in range(2 if roomy else 1):
        table.add_column(overflow="fold")
    if roomy:
        table.add_column(no_wrap=True)  # a place that is cut in two is no link
    return table
