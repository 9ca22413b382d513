"""What an edit of the mapping would do, for people, and the commands that do it on purpose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.cli.frame.printing import shortened
from sync.cli.frame.words import number_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sync.cli.frame.printing import Printer
    from sync.runtime.judging import Edit, FieldEdit
    from sync.runtime.planning import Judged

#: So many fields, and so many reasons, are listed; characters of an example.
_FIELDS, _REASONS, _LONGEST = 15, 3, 60


def show_edit(printer: Printer, source: str, judged: Judged) -> None:
    """Show what an edit would change in leads that are known, and what was read to tell.

    Args:
        printer: where to.
        source: its name.
        judged: what was found.

    """
    edit = judged.edit
    if edit:
        printer.line("  The mapping was edited, which sends nothing by itself:", "bold")
    elif judged.whole:
        printer.line("  The mapping makes the same of every lead that the endpoint has accepted.", "dim")
    if edit.changed:
        _show_changed(printer, source, edit)
    for line in _others(source, edit):
        printer.line(f"    {line}")
    for reason, leads in edit.reasons.most_common(_REASONS):
        printer.line(f"      {leads:,}: {reason}", "yellow")
    for line in _what_was_read(source, judged):
        printer.line(f"  {line}", "dim")


def _show_changed(printer: Printer, source: str, edit: Edit) -> None:
    leads, command = number_of(edit.changed, "accepted lead"), f"`leadrelay send-again {source} --edited`"
    printer.line(f"    {leads} would say something else; {command} sends {_them(edit.changed)}")
    fields = sorted(edit.fields.items(), key=lambda item: -item[1].leads)
    rows = [(f"      {name}", f"{each.leads:,}", _now(each)) for name, each in fields[:_FIELDS]]
    printer.table(("      FIELD", "LEADS", "NOW, AS AN EXAMPLE"), rows, numbers=("LEADS",))
    if len(fields) > _FIELDS:
        printer.line(f"      … and {number_of(len(fields) - _FIELDS, 'more field')}", "dim")


def _now(field: FieldEdit) -> str:
    """Return an example of what a field says now."""
    if field.example is None:
        return "gone"
    gone = f"  (gone in {field.removed:,})" if field.removed else ""
    return f"{shortened(field.example, _LONGEST)}{gone}"


def _others(source: str, edit: Edit) -> Iterator[str]:
    if edit.let_in:
        records, is_ = number_of(edit.let_in, "record"), "is" if edit.let_in == 1 else "are"
        backfill = f"`leadrelay backfill {source} --since TIME` sends {_them(edit.let_in)}"
        yield f"{records} that `where` left out {is_} let in and noted as adopted; {backfill}"
    if edit.left_out:
        leads = number_of(edit.left_out, "lead")
        yield f"{leads} would be left out by `where`: what waits is taken back, and nothing more is sent"
    if edit.valid:
        records = number_of(edit.valid, "record")
        yield f"{records} that could not be mapped can be now: the next sync sends {_them(edit.valid)}"
    if edit.invalid:
        records = number_of(edit.invalid, "record")
        yield f"{records} could not be mapped any more; what the endpoint has stays as it is:"


def _them(number: int) -> str:
    return "it" if number == 1 else "them"


def _what_was_read(source: str, judged: Judged) -> Iterator[str]:
    if judged.whole:
        yield f"Judged by {number_of(judged.read, 'record')} that were read for it."
    elif judged.edit and judged.unread:
        yield f"Judged by the {number_of(judged.read, 'record')} that a sync reads."
    if judged.unread and not judged.whole:
        more = number_of(judged.unread, "more lead")
        yield (
            f"{more} of an older mapping: `leadrelay plan {source} --all` reads the whole source and judges "
            "the edit by it"
        )
