"""The fragments that a mapping file includes, and those that they include."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError

from sync.located_yaml import ConfigError, ConfigProblem, Located, problems_from, read_yaml
from sync.mapping.beside import file_beside, unusable
from sync.mapping.spec import FragmentSpec

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Fragments within fragments.
DEEPEST = 5


class Fragments:
    """All fragments of a mapping, those that win over others last.

    Args:
        main: the mapping file.
        directory: where the names in it are looked for.
        file: its path, None for text that is in no file.

    """

    def __init__(self, main: Located, directory: Path, file: Path | None) -> None:
        self.main = main
        self.found: list[Located] = []
        #: The directory of each, by the name it has in messages.
        self.directories: dict[str, Path] = {main.file: directory}
        self.problems: list[ConfigProblem] = []
        self._take(main, directory, [file.resolve()] if file else [])

    def _take(self, located: Located, directory: Path, chain: list[Path]) -> None:
        for part, name in _named(located):
            file = file_beside(directory, name)
            complaint = _complaint(name, file, chain)
            if complaint:
                path = "include" if part == ("include",) else f"include[{part[1]}]"
                self.problems.append(ConfigProblem(path, complaint, located.mark(part)))
                continue
            fragment = self._read(file)
            if fragment is not None:
                self.directories[fragment.file] = file.parent
                self._take(fragment, file.parent, [*chain, file.resolve()])
                self.found.append(fragment)

    def _read(self, file: Path) -> Located | None:
        try:
            located = read_yaml(file)
            FragmentSpec.model_validate(located.data)
        except ConfigError as error:
            self.problems.extend(error.problems)
            return None
        except ValidationError as error:
            self.problems.extend(problems_from(located, error, model=FragmentSpec))
        return located


def _named(located: Located) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield the names of fragments, each with its path; what is no text is left to the model."""
    data = located.data
    named = data.get("include") if isinstance(data, dict) else None
    if isinstance(named, str):
        yield ("include",), named
    for index, name in enumerate(named if isinstance(named, list) else ()):
        if isinstance(name, str):
            yield ("include", index), name


def _complaint(name: str, file: Path, chain: list[Path]) -> str | None:
    if complaint := unusable(file, name, "a YAML file", "*.y*ml"):
        return complaint
    if file.resolve() in chain:
        way = [*chain[chain.index(file.resolve()) :], file.resolve()]
        return f"goes round in a circle: {' → '.join(each.name for each in way)}"
    if len(chain) > DEEPEST:
        return f"is nested more than {DEEPEST} fragments deep"
    return None
