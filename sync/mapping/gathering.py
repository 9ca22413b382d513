"""A mapping file together with the fragments that it includes, each part with its own file and line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sync.located_yaml import Located, Mark

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sync.located_yaml import Path

#: Sections whose parts may come from several files, part by part.
_SECTIONS = ("lead", "custom")
#: Keys that one file says as a whole.
_WHOLE = ("missing", "ignore_changes")


class Gathered(Located):
    """Data from several files as if it stood in one; every place is that of the file it was written in.

    Args:
        main: the mapping file.
        fragments: the files it includes, those that win over others last.

    """

    def __init__(self, main: Located, fragments: Iterable[Located] = ()) -> None:
        self.text = main.text
        self.file = main.file
        self.data = main.data
        self._main = main
        self._owners: dict[tuple[str | int, ...], Located] = {}
        self._fragments = list(fragments)
        if self._fragments and isinstance(main.data, dict):
            self.data = self._merged()

    def _merged(self) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for located in (*self._fragments, self._main):
            part = located.data if isinstance(located.data, dict) else {}
            kept = part if located is self._main else {name: part[name] for name in _WHOLE if name in part}
            for name, value in kept.items():
                if name not in _SECTIONS or not isinstance(value, dict):
                    data[name] = value
                    self._owners[(name,)] = located
            for section in _SECTIONS:
                self._take_section(data, section, part.get(section), located)
        return data

    def _take_section(self, data: dict[str, Any], section: str, fields: Any, located: Located) -> None:
        if not isinstance(fields, dict):
            return
        if not isinstance(data.get(section), dict):
            data[section] = {}
        data[section].update(fields)
        self._owners.setdefault((section,), located)
        if located is self._main:
            self._owners[section,] = located
        self._owners.update({(section, name): located for name in fields})

    def part(self, path: Path) -> Located:
        """Return the file that says what stands at a path."""
        for end in (2, 1):
            if path[:end] in self._owners:
                return self._owners[path[:end]]
        return self._main

    def rank(self, file: str) -> int:
        """Return where a file comes among the others in messages: the mapping itself first."""
        names = [self.file, *(each.file for each in self._fragments)]
        return names.index(file) if file in names else len(names)

    def mark(self, path: Path = ()) -> Mark:
        """Return where the value of a path stands, in its own file."""
        return self.part(path).mark(path)

    def key_mark(self, path: Path = ()) -> Mark:
        """Return where the key of a path stands, in its own file."""
        return self.part(path).key_mark(path)
