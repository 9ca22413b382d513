"""A lead as JSON: only non-empty strings, a standard name before a custom one, always valid UTF-8."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from sync.lead import FIELDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sync.lead import Lead

#: What Hatch's newer API calls properties of the Standard API; the others are the same.
V1_NAMES = {
    "id": "externalID",
    "contactID": "externalContactID",
    "createdAt": "externalCreatedAt",
    "updatedAt": "externalUpdatedAt",
}
_RESERVED = frozenset((*FIELDS, "source"))


def filled(properties: Mapping[str, str]) -> dict[str, str]:
    """Return the properties that say something."""
    return {name: value for name, value in properties.items() if value}


def customs(lead: Lead) -> dict[str, str]:
    """Return the custom properties that say something, without any that has a standard name."""
    return {name: value for name, value in lead.custom.items() if value and name not in _RESERVED}


def flat(lead: Lead, source: str | None) -> dict[str, str]:
    """Return everything a lead says as one flat object, with the endpoint's own ``source``."""
    first = {"source": source} if source else {}
    return {**first, **filled(lead.standard), **customs(lead)}


def dumps(shape: Any) -> bytes:
    """Return the JSON of an object of text.

    Half a character (a CRM that cuts an emoji in two sends a lone surrogate) becomes U+FFFD: the rest
    of the lead is still worth sending.
    """
    try:
        return orjson.dumps(shape)
    except TypeError:
        return orjson.dumps(_mended(shape))


def _mended(value: Any) -> Any:
    if isinstance(value, dict):
        return {_mended(name): _mended(item) for name, item in value.items()}
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
