"""Where things stand in a mapping file; a mapping read back from the store has no file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.located_yaml import ConfigProblem, Mark, dotted, problems_from

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from pydantic import BaseModel, ValidationError

    from sync.mapping.expressions import SyntaxProblem
    from sync.mapping.gathering import Gathered


class Places:
    """Marks of a mapping file's parts.

    Args:
        located: the file with its fragments, None when there is none.
        directories: of each of them, by its name in messages.

    """

    def __init__(
        self, located: Gathered | None = None, directories: Mapping[str, Path] | None = None
    ) -> None:
        self._located = located
        self._directories = directories or {}

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

    def directory(self, path: tuple[str | int, ...], otherwise: Path) -> Path:
        """Return the directory of the file in which a path is written."""
        return self._directories.get(self._located.part(path).file, otherwise) if self._located else otherwise

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
            mark = _inside(self._located.part(path).text, mark, source, problem.offset)
        return ConfigProblem(dotted(self._written(path)), problem.message, mark)

    def key_problem(self, path: tuple[str | int, ...], message: str) -> ConfigProblem:
        """Return a problem with the key of a path; where the path ends in no key, with its value."""
        mark = self.mark(*path)
        if self._located and mark and isinstance(self._located.value(path[:-1]), dict):
            mark = self._located.key_mark(path)
        return ConfigProblem(dotted(self._written(path)), message, mark)

    def validation_problems(
        self, path: tuple[str | int, ...], error: ValidationError, model: type[BaseModel]
    ) -> list[ConfigProblem]:
        """Return what pydantic says of the section at a path."""
        if self._located is None:
            return [ConfigProblem(dotted(path), str(error))]
        return problems_from(self._located, error, path, model=model)

    def is_list(self, path: tuple[str | int, ...]) -> bool:
        """Tell whether a list is written at a path."""
        return self._located is not None and isinstance(self._located.value(path), list)

    def use(self, path: tuple[str | int, ...], index: int, name: str) -> tuple[str | int, ...]:
        """Return the path of one of the transforms of `as`, which is written with or without a list."""
        return (*path, "as", *((index,) if self.is_list((*path, "as")) else ()), name)

    def _written(self, path: tuple[str | int, ...]) -> tuple[str | int, ...]:
        """Take off what is not there, as the ``template`` of a field that is written as bare text."""
        while self._located and path and not self._located.has(path):
            path = path[:-1]
        return path


def in_order(problems: Iterable[ConfigProblem]) -> list[ConfigProblem]:
    """Return problems in the order of their file, once each; files in the order in which they come up."""
    found = list(dict.fromkeys(problems))
    files = list(dict.fromkeys(each.mark.file for each in found if each.mark))
    return sorted(
        found,
        key=lambda each: (
            (files.index(each.mark.file), each.mark.line, each.mark.column) if each.mark else (-1, 0, 0)
        ),
    )


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
