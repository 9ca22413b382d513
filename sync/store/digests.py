"""Keyed digests of what is private: they can be compared, not looked up, without the store's key."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING

import orjson

from sync.digest import keyed_digest

if TYPE_CHECKING:
    from sync.lead import Lead

#: Bytes of a field's digest: enough to see a change, too few to be worth attacking.
_SHORT = 5


def contact_digests(lead: Lead, key: bytes) -> list[bytes]:
    """Return what `trace` finds a lead by: its phone's and its e-mail's digest."""
    return list(contacts(lead, key).values())


def contacts(lead: Lead, key: bytes) -> dict[str, bytes]:
    """Return the digests of a lead's ``phone`` and ``email``, as far as it has them."""
    found = {}
    if phone := lead.standard.get("phoneNumber"):
        found["phone"] = phone_digest(phone, key)
    if email := lead.standard.get("email"):
        found["email"] = email_digest(email, key)
    return found


def phone_digest(phone: str, key: bytes) -> bytes:
    """Return the digest of a phone as it stands in a lead: 10 digits, or E.164."""
    return keyed_digest(f"phone:{phone}", key)


def email_digest(email: str, key: bytes) -> bytes:
    """Return the digest of an e-mail, whatever its case."""
    return keyed_digest(f"email:{email.casefold()}", key)


def field_digests(lead: Lead, key: bytes) -> str:
    """Return a short digest per field as JSON, so that `plan` can say which fields changed."""
    fields = {name: _short(name, value, key) for name, value in lead.standard.items()}
    fields |= {f"custom.{name}": _short(name, value, key) for name, value in lead.custom.items()}
    return orjson.dumps(fields).decode()


def field_digest(name: str, value: str, key: bytes) -> str:
    """Return the digest of one standard field as `field_digests` has it."""
    return _short(name, value, key)


@lru_cache(maxsize=4096)  # most values are those of many leads: a status, a campaign, a town
def _short(name: str, value: str, key: bytes) -> str:
    # The key goes before the text: for BLAKE2 that is as good as its keyed mode, in half the blocks.
    text = f"{name}={value}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(key + text, digest_size=_SHORT).hexdigest()
