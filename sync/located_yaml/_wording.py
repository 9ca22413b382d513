"""What is wrong with a value, in plain words instead of pydantic's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sync.located_yaml._problems import did_you_mean, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic_core import ErrorDetails

#: What was expected, by the beginning of pydantic's error type.
_EXPECTED = {
    "string": "text",
    "int": "a whole number",
    "float": "a number",
    "decimal": "a number",
    "finite_number": "a number",
    "bool": "true or false",
    "list": "a list",
    "tuple": "a list",
    "set": "a list",
    "frozen_set": "a list",
    "iterable": "a list",
    "dict": "a section of keys",
    "mapping": "a section of keys",
    "model": "a section of keys",
    "dataclass": "a section of keys",
    "date": "a date like 2026-01-31",
    "datetime": "a time like 2026-01-31T08:30:00",
    "path": "a path",
    "url": "a URL",
}
_KIND = re.compile(r"(.*?)_(?:type|parsing|from_float|attributes_type|instance_of|exact_type)\w*")


def kind(value: Any) -> str:
    """Return what a value is, never what it says."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    for types, name in ((str, "text"), ((int, float), "a number"), (dict, "a section of keys")):
        if isinstance(value, types):
            return name
    return "a list" if isinstance(value, (list, tuple)) else "something else"


def expected(error: ErrorDetails) -> str | None:
    """Return what type was expected, None when the error is about something else."""
    match = _KIND.fullmatch(error["type"])
    return _EXPECTED.get(match[1]) if match else None


def is_ours(error: ErrorDetails) -> bool:
    """Tell whether the words for an error are all ours, so that they repeat nothing by accident."""
    foreign = error["type"] in ("value_error", "assertion_error") or error["type"].startswith("url")
    return not foreign and (expected(error) is not None or error["type"] in _BY_TYPE)


def wording(error: ErrorDetails, written: str | None) -> str:
    """Say one error of pydantic in plain words.

    Args:
        error: as ``ValidationError.errors()`` lists it.
        written: the text in the file, None when it must not be repeated.

    """
    wanted = expected(error)
    if wanted is not None:
        return _mistyped(wanted, error["input"])
    write = _BY_TYPE.get(error["type"])
    if write is None:
        return _own(error["msg"])
    return write(error.get("ctx", {}), written)


def _mistyped(wanted: str, value: Any) -> str:
    found = "a number with a fraction" if isinstance(value, float) and "whole" in wanted else kind(value)
    quotes = "; put it in quotes" if wanted == "text" and isinstance(value, (bool, int, float)) else ""
    return f"expected {wanted}, found {found}{quotes}"


def _own(message: str) -> str:
    message = re.sub(r"^(Value error|Assertion failed), ", "", message)
    message = message.replace("Input should", "must", 1) if message.startswith("Input should") else message
    return message[:1].lower() + message[1:] if message[:2].istitle() else message


def _choice(context: Mapping[str, Any], written: str | None) -> str:
    wanted = str(context.get("expected") or context.get("expected_tags"))
    choices = re.findall(r"'([^']*)'", wanted)
    names = ", ".join(choices) or wanted
    if written is None:
        return f"must be one of: {names}"
    return f"must be one of: {names}; found {quoted(written)}{did_you_mean(written, choices)}"


def _limit(words: str, key: str) -> Callable[[Mapping[str, Any], str | None], str]:
    return lambda context, _: f"must be {words} {context[key]}"


def _short(context: Mapping[str, Any], _: str | None) -> str:
    least = context["min_length"]
    return "is empty" if least == 1 else f"must have at least {least} characters"


def _few(context: Mapping[str, Any], _: str | None) -> str:
    least = context["min_length"]
    return "is empty" if least == 1 else f"must have at least {least} items"


_BY_TYPE: dict[str, Callable[[Mapping[str, Any], str | None], str]] = {
    "missing": lambda *_: "is required",
    "extra_forbidden": lambda *_: "unknown key",
    "literal_error": _choice,
    "enum": _choice,
    "union_tag_invalid": _choice,
    "greater_than": _limit("more than", "gt"),
    "greater_than_equal": _limit("at least", "ge"),
    "less_than": _limit("less than", "lt"),
    "less_than_equal": _limit("at most", "le"),
    "multiple_of": _limit("a multiple of", "multiple_of"),
    "string_too_short": _short,
    "string_too_long": lambda context, _: f"must have at most {context['max_length']} characters",
    "string_pattern_mismatch": lambda context, _: f"must match the pattern {context['pattern']}",
    "too_short": _few,
    "too_long": lambda context, _: f"must have at most {context['max_length']} items",
    "url_parsing": lambda context, _: f"is not a URL: {context['error']}",
    "url_scheme": lambda context, _: f"must be a URL that begins with {context['expected_schemes']}",
    "value_error": lambda context, _: str(context["error"]),
    "assertion_error": lambda context, _: str(context["error"]),
}
