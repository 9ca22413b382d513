"""The contacts: who a lead is matched to, what is kept, and how often each would have been texted."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import uuid4

from sync.sandbox.identity import email_key, phone_key

if TYPE_CHECKING:
    from sync.sandbox.arrival import Arrival
    from sync.sandbox.rules import Rules


#: Department, "phone" or "email", and the text it is compared by.
_Key: TypeAlias = tuple[str, str, str]


@dataclass(slots=True)
class Contact:
    """One contact, with its newest properties."""

    #: 1 for the first contact that was made.
    number: int
    department: str
    #: Unix seconds.
    first_arrival: float
    last_arrival: float
    #: The id that /v1/contacts answers.
    uuid: str = field(default_factory=lambda: str(uuid4()))
    #: Documented properties, under their Standard API names.
    fields: dict[str, str] = field(default_factory=dict)
    custom: dict[str, str] = field(default_factory=dict)
    #: POSTs by lead id; those without one are under "" and each is an opportunity of its own.
    opportunities: Counter[str] = field(default_factory=Counter)
    #: Stored POSTs.
    posts: int = 0
    #: Texts that Hatch would have sent to this contact.
    texts: int = 0

    @property
    def name(self) -> str:
        """First and last name, as far as they are given."""
        return " ".join(filter(None, (self.fields.get("firstName"), self.fields.get("lastName"))))

    @property
    def opportunity_count(self) -> int:
        """Opportunities: one per lead id, and one per POST without."""
        return sum(posts if not lead else 1 for lead, posts in self.opportunities.items())

    @property
    def address(self) -> tuple[str, str]:
        """Who reads the texts: the phone, else the e-mail, within the department."""
        return (
            self.department,
            phone_key(self.fields.get("phoneNumber")) or email_key(self.fields.get("email")),
        )


@dataclass(slots=True)
class Stored:
    """What storing a lead did."""

    contact: Contact
    #: Texts that it launched: 1 or 0.
    texts: int


class Contacts:
    """All contacts, in the order of their last arrival; they are never dropped, matching needs them."""

    def __init__(self) -> None:
        #: By number, the one that arrived last at the end.
        self.by_number: dict[int, Contact] = {}
        #: Texts by reader: differs from a contact's own count where one person became two contacts.
        self.texts_by_address: Counter[tuple[str, str]] = Counter()
        self._index: dict[_Key, set[int]] = defaultdict(set)
        self._made = 0

    def store(self, department: str, arrival: Arrival, rules: Rules, now: float) -> Stored:
        """Match a lead to a contact or make one, and count the text it launches."""
        contact = self._match(department, arrival) if rules.dedup == "match" else None
        known = contact is not None and arrival.get("id") != "" and arrival.get("id") in contact.opportunities
        if contact is None:
            contact = self._make(department, now)
        self._update(contact, arrival, now)
        texts = 0 if known and not rules.text_on_update else 1
        contact.texts += texts
        self.texts_by_address[contact.address] += texts
        return Stored(contact, texts)

    def texts_to_reader(self, contact: Contact) -> int:
        """Return how many texts went to the phone or e-mail of a contact, whichever contact they were for."""
        return max(contact.texts, self.texts_by_address[contact.address])

    def _match(self, department: str, arrival: Arrival) -> Contact | None:
        """Return the contact with this phone, else with this e-mail; of several, the oldest."""
        for key in _keys(department, arrival.get("phoneNumber"), arrival.get("email")):
            if numbers := self._index.get(key):
                return self.by_number[min(numbers)]
        return None

    def _make(self, department: str, now: float) -> Contact:
        self._made += 1
        return Contact(self._made, department, now, now)

    def _update(self, contact: Contact, arrival: Arrival, now: float) -> None:
        before = _keys(contact.department, contact.fields.get("phoneNumber"), contact.fields.get("email"))
        contact.fields.update({name: value or "" for name, value in arrival.fields.items()})
        contact.custom.update(arrival.custom)
        contact.opportunities[arrival.get("id")] += 1
        contact.posts += 1
        contact.last_arrival = now
        after = _keys(contact.department, contact.fields.get("phoneNumber"), contact.fields.get("email"))
        self._reindex(contact.number, before, after)
        self.by_number.pop(contact.number, None)
        self.by_number[contact.number] = contact

    def _reindex(self, number: int, before: list[_Key], after: list[_Key]) -> None:
        for key in before:
            self._index[key].discard(number)
        for key in after:
            self._index[key].add(number)
        for key in before:
            if not self._index[key]:
                del self._index[key]

    def as_data(self, contact: Contact) -> dict[str, Any]:
        """Return a contact as JSON data; times are Unix seconds."""
        return {
            "number": contact.number,
            "uuid": contact.uuid,
            "department": contact.department,
            **{name: value for name, value in contact.fields.items() if value},
            "custom": dict(contact.custom),
            "opportunities": [name for name in contact.opportunities if name],
            "posts": contact.posts,
            "texts": contact.texts,
            "texts_to_reader": self.texts_to_reader(contact),
            "first_arrival": contact.first_arrival,
            "last_arrival": contact.last_arrival,
        }


def _keys(department: str, phone: str | None, email: str | None) -> list[_Key]:
    keys = (("phone", phone_key(phone)), ("email", email_key(email)))
    return [(department, kind, value) for kind, value in keys if value]
