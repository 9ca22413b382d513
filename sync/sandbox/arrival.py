"""What a request says once it is understood, and what it is answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Mapping

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A lead that passed every rule, under the names of the Standard API whichever API it came by."""

    #: Documented properties that were given; null (None) clears a property, as /v1/contacts allows.
    fields: Mapping[str, str | None]
    #: Custom properties, flat.
    custom: Mapping[str, str]

    def get(self, name: str) -> str:
        """Return a documented property, empty when it is absent."""
        return self.fields.get(name) or ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer."""

    status: int
    body: bytes = b""
    content_type: str = JSON
    #: Further headers.
    headers: tuple[tuple[str, str], ...] = ()
    #: Why, in a few words, for the request log; empty when the lead was taken.
    reason: str = ""

    @classmethod
    def of(cls, status: int, document: Any, reason: str = "") -> Answer:
        """Return an answer with a JSON body."""
        return cls(status, orjson.dumps(document), reason=reason)


class Refused(Exception):
    """A request that a rule refuses."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.reason)
        self.answer = answer


def object_of(body: bytes) -> Any:
    """Return the JSON document of a body.

    Raises:
        ValueError: it is no JSON.
    """
    return orjson.loads(body)


def kind_of(value: Any) -> str:
    """Return the JSON type of a value, in the words of JSON Schema."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    names = {str: "string", int: "integer", float: "number", list: "array", dict: "object"}
    return names[type(value)]
