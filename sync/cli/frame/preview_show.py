"""A preview on stdout: a page where it is a terminal, lines elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.cli.frame.preview_view import views

if TYPE_CHECKING:
    from sync.cli.frame.printing import Printer
    from sync.mapping import Mapping
    from sync.runtime.previewing import Preview


def show(printer: Printer, found: Preview, mapping: Mapping, before: Preview | None = None) -> None:
    """Print a preview; with one from before the last save, what has changed since is marked."""
    shown = views(found, mapping, before)
    if not shown and not found.bad:
        printer.line("There are no records." if not found.read else "None of them is shown.")
    if printer.plain:
        from sync.cli.frame.preview_lines import show_lines

        show_lines(printer, shown)
    else:
        from sync.cli.frame.preview_page import show_page

        show_page(printer.console, shown)
    for bad in found.bad:
        printer.parts(("can't be read  ", "red"), str(bad))
