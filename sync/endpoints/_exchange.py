"""The seam between an endpoint and the network: one body out, one answer, or the reason there is none."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sync.endpoints.base import Outcome


@dataclass(frozen=True, slots=True)
class Target:
    """Where and how an endpoint is sent to."""

    #: May hold a secret in its query.
    url: str = field(repr=False)
    #: The URL for messages, without secrets.
    where: str
    #: What is sent along with every request: mostly secrets.
    headers: Mapping[str, str] = field(repr=False)
    method: str = "POST"
    #: What is asked with when no lead is to be spent: a method that adds none.
    probe_method: str = "GET"
    #: The statuses that mean that a lead was taken, as in ``("2xx",)``.
    success: tuple[str, ...] = ("2xx",)
    #: Whether a web page can be the answer of this endpoint. If not, one means that somebody else answered.
    answers_pages: bool = False
    #: What to look at when we are refused, as in "is api_key right?".
    key_hint: str = ""
    #: What to look at when the place is not there, as in "are department_id and base_url right?".
    place_hint: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    #: By name in lower case.
    headers: Mapping[str, str]
    #: At most `MOST_BYTES` of it.
    body: bytes = field(default=b"", repr=False)
    #: Whether that is all of it, and it ended as announced.
    whole: bool = True
    #: From the first byte sent to the last byte read.
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """Why nothing came back."""

    #: LATER and HALT only when certainly no byte of the body was written.
    outcome: Outcome
    #: For people; holds no value of the lead and no secret.
    detail: str
    #: From the first byte sent to the failure; 0 when none was sent.
    seconds: float = 0.0


#: Answers are short texts; even one that repeats the whole lead is. What is longer is not read on.
MOST_BYTES = 262_144


class Sender(Protocol):
    """Sends requests to one target. The only thing here that knows an HTTP client."""

    async def exchange(self, method: str, body: bytes | None) -> Answer | NoAnswer:
        """Make one request, once, and return what came of it.

        Never raises for what a network or a server does; cancelling it passes through.
        """
        ...

    async def close(self) -> None:
        """Give back connections. A later request opens new ones."""
        ...
