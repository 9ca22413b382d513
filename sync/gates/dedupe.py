"""`dedupe`: the same homeowner in two sources is texted once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta  # noqa: TC003 - pydantic reads the annotations
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias, cast

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from sources.units import format_duration, parse_duration

if TYPE_CHECKING:
    from collections.abc import Mapping

Contact: TypeAlias = Literal["phone", "email"]

_CONTACTS = ("phone", "email")
_EXPECTED = "expected text as in: phone, email within 30d"
_TEXT = re.compile(r"(.+?)\s+within\s+(.+)", re.IGNORECASE)
_KEYS = {"by", "within"}


@dataclass(frozen=True, slots=True)
class Dedupe:
    """What makes two leads the same homeowner, and for how long."""

    by: tuple[Contact, ...]
    within: timedelta

    def __str__(self) -> str:
        """Return the form that `parse_dedupe` reads."""
        return f"{', '.join(self.by)} within {format_duration(self.within)}"


def parse_dedupe(value: Any) -> Dedupe:
    """Read ``phone, email within 30d``, or the same as a section with ``by`` and ``within``.

    Raises:
        ValueError: when it is neither, with what was expected.

    """
    if isinstance(value, Dedupe):
        return value
    if isinstance(value, str) and (match := _TEXT.fullmatch(value.strip())):
        return _made(match[1].split(","), match[2])
    if isinstance(value, dict) and set(value) == _KEYS:
        return _from_section(value)
    raise ValueError(f"{_EXPECTED}, or a section with by: [phone, email] and within: 30d")


def _from_section(section: Mapping[str, Any]) -> Dedupe:
    by = section["by"]
    return _made(by.split(",") if isinstance(by, str) else list(by or ()), section["within"])


def _made(names: list[Any], within: Any) -> Dedupe:
    by = [str(name).strip().lower() for name in names]
    unknown = [name for name in by if name not in _CONTACTS]
    if unknown or not by or len(set(by)) != len(by):
        raise ValueError("compares leads by phone, by email, or by both, each named once")
    span = parse_duration(within)
    if not span:
        raise ValueError("`within` must be longer than nothing, as in 30d")
    return Dedupe(cast("tuple[Contact, ...]", tuple(by)), span)


DedupeField = Annotated[
    Dedupe,
    BeforeValidator(parse_dedupe),
    PlainSerializer(str, return_type=str),
    WithJsonSchema(
        {
            "anyOf": [
                {
                    "type": "string",
                    "pattern": r"^\s*(phone|email)(\s*,\s*(phone|email))?\s+within\s+\S.*$",
                    "examples": ["phone, email within 30d"],
                },
                {
                    "type": "object",
                    "properties": {
                        "by": {
                            "description": "What two leads of the same homeowner have in common.",
                            "anyOf": [
                                {"type": "string"},
                                {"type": "array", "items": {"enum": list(_CONTACTS)}},
                            ],
                        },
                        "within": {
                            "description": "Within how much time one of them is enough.",
                            "type": "string",
                            "examples": ["30d", "12h"],
                        },
                    },
                    "required": ["by", "within"],
                    "additionalProperties": False,
                },
            ]
        }
    ),
]
