"""``preview --watch``: the same records again on every save, with what the save has changed."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sources.errors import SourceError
from sync.cli.frame.failures import Refused
from sync.cli.frame.preview_files import Watched
from sync.cli.frame.preview_read import read
from sync.cli.frame.preview_show import show
from sync.cli.frame.words import number_of
from sync.located_yaml import ConfigError, shown
from sync.runtime.example_saving import mapping_file
from sync.runtime.previewing import mapped_again

if TYPE_CHECKING:
    from sync.cli.frame.printing import Printer
    from sync.cli.frame.session import Session
    from sync.config import Config, SourceConfig
    from sync.runtime.previewing import Preview
    from sync.runtime.sampling import Choice


def watch_preview(session: Session, name: str, choice: Choice) -> None:
    """Show records of a source, and show them again on every save, until Ctrl-C.

    Raises:
        KeyboardInterrupt: when Ctrl-C ends it.
        Refused: when there is no such source, or no configuration, at the beginning.
        SourceError: when the source can't be read at the beginning.

    """
    watched = Watched(session.chosen.config)
    showing = _Showing(session, name, choice)
    try:
        showing.again(watched)
    except ConfigError as error:
        showing.mistakes(error, watched)
    for _ in watched.saves():
        try:
            showing.again(watched)
        except ConfigError as error:
            showing.mistakes(error, watched)
        except (Refused, SourceError) as error:
            showing.mistake([str(error)], watched)


class _Showing:
    """What is on the screen: the records, and what became of them by the last mapping that was right."""

    def __init__(self, session: Session, name: str, choice: Choice) -> None:
        self._session = session
        self._name = name
        self._choice = choice
        self._last: tuple[SourceConfig, Preview] | None = None

    def again(self, watched: Watched) -> None:
        """Show what the files make of the records now; another source of records is read anew.

        Raises:
            ConfigError: when something in the files is wrong.
            Refused: when the configuration or the source is gone.
            SourceError: when records have to be read and can't be.

        """
        config, source = self._configured(watched)
        found, before = self._found(config, source)
        self._last = source, found
        self._headed(watched)
        show(self._printer, found, source.mapping, before)
        for note in found.notes:
            self._session.note(f"{self._name}: {note}")
        sys.stdout.flush()  # for whoever reads a pipe

    def _configured(self, watched: Watched) -> tuple[Config, SourceConfig]:
        config, source = self._session.source(self._name)
        if watched.takes(mapping_file(config, source)):
            return self._session.source(self._name)  # once more, now that no save of it goes unseen
        return config, source

    def _found(self, config: Config, source: SourceConfig) -> tuple[Preview, Preview | None]:
        """Return the records with what becomes of them, and with what became of them before."""
        if self._last is not None:
            last, before = self._last
            if (source.type, source.settings) == (last.type, last.settings):
                return mapped_again(before, source), before
        return read(config, source, self._choice), None

    def mistakes(self, error: ConfigError, watched: Watched) -> None:
        """Show what is wrong with the files; from now on those that are at fault are watched as well."""
        watched.also(Path(each.mark.file) for each in error.problems if each.mark)
        self.mistake([str(each) for each in error.problems], watched)

    def mistake(self, lines: list[str], watched: Watched) -> None:
        """Show what is wrong; the records stay what they are."""
        self._headed(watched)
        for line in lines:
            self._printer.line(line, "red")
        self._printer.line("The watch goes on: mend it and save.", "dim")
        sys.stdout.flush()

    @property
    def _printer(self) -> Printer:
        return self._session.printer

    def _headed(self, watched: Watched) -> None:
        if not self._printer.plain:
            self._printer.console.clear()
        at = f"{datetime.now().astimezone():%H:%M:%S}"
        files = ", ".join(shown(each) for each in watched.files())
        self._printer.parts((at, "bold"), (f"  {self._name}: {self._kept()}; Ctrl-C ends", "dim"))
        self._printer.line(f"watching {files}", "dim")
        self._printer.line()

    def _kept(self) -> str:
        if self._last is None:
            return "nothing is read yet"
        return f"{number_of(len(self._last[1].records), 'record')}, read once and kept in memory"
