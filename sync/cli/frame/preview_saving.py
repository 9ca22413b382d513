"""``preview --save-example``: what is said about an example that was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.cli.frame.failures import Refused
from sync.located_yaml import shown
from sync.mapping.example_text import block

if TYPE_CHECKING:
    from sync.cli.frame.printing import Printer
    from sync.cli.frame.session import Session
    from sync.config import Config, SourceConfig
    from sync.runtime.example_saving import Saved
    from sync.runtime.previewing import Preview

_COMMENT = "a real record, redacted by `leadrelay preview --save-example`"


def save(session: Session, config: Config, source: SourceConfig, found: Preview, number: int) -> None:
    """Write a record of a preview as an example, and show what was written.

    Args:
        session: to answer with.
        config: the configuration.
        source: whose records they are.
        found: the records.
        number: of the record that is meant, from 1.

    Raises:
        Refused: when there is no such record, or it can't be written; then nothing was changed.

    """
    from sync.runtime.example_saving import NotSaved, save_example

    for note in found.notes:
        session.note(f"{source.name}: {note}")
    if number > len(found.records):
        raise Refused(f"there is no record {number} to save; {len(found.records)} were found")
    record, _ = found.records[number - 1]
    try:
        saved = save_example(config, source, record, _COMMENT)
    except NotSaved as error:
        raise Refused(
            f"record {record.key} was not saved as an example: {error}; nothing was written"
        ) from None
    document = {
        "source": source.name,
        "file": shown(saved.file),
        "line": saved.line,
        "example": saved.example,
    }
    session.answer(document, lambda printer: _show(printer, saved))


def _show(printer: Printer, saved: Saved) -> None:
    printer.line(f"{shown(saved.file)}:{saved.line}: one example more", "bold")
    for line in block(saved.example, "  "):
        printer.line(line)
    printer.line("Read it over: what is personal was replaced. `leadrelay check` runs it from now on.", "dim")
