"""The properties that a field can fill, and what each of them is able to take."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sync.mapping.field_spec import FieldSpec
    from sync.mapping.transforming import Transform

#: The standard fields that have a normaliser of their own.
PHONE, EMAIL = "phoneNumber", "email"
TIMES = ("createdAt", "updatedAt")
#: Of these a normaliser may have more to say than the value.
NOTED = (PHONE, EMAIL)

#: Keys of a field that have a meaning for some properties only.
_ONLY_FOR = {
    "region": (PHONE,),
    "extension": (PHONE,),
    "several": (PHONE, EMAIL),
    "timezone": TIMES,
    "format": TIMES,
}
#: What is one value by its nature.
_SINGLE = (PHONE, EMAIL, *TIMES)

#: The built-in transforms whose result a property takes, and what it is called in messages.
_FITTING = {
    PHONE: ("a phone number", ("phone", "digits", "text")),
    EMAIL: ("an e-mail address", ("email", "text")),
    **dict.fromkeys(TIMES, ("a point in time", ("timestamp", "text", "number"))),
}
#: The types of what they can read.
_READABLE: dict[str, tuple[type, ...]] = {
    PHONE: (str, int, float),
    EMAIL: (str,),
    **dict.fromkeys(TIMES, (str, int, float, date)),
}


def misplaced(spec: FieldSpec, target: str) -> Iterator[tuple[str, str]]:
    """Yield each key that has no meaning for a property, with what is wrong with it.

    Args:
        spec: the field.
        target: the standard field it fills; empty for a custom property.

    """
    for name, targets in _ONLY_FOR.items():
        if getattr(spec, name) is not None and target not in targets:
            yield name, f"{name} is only for {' and '.join(targets)}"
    if spec.join is not None and target in _SINGLE:
        yield "join", f"{target} holds one value; pick: first takes one of a list"


def unfitting(transform: Transform, target: str) -> str | None:
    """Return why a property can't take what a transform gives, None when it can."""
    if target not in _FITTING:
        return None
    what, names = _FITTING[target]
    if transform.built_in:
        fits = transform.name in names
    else:
        fits = not transform.gives or any(issubclass(kind, _READABLE[target]) for kind in transform.gives)
        fits = fits and transform.gives != {bool}
    if fits:
        return None
    return f"{transform.name} does not give {what}, which {target} needs; expected one of: {', '.join(names)}"
