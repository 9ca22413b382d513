"""What tests of the built-in transforms share: which there are, and the examples of their docstrings."""

from __future__ import annotations

import doctest
from importlib import import_module
from typing import TYPE_CHECKING, Any

import sync.mapping.transforms as package
from sync.mapping.text import Unfit

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES = ("boolean", "country", "digits", "email", "name", "number", "phone", "text", "timestamp", "us_state")
OPTIONS = doctest.ELLIPSIS | doctest.REPORT_ONLY_FIRST_FAILURE


def function(name: str) -> Callable[..., Any]:
    """Return a built-in transform."""
    found: Callable[..., Any] = getattr(import_module(f"{package.__name__}.{name}"), name)
    return found


def examples(name: str) -> doctest.DocTest:
    """Return the examples of a transform's docstring."""
    (found,) = doctest.DocTestFinder(recurse=False).find(function(name), name, globs={name: function(name)})
    return found


def run(test: doctest.DocTest) -> str:
    """Return what a run of examples complains of, nothing when they hold."""
    said: list[str] = []
    runner = doctest.DocTestRunner(_Checker(), verbose=False, optionflags=OPTIONS)
    runner.run(test, out=said.append, clear_globs=False)
    return "".join(said)


class _Checker(doctest.OutputChecker):
    """Takes the class that says why a value is unfit for the ValueError that it is."""

    _NAME = f"{Unfit.__module__}.{Unfit.__qualname__}: "

    def check_output(self, want: str, got: str, optionflags: int) -> bool:
        if got.startswith(self._NAME):
            got = got.replace(self._NAME, "ValueError: ", 1)
        return super().check_output(want, got, optionflags)
