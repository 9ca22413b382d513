"""Leads by a phone or an e-mail they ever had. The store holds keyed digests only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
from sqlalchemy import select

from sync.mapping.email_address import normalise_email
from sync.mapping.phone import phone_normaliser, regions
from sync.mapping.text import Unfit
from sync.store import tables
from sync.store.digests import email_digest, phone_digest
from sync.store.views.selection import LeadName

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

_lead, _contact = tables.lead, tables.contact


def find_by_contact(connection: Connection, text: str, key: bytes) -> list[LeadName]:
    """Return the leads that ever had this phone or e-mail, written in any way a mapping would read.

    Args:
        connection: of the store.
        text: the phone or the e-mail.
        key: the store's digest key.

    """
    digests = set(_email(text, key)) | set(_phones(connection, text, key))
    if not digests:
        return []
    columns = (_lead.c.id, _lead.c.endpoint, _lead.c.source, _lead.c.key)
    query = (
        select(*columns)
        .join(_contact, _contact.c.lead_id == _lead.c.id)
        .where(_contact.c.digest.in_(list(digests)))
        .distinct()
        .order_by(*columns)
    )
    return [LeadName(*row) for row in connection.execute(query)]


def _email(text: str, key: bytes) -> Iterator[bytes]:
    try:
        email = normalise_email(text)
    except Unfit:
        return
    if email:
        yield email_digest(email, key)


def _phones(connection: Connection, text: str, key: bytes) -> Iterator[bytes]:
    """Yield the number's digest as each region that a mapping ever named would have it."""
    if not any(map(str.isdigit, text)):
        return
    for region in _regions(connection):
        try:
            phone = phone_normaliser(region)(text)
        except Unfit:
            continue
        if phone:
            yield phone_digest(phone, key)


def _regions(connection: Connection) -> set[str]:
    found = {"US"}
    for text in connection.scalars(select(tables.mapping_version.c.text)):
        fields = orjson.loads(text).get("mapping", {}).get("lead", {})
        phone = fields.get("phoneNumber") if isinstance(fields, dict) else None
        if isinstance(phone, dict) and phone.get("region"):
            found.add(str(phone["region"]).upper())
    return found & regions()
