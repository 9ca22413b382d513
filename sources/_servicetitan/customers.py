"""Who is behind a lead: its customer, with phones and e-mails, which stand in lists of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sources._crm.items import id_of
from sources._servicetitan.records import CONTACTS, CUSTOMER, of_contacts, page_of
from sources.keys import canonical_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sources._servicetitan.api import ServicetitanApi
    from sources.base import Record
    from sources.errors import BadRecord


class Customers:
    """Makes records, with what belongs to them in other lists where that is wanted.

    Args:
        api: what asks.
        kind: leads or customers.
        reads: `PollRequest.fields`.

    """

    def __init__(self, api: ServicetitanApi, kind: str, reads: frozenset[str] | None) -> None:
        self._api = api
        self._kind = kind
        added = {CUSTOMER} if kind == "leads" else set(CONTACTS)
        self._wanted = reads is None or not added.isdisjoint(reads)

    async def page(self, items: Sequence[Any]) -> tuple[list[Record], list[BadRecord]]:
        """Return the records of a page, and what could not be made one."""
        if not self._wanted:
            return page_of(items, None, self._kind)
        if self._kind == "customers":
            return page_of(items, await self._contacts(map(id_of, items)), self._kind)
        named = [canonical_key(each.get("customerId")) for each in items if isinstance(each, dict)]
        return page_of(items, await self._whole(named), self._kind)

    async def _whole(self, ids: Iterable[str | None]) -> dict[str, dict[str, Any]]:
        """Return customers by their ids, each with their contacts."""
        there = sorted({each for each in ids if each is not None})
        customers = {id_of(each): each for each in await self._api.by_ids("customers", there)}
        contacts = await self._contacts(customers)
        return {key: {**each, **contacts[key]} for key, each in customers.items() if key is not None}

    async def _contacts(self, ids: Iterable[str | None]) -> dict[str, dict[str, Any]]:
        """Return what customers get of their contacts, by their ids; also for those without any."""
        there = sorted({each for each in ids if each is not None})
        found: dict[str, list[Any]] = {each: [] for each in there}
        for contact in await self._api.contacts(there):
            key = canonical_key(contact.get("customerId")) if isinstance(contact, dict) else None
            if key in found:
                found[key].append(contact)
        return {key: of_contacts(each) for key, each in found.items()}
