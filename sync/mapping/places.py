"""Where things stand in a mapping file; a mapping read back from the store has no file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.located_yaml import ConfigProblem, Located, Mark, dotted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sync.mapping.expressions import SyntaxProblem


class Places:
    """Marks of a mapping file's parts.

    Args:
        located: the file, None when there is none.

    """

    def __init__(self, located: Located | None = None) -> None:
        self._located = located

    @property
    def file(self) -> str:
        """The file's name for messages, empty when there is none."""
        return self._located.file if self._located else ""

    def mark(self, *path: str | int) -> Mark | None:
        """Return where the value of a path stands, None when there is no file."""
        return self._located.mark(path) if self._located else None

    def at(self, *path: str | int) -> str:
        """Return the same as text, empty when there is no file."""
        return str(self.mark(*path) or "")

    def line(self, *path: str | int) -> str:
        """Return the file and line only, as in ``mappings/crm.yaml:1``."""
        mark = self.mark(*path)
        return f"{mark.file}:{mark.line}" if mark else ""

    def problem(self, path: tuple[str | int, ...], message: str) -> ConfigProblem:
        """Return a problem with the value of a path, or of its nearest parent that is written."""
        return ConfigProblem(dotted(self._written(path)), message, self.mark(*path))

    def syntax_problem(
        self, path: tuple[str | int, ...], source: str, problem: SyntaxProblem
    ) -> ConfigProblem:
        """Return a problem inside of the text at a path, with the very character where possible."""
        mark = self.mark(*path)
        if self._located and mark:
            mark = _inside(self._located.text, mark, source, problem.offset)
        return ConfigProblem(dotted(self._written(path)), problem.message, mark)

    def _written(self, path: tuple[str | int, ...]) -> tuple[str | int, ...]:
        """Take off what is not there, as the ``template`` of a field that is written as bare text."""
        while self._located and path and not self._located.has(path):
            path = path[:-1]
        return path


def in_order(problems: Iterable[ConfigProblem]) -> list[ConfigProblem]:
    """Return problems in the order of the file."""
    return sorted(problems, key=lambda found: (found.mark.line, found.mark.column) if found.mark else (0, 0))


def _inside(text: str, mark: Mark, source: str, offset: int) -> Mark:
    """Find a character of a scalar in its file. In vain where escapes or folding changed its lines."""
    before = source[:offset]
    row, column = before.count("\n"), offset - (before.rfind("\n") + 1)
    wanted = source.split("\n")[row]
    if not wanted.strip():
        return mark
    lines = text.split("\n")
    first = mark.line - 1 + row
    for number in range(first, min(first + 2, len(lines))):
        start = mark.column - 1 if number == mark.line - 1 else 0
        found = lines[number].find(wanted, start)
        if found >= 0:
            return Mark(mark.file, number + 1, found + column + 1)
    return mark
