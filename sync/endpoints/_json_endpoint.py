"""What the endpoints have in common: one request per lead, one place where the answer is sorted."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sync.endpoints._exchange import Answer, NoAnswer
from sync.endpoints._probing import Probing
from sync.endpoints._sorting import Sorting
from sync.endpoints.base import Receipt

if TYPE_CHECKING:
    from sync.endpoints._exchange import Sender, Target
    from sync.endpoints.settings import EndpointSettings
    from sync.lead import Lead


class JsonEndpoint(ABC):
    """An endpoint that takes one JSON object in one request.

    Connects to nothing before the first request, and loads no HTTP client before it.

    Args:
        settings: of its type.

    """

    def __init__(self, settings: EndpointSettings) -> None:
        self.settings = settings
        self._target = self._make_target()
        self._sorting = Sorting(self._target, _now)
        self._sender: Sender | None = None

    @abstractmethod
    def _make_target(self) -> Target:
        """Return where and how to send."""

    @abstractmethod
    def body(self, lead: Lead) -> bytes:
        """Return the JSON of a lead as this endpoint wants it, with the endpoint's own `source`."""

    @property
    def where(self) -> str:
        """The address for messages: the URL without secrets."""
        return self._target.where

    async def send(self, body: bytes) -> Receipt:
        """Send one body, once, and sort the answer.

        Never raises for what a network or a server does; cancelling it passes through, and whether the
        lead was taken is unknown then.
        """
        sender = self._sender or self._open()
        found = await sender.exchange(self._target.method, body)
        return _unanswered(found) if isinstance(found, NoAnswer) else self._sorting.receipt(found, body)

    async def probe(self) -> Receipt:
        """Ask, without spending a lead, whether the endpoint can be reached at all.

        ACCEPTED: it answers. HALT: the way there or the key is wrong, as far as can be told without a
        lead. LATER: it is not there, or asks to be left alone. Never another outcome, never an error.
        """
        sender = self._sender or self._open()
        found = await sender.exchange(self._target.probe_method, None)
        if isinstance(found, Answer):
            return Probing(self._target, _now).receipt(found)
        return _unanswered(found)

    async def close(self) -> None:
        """Give back connections. A later request opens new ones."""
        if self._sender is not None:
            await self._sender.close()

    def _open(self) -> Sender:
        # Importing asyncio's and ssl's parts takes a while, which `--help` and `check --offline` need not.
        from sync.endpoints._sender import WireSender

        self._sender = WireSender(self._target, timeout=self.settings.timeout.total_seconds())
        return self._sender


def _unanswered(found: NoAnswer) -> Receipt:
    return Receipt(found.outcome, found.detail, seconds=found.seconds)


def _now() -> datetime:
    return datetime.now(UTC)
