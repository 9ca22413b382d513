"""What a verb works with: the options that were chosen, the configuration, the store, and its voice."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

from sync.cli.frame.failures import Refused
from sync.cli.frame.json_output import write_json
from sync.cli.frame.options import DEFAULT_CONFIG, Chosen
from sync.cli.frame.printing import Printer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from sync.config import Config, SourceConfig
    from sync.store.store import Store


class Session:
    """One call of a verb. Made in a verb by ``Session.of(context)``."""

    def __init__(self, chosen: Chosen) -> None:
        self.chosen = chosen
        self.printer = Printer()

    @classmethod
    def of(cls, context: typer.Context) -> Session:
        """Return the session of a verb that Typer calls."""
        return cls(context.obj if isinstance(context.obj, Chosen) else Chosen())

    def config(self) -> Config:
        """Read the configuration.

        Raises:
            Refused: when there is no such file.
            ConfigError: with everything that is wrong in it.

        """
        from sync.config import load_config

        return load_config(self._file())

    def source(self, name: str) -> tuple[Config, SourceConfig]:
        """Read one source of the configuration, to look at its records; the rest may be wrong or missing.

        Raises:
            Refused: when there is no such file, or no such source in it.
            ConfigError: with everything that is wrong with the source and its mapping.

        """
        from sync.config import NoSuchSource, load_source

        try:
            config = load_source(self._file(), name)
        except NoSuchSource as error:
            raise _no_source(name, error.names) from None
        return config, config.sources[name]

    def _file(self) -> Path:
        path = self.chosen.config
        if not path.exists():
            hint = "`leadrelay init` writes one" if str(path) == DEFAULT_CONFIG else "is -c right?"
            raise Refused(f"there is no {path} here; {hint}")
        return path

    @contextmanager
    def store(self, config: Config) -> Iterator[Store | None]:
        """Open the state store; None when it is a file that nothing has made yet.

        Raises:
            StoreError: when it can't be used.

        """
        file = config.state.file
        if file is not None and not file.exists() and file.parent.is_dir():
            yield None
            return
        from sync.store.store import open_store

        store = open_store(config.state.url.get_secret_value())
        try:
            yield store
        finally:
            store.close()

    def answer(self, document: Any, show: Callable[[Printer], None]) -> None:
        """Give the command's answer: the document with ``--json``, else what ``show`` prints."""
        if self.chosen.json:
            write_json(document)
        else:
            show(self.printer)

    def note(self, text: str) -> None:
        """Say something in passing, on stderr; not with ``-q``."""
        if not self.chosen.quiet:
            typer.echo(text, err=True)

    def warn(self, text: str) -> None:
        """Say what the user must hear, on stderr."""
        typer.echo(f"warning: {text}", err=True)

    def is_sure(self, question: str, *, yes: bool) -> bool:
        """Ask a question; whoever can't be asked must have said ``--yes``.

        Raises:
            Refused: when nobody can be asked.

        """
        if yes:
            return True
        if not sys.stdin.isatty() or self.chosen.json:
            raise Refused(f"{question} Say --yes: there is nobody to ask here")
        if typer.confirm(question, err=True):
            return True
        self.note("Nothing was done.")
        return False


def source_named(config: Config, name: str) -> SourceConfig:
    """Return a source by its name.

    Raises:
        Refused: when there is none, with the names there are.

    """
    found = config.sources.get(name)
    if found is None:
        raise _no_source(name, config.sources)
    return found


def _no_source(name: str, names: Iterable[str]) -> Refused:
    from sync.located_yaml import did_you_mean

    return Refused(f'there is no source "{name}"{did_you_mean(name, names)}; there are: {", ".join(names)}')
