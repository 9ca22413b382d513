"""From GoHighLevel's contacts to records, and who of them asked not to be disturbed."""

from __future__ import annotations

from datetime import UTC
from typing import Any, Final

from sources._rest.changed import read_changed
from sources.base import Record
from sources.errors import BadRecord
from sources.keys import canonical_key

#: What a contact was seen to have, beside `name`, which is made here.
KNOWN: Final = (
    "id", "locationId", "type", "source", "name", "contactName", "firstName", "lastName", "companyName",
    "businessId", "businessName", "email", "additionalEmails", "validEmail", "phone", "phoneLabel",
    "additionalPhones", "address", "address1", "city", "state", "postalCode", "country", "timezone",
    "website", "dateOfBirth", "dateAdded", "dateUpdated", "lastActivity", "tags", "customFields", "dnd",
    "dndSettings", "inboundDndSettings", "assignedTo", "followers", "opportunities", "attributionSource",
    "lastAttributionSource",
)  # fmt: skip
#: Where a contact stands in a search; it is not about the contact.
CURSOR: Final = "searchAfter"
#: By what a channel says that nothing may be sent there.
_OFF: Final = ("active", "permanent")


def record(item: Any, where: str) -> Record:
    """Return one contact as a record.

    Raises:
        BadRecord: when it is no object, or has no id.

    """
    if not isinstance(item, dict):
        raise BadRecord("it is not an object", where)
    fields = {name: value for name, value in item.items() if name != CURSOR}
    fields["name"] = _name(item)
    key = canonical_key(item.get("id"))
    if key is None:
        raise BadRecord("it has no id", where, fields)
    return Record(key, fields, read_changed(item.get("dateUpdated"), "auto", UTC), f"id {key}")


def wants_quiet(item: Any) -> bool:
    """Tell whether a contact must not be texted: `dnd` is on, or "do not disturb" is for SMS."""
    if not isinstance(item, dict):
        return False
    settings = item.get("dndSettings")
    sms = settings.get("SMS") if isinstance(settings, dict) else None
    status = sms.get("status") if isinstance(sms, dict) else None
    return item.get("dnd") in (True, "true") or status in _OFF


def _name(item: dict[str, Any]) -> str | None:
    """Return the whole name as it was typed; `contactName` has it in lower case."""
    parts = [str(item[part]).strip() for part in ("firstName", "lastName") if item.get(part)]
    return " ".join(part for part in parts if part) or None
