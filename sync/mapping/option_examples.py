"""How the options of a transform are used in the examples of its docstring, for editors to offer."""

from __future__ import annotations

import ast
import inspect
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PROMPT = re.compile(r"(?m)^\s*>>> (.+)$")


def option_examples(function: Callable[..., Any]) -> dict[str, list[Any]]:
    """Return the values that the docstring gives to each option, in their order, each once.

    Only what is written out is looked at: nothing is run, and an example over several lines is not read.
    """
    name = getattr(function, "__name__", "")
    found: dict[str, list[Any]] = {}
    for line in _PROMPT.findall(inspect.getdoc(function) or ""):
        for option, value in _given(line, name):
            values = found.setdefault(option.rstrip("_"), [])
            if value not in values:
                values.append(value)
    return found


def _given(line: str, name: str) -> Iterator[tuple[str, Any]]:
    """Yield the options of every call of a function in a line, with their values."""
    try:
        tree = ast.parse(line)
    except SyntaxError:
        return
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == name:
            for option in call.keywords:
                if option.arg and _is_plain(option.value):
                    yield option.arg, ast.literal_eval(option.value)


def _is_plain(value: ast.expr) -> bool:
    """Tell whether a value can be written in YAML just so."""
    if isinstance(value, ast.List):
        return all(map(_is_plain, value.elts))
    return isinstance(value, ast.Constant) and isinstance(value.value, (str, int, float, bool))
