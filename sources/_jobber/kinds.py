"""What Jobber has of clients and of requests, and how each of it is asked for in GraphQL.

A query costs a point for each field, times the number of records. So only what a mapping reads is asked for,
and of lists within records never more than a few: a list that does not say `first` counts as 100.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_ADDRESS: Final = "{ street1 street2 city province postalCode country }"
_EMAILS: Final = "{ address primary description }"
_PHONES: Final = "{ number primary description smsAllowed }"
_PROPERTY: Final = f"{{ address {_ADDRESS} }}"
_VALUES: Final = {
    "Text": "valueText",
    "Numeric": "valueNumeric",
    "Dropdown": "valueDropdown",
    "TrueFalse": "valueTrueFalse",
    "Link": "valueLink { text url }",
    "Area": "valueArea { length width }",
}
_CUSTOM: Final = " ".join(f"... on CustomField{kind} {{ label {value} }}" for kind, value in _VALUES.items())


@dataclass(frozen=True, slots=True)
class Kind:
    """Clients, or requests."""

    #: One of them as the query for it and people call it; the list has an s.
    one: str
    #: The types of the record and of the filter in Jobber's schema.
    type: str
    filter: str
    #: What is asked for when nobody says what is needed: field by field, with what is asked of each.
    usual: Mapping[str, str]
    #: What is asked for only by name, since it is dear.
    dear: Mapping[str, str]
    #: What the adapter itself can't do without.
    always: tuple[str, ...]

    @property
    def known(self) -> dict[str, str]:
        """All fields that it is known how to ask for."""
        return {**self.usual, **self.dear}


_CLIENT_SCALARS: Final = (
    "id", "name", "firstName", "lastName", "companyName", "title", "secondaryName", "isLead", "isCompany",
    "isArchived", "balance", "jobberWebUri", "createdAt", "updatedAt",
)  # fmt: skip
_REQUEST_SCALARS: Final = (
    "id", "title", "requestStatus", "source", "contactName", "companyName", "email", "phone", "jobberWebUri",
    "createdAt", "updatedAt",
)  # fmt: skip
_OF_A_CLIENT: Final = (
    f"{{ id name firstName lastName companyName isLead isArchived emails {_EMAILS} phones {_PHONES} }}"
)

CLIENTS: Final = Kind(
    one="client",
    type="Client",
    filter="ClientFilterAttributes",
    usual={
        **dict.fromkeys(_CLIENT_SCALARS, ""),
        "emails": _EMAILS,
        "phones": _PHONES,
        "billingAddress": _ADDRESS,
        "tags": "(first: 10) { nodes { label } }",
    },
    dear={
        "customFields": f"{{ {_CUSTOM} }}",
        "clientProperties": f"(first: 3) {{ nodes {_PROPERTY} }}",
        "contacts": (
            "(first: 3) { nodes { id firstName lastName emails(first: 2) { nodes { address } } "
            "phones(first: 2) { nodes { number } } } }"
        ),
    },
    always=("id", "updatedAt", "isArchived", "isLead"),
)
REQUESTS: Final = Kind(
    one="request",
    type="Request",
    filter="RequestFilterAttributes",
    usual={**dict.fromkeys(_REQUEST_SCALARS, ""), "client": _OF_A_CLIENT},
    dear={
        "property": _PROPERTY,
        "referringClient": "{ id name }",
        "assessment": "{ startAt endAt isComplete instructions }",
    },
    always=("id", "updatedAt", "requestStatus"),
)
#: By `object` in the settings.
KINDS: Final = {"clients": CLIENTS, "requests": REQUESTS}
