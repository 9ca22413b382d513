"""Values of rules, from the command line or from JSON, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sync.sandbox.limits import Rate

if TYPE_CHECKING:
    from dataclasses import Field

_WORDS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


class RuleError(ValueError):
    """A rule that does not exist, or a value that it does not have."""


def read_value(rule: Field[Any], value: Any) -> Any:
    """Return a value of the type of the rule's default.

    Raises:
        RuleError: it is not one of its choices, or not of its type.
    """
    if choices := rule.metadata["choices"]:
        return _choice(rule.name, value, choices)
    if isinstance(rule.default, bool):
        return _boolean(rule.name, value)
    if isinstance(rule.default, int):
        return _bytes(rule.name, value)
    if isinstance(rule.default, Rate):
        return _rate(rule.name, value)
    return _text(rule.name, value)


def show_value(value: Any) -> str | int | bool:
    """Return a value as JSON can carry it and `read_value` reads it."""
    return str(value) if isinstance(value, Rate) else value


def _choice(name: str, value: Any, choices: tuple[str, ...]) -> str:
    if value not in choices:
        raise RuleError(f'rule {name}: expected {" or ".join(choices)}, found "{value}"')
    return str(value)


def _boolean(name: str, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    try:
        return _WORDS[str(value).lower()]
    except KeyError:
        raise RuleError(f'rule {name}: expected true or false, found "{value}"') from None


def _bytes(name: str, value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    if isinstance(value, str) and value.isascii() and value.isdigit() and int(value) > 0:
        return int(value)
    raise RuleError(f'rule {name}: expected a number of bytes above 0, found "{value}"')


def _rate(name: str, value: Any) -> Rate:
    if isinstance(value, Rate):
        return value
    try:
        return Rate.read(str(value))
    except ValueError as error:
        raise RuleError(f"rule {name}: {error}") from None


def _text(name: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    raise RuleError(f'rule {name}: expected a text, found "{value}"')
