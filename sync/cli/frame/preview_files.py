"""The files whose saving shows a preview again."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

# Loaded with this module, before anybody is told that Ctrl-C ends the watch: it must not break off an import.
from watchfiles import watch

from sync.mapping.companions import companions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

#: Milliseconds after which files are looked at although nothing was heard of them, as on a network share.
_LOOK_MS = 1000
_State: TypeAlias = "dict[Path, tuple[int, int, int] | None]"


class Watched:
    """connector.yaml, a mapping, and the fragments and lookup tables that it names.

    Directories are watched rather than files: many editors save by putting another file in the old one's
    place.

    Args:
        config: connector.yaml.

    """

    def __init__(self, config: Path) -> None:
        self._config = config
        self._mapping: Path | None = None
        self._named: frozenset[Path] = frozenset()
        self._faulty: list[Path] = []
        self._seen = self._state()

    def takes(self, mapping: Path) -> bool:
        """Watch a mapping file, and the files that it names; tell whether it is another than before."""
        if mapping == self._mapping:
            return False
        self._mapping, self._named, self._faulty = mapping, frozenset(), []
        self._seen = self._state()
        return True

    def also(self, files: Iterable[Path]) -> None:
        """Watch some more files."""
        known = {each.absolute() for each in self.files()}
        new = {each.absolute(): each for each in files if each.absolute() not in known}
        if new:
            self._faulty += new.values()
            self._seen = self._state()

    def files(self) -> list[Path]:
        """Return the files, the mapping first. What a mapping that is wrong named before stays among them."""
        mapping = [self._mapping] if self._mapping else []
        self._named = frozenset(name for each in mapping for name in companions(each)) or self._named
        return list(dict.fromkeys([*mapping, *sorted(self._named), *self._faulty, self._config]))

    def saves(self) -> Iterator[None]:
        """Yield after every save of any of them since this was made. Never ends.

        Raises:
            KeyboardInterrupt: when Ctrl-C is pressed.

        """
        while True:
            for _ in _waits(self._directories()):
                now = self._state()
                if now != self._seen:
                    self._seen = now
                    yield
                    break

    def _directories(self) -> set[Path]:
        """Return where the files stand, and where links among them lead to."""
        files = self.files()
        found = {each.absolute().parent for each in files} | {each.resolve().parent for each in files}
        return {each for each in found if each.is_dir()}

    def _state(self) -> _State:
        return {file: _stamp(file) for file in self.files()}


def _stamp(file: Path) -> tuple[int, int, int] | None:
    """Return what changes when a file is saved, None when it is not there."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _waits(directories: Iterable[Path]) -> Iterator[object]:
    return watch(
        *directories, recursive=False, yield_on_timeout=True, rust_timeout=_LOOK_MS, watch_filter=None
    )
