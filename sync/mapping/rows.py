"""One record on its way through a mapping, and what is said about it on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from sync.lead import Problem
from sync.mapping.text import Unfit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sync.mapping.context import Context, ContextBuilder

#: Text; several by name for a nested custom value; None for nothing.
Found: TypeAlias = "str | dict[str, str] | None"
Worked: TypeAlias = "Callable[[Row], Found]"


class UnfitThere(Unfit):
    """A value that can't be used, with a better place for it than the beginning of its field."""

    def __init__(self, message: str, at: str) -> None:
        super().__init__(message)
        self.at = at


class Row:
    """One record on its way through a mapping."""

    __slots__ = ("_build", "_context", "fields", "further", "problems", "warnings")

    def __init__(self, fields: Mapping[str, Any], build: ContextBuilder) -> None:
        self.fields = fields
        self._build = build
        self._context: Context | None = None
        #: Why there will be no lead.
        self.problems: list[Problem] = []
        #: What is said about the lead.
        self.warnings: list[Problem] = []
        #: Custom properties that another field gives besides its own, as the extension of a phone number.
        self.further: dict[str, str] | None = None

    def context(self) -> Context:
        """Return what expressions see of it, worked out at the first one."""
        if self._context is None:
            self._context = self._build(self.fields)
        return self._context

    def warn(self, path: str, message: str, at: str) -> None:
        """Note something about a property."""
        self.warnings.append(Problem(path, message, at))

    def add(self, name: str, text: str) -> None:
        """Give it one more custom property."""
        if self.further is None:
            self.further = {}
        self.further[name] = text
