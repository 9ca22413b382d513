"""The file while it is being checked: its data, where each value came from, and what is wrong so far."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from sync.config._json_values import with_json
from sync.located_yaml import ConfigProblem, dotted, problems_by_path, secret_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sync.located_yaml import Located, Mark, Path

_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(slots=True)
class Document:
    """Data with places, and with what may not be shown."""

    #: The file as it was written.
    written: Located
    #: The same with variables put in.
    located: Located
    #: Values that came from variables, by path.
    hidden: Mapping[Path, str] = field(repr=False)
    #: The variable that overrides the value at a path.
    overridden: Mapping[Path, str]
    #: Paths of values whose variable is missing: nothing more is said about them.
    broken: frozenset[Path]
    #: Where variables stand that come from `.env`.
    marks: Mapping[str, Mark]
    problems: list[ConfigProblem] = field(default_factory=list)

    def value(self, path: Path) -> Any:
        """Return the value at a path, None when there is none."""
        return self.located.value(path)

    def shown(self, path: Path) -> str | None:
        """Return the text at a path if it may be repeated in a message."""
        value = self.value(path)
        return value if isinstance(value, str) and path not in self.hidden else None

    def refuse(self, path: Path, message: str) -> None:
        """Note what is wrong with the value at a path, or with its absence."""
        value = self.value(path)
        whole = value is None or isinstance(value, dict)
        mark = self.located.key_mark(path) if whole else self.located.mark(path)
        self._note(path, ConfigProblem(dotted(path), message, mark))

    def refuse_key(self, path: Path, message: str) -> None:
        """Note what is wrong with a key."""
        self._note(path, ConfigProblem(dotted(path), message, self.located.key_mark(path)))

    def add(self, problems: Iterable[ConfigProblem]) -> None:
        """Note problems of other files and of variables, each once."""
        self.problems.extend(problem for problem in problems if problem not in self.problems)

    def sorted_problems(self) -> list[ConfigProblem]:
        """Return all problems: variables, then this file from its top, then the others as they came."""
        return sorted(self.problems, key=self._order)

    def validate(
        self, model: type[_Model], data: Mapping[str, Any], at: Path, choices: Iterable[str] = ()
    ) -> _Model | None:
        """Return the data of a section as a model, or None when something is wrong, which is then noted.

        Args:
            model: what the section is.
            data: the keys of the section that belong to the model.
            at: where the section stands.
            choices: keys of the section that belong to another model, to be named as well.

        """
        try:
            made = model.model_validate(with_json(model, data, self._overridden_below(at)))
        except ValidationError as error:
            found = problems_by_path(
                self.located, error, at, model=model, choices=choices, hidden=self.hidden
            )
            for path, problem in found.items():
                self._note(path, problem)
            return None
        return made if self._no_empty_secret(model, data, at) else None

    def _no_empty_secret(self, model: Any, data: Mapping[str, Any], at: Path) -> bool:
        """Refuse a key or a password that is there and empty: it would only be refused later, by others."""
        empty = [(*at, *path) for path, text in secret_texts(model, data) if not text.strip()]
        for path in empty:
            self.refuse(path, "is empty")
        return not empty

    def _overridden_below(self, at: Path) -> list[Path]:
        return [path[len(at) :] for path in self.overridden if path[: len(at)] == at]

    def _note(self, path: Path, problem: ConfigProblem) -> None:
        # A value that could not be filled in has been named; what follows from it would only confuse.
        if path in self.broken or (isinstance(self.value(path), dict) and self._has_broken(path)):
            return
        variable = self._variable(path)
        if variable:
            problem = replace(problem, mark=self.marks.get(variable), variable=variable)
        self.problems.append(problem)

    def _order(self, problem: ConfigProblem) -> tuple[int, int, int]:
        if problem.mark is None:
            return 0, 0, 0
        if problem.mark.file == self.written.file:
            return 1, problem.mark.line, problem.mark.column
        return 2, 0, 0

    def _has_broken(self, path: Path) -> bool:
        return any(broken[: len(path)] == path for broken in self.broken)

    def _variable(self, path: Path) -> str:
        """Return the variable behind a value, or behind a section that only variables make up."""
        if path in self.overridden:
            return self.overridden[path]
        if self.written.has(path) or not self.located.has(path):
            return ""
        below = (name for inner, name in self.overridden.items() if inner[: len(path)] == path)
        return next(below, "")
