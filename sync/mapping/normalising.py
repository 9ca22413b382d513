"""The form in which each property is sent: its own normaliser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from sync.mapping.email_address import email_normaliser
from sync.mapping.flatten import flatten
from sync.mapping.origins import CONTAINERS
from sync.mapping.phone import phone_normaliser
from sync.mapping.several import Noted
from sync.mapping.targets import EMAIL, PHONE, TIMES
from sync.mapping.text import Unfit, text_of
from sync.mapping.timestamps import time_normaliser
from sync.mapping.zones import zone_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.mapping.desk import Workshop
    from sync.mapping.field_spec import FieldSpec
    from sync.mapping.missing import MissingWords

_PLAIN = frozenset({str, int, float, bool, type(None)})

#: Text; several texts by name; None for nothing; text with something to say about it.
Normaliser: TypeAlias = "Callable[[Any], Any]"


def normaliser_of(spec: FieldSpec, target: str, name: str, shop: Workshop) -> Normaliser:
    """Return a function from any value to the form in which a property is sent.

    Args:
        spec: the field.
        target: the standard field it fills; empty for a custom property.
        name: of the property.
        shop: knows the zone of times, and the words that count as nothing.

    The function raises `Unfit` for what can't be used.

    """
    if not target:
        is_text = spec.join is not None or (spec.template is not None and not spec.split and not spec.as_)
        return text_of if is_text else _custom(name, shop.missing)
    if target == PHONE:
        return phone_normaliser(spec.region or "US", several=spec.several or "first")
    if target == EMAIL:
        return email_normaliser(several=spec.several or "first")
    if target in TIMES:
        return time_normaliser(zone_of(spec.timezone) if spec.timezone else shop.zone, spec.format or ())
    return text_of


def text_found(found: Any) -> str | None:
    """Return the one text that a normaliser has found, None when it is none or several."""
    if isinstance(found, Noted):
        return found.text
    return found if isinstance(found, str) else None


def _custom(name: str, missing: MissingWords) -> Normaliser:
    def normalise(value: Any) -> Any:
        if type(value) in _PLAIN or not isinstance(value, CONTAINERS):
            return text_of(value)
        pairs = list(flatten(name, value, missing))
        found = dict(pairs)
        if len(found) != len(pairs):
            raise Unfit("two of its parts would have one name, as a.b and b in a do")
        return found or None

    return normalise
