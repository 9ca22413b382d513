"""What an endpoint is: it takes a lead's JSON and gives a receipt.

Delivery knows only this. An endpoint turns a `Lead` into the body it wants, and sorts every answer,
once, into one of five receipts; what follows from a receipt is delivery's business.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from sync.lead import Lead


class Outcome(StrEnum):
    """How an answer, or the want of one, is sorted."""

    #: The endpoint took the lead.
    ACCEPTED = "accepted"
    #: The endpoint refused this lead; sending it again as it is will not help.
    REJECTED = "rejected"
    #: Certainly not taken, and nobody's fault: again, later.
    LATER = "later"
    #: Certainly not taken, and every other lead would fare the same: stop sending.
    HALT = "halt"
    #: It was sent; whether it was taken nobody knows.
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer of an endpoint to one request."""

    outcome: Outcome
    #: For people, without any value of the lead or a secret: "422: /email: Invalid format".
    detail: str = ""
    #: HTTP status, None when there was no answer.
    status: int | None = None
    #: Seconds the endpoint asks us to wait before any further request (Retry-After), if it did.
    retry_after: float | None = None
    #: Seconds from the first byte sent to the last byte read.
    seconds: float = 0.0


class Endpoint(Protocol):
    """Where leads go."""

    #: A place that needs no lead to be spent, for logs and messages: the URL without secrets.
    @property
    def where(self) -> str:
        """The address for messages, as in ``https://app.usehatchapp.com/api/webhooks/12345678/newlead``."""
        ...

    def body(self, lead: Lead) -> bytes:
        """Return the JSON of a lead as this endpoint wants it, with the endpoint's own `source`."""
        ...

    async def send(self, body: bytes) -> Receipt:
        """POST one body and sort the answer. Never raises for what a network or a server does."""
        ...

    async def probe(self) -> Receipt:
        """Ask, without spending a lead, whether the endpoint can be reached at all.

        ACCEPTED means that it answers and does not refuse us as far as can be told without a lead.
        """
        ...

    async def close(self) -> None:
        """Give back connections."""
        ...
