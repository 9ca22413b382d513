"""From ServiceTitan's leads and customers to records."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from sources._crm.items import id_of, needed_id, records_of
from sources._rest.changed import read_changed
from sources.base import Record
from sources.keys import canonical_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sources.errors import BadRecord

#: Under this name is the customer of a lead.
CUSTOMER: Final = "customer"
#: What is made of a customer's contacts. Phones that may not be texted are among the contacts only.
CONTACTS: Final = ("contacts", "phones", "emails")
#: What is false of those that were deleted or put out of use; of leads the export feed alone tells.
ACTIVE: Final = "active"
#: The name of the time of a change.
MODIFIED: Final = "modifiedOn"
#: Phones in the order in which they are good for a text message.
_PHONES: Final = ("MobilePhone", "Phone")


def time_of(item: Any) -> datetime | None:
    """Return when an item changed; None when it does not say."""
    return read_changed(item.get(MODIFIED), "auto", UTC) if isinstance(item, dict) else None


def page_of(
    items: Sequence[Any], joined: Mapping[str, Mapping[str, Any]] | None, kind: str
) -> tuple[list[Record], list[BadRecord]]:
    """Return the records of a page, and what could not be made one.

    Args:
        items: as the API gave them.
        joined: customers by their ids, for leads; what belongs to each customer, for customers; None: not
            wanted.
        kind: leads or customers.

    """

    def record(item: Any, where: str) -> Record:
        key = needed_id(item, where)
        fields = item if joined is None else {**item, **_added(item, joined, kind)}
        return Record(key, fields, time_of(item), f"{kind.removesuffix('s')} {key}")

    return records_of(items, record)


def of_contacts(contacts: Sequence[Any]) -> dict[str, Any]:
    """Return what a customer gets of their contacts: all of them, phones to text, e-mails."""
    found = [each for each in contacts if isinstance(each, dict)]
    phones = [
        each["value"] for kind in _PHONES for each in found if each.get("type") == kind and _may_text(each)
    ]
    emails = [each["value"] for each in found if each.get("type") == "Email" and each.get("value")]
    return dict(zip(CONTACTS, (found, phones, emails), strict=True))


def _may_text(contact: Mapping[str, Any]) -> bool:
    """Tell whether it is a phone whose owner has not opted out of texts."""
    settings = contact.get("phoneSettings")
    opted_out = isinstance(settings, dict) and settings.get("doNotText") is True
    return bool(contact.get("value")) and not opted_out


def _added(item: Mapping[str, Any], joined: Mapping[str, Mapping[str, Any]], kind: str) -> Mapping[str, Any]:
    if kind == "customers":
        return joined.get(str(id_of(item)), {})
    return {CUSTOMER: joined.get(str(canonical_key(item.get("customerId"))))}
