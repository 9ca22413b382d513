"""The Lead: the fields, formats and rules of the Hatch Standard API, valid by construction."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

#: The typed properties of the Standard API, in the order they are documented in. ``source`` is not
#: among them: it belongs to the endpoint, is the same on every lead, and is added when sending.
FIELDS = (
    "id",
    "contactID",
    "firstName",
    "lastName",
    "phoneNumber",
    "email",
    "status",
    "createdAt",
    "updatedAt",
)


@dataclass(frozen=True, slots=True)
class Lead:
    """What one record says to the endpoint: only non-empty strings, ready to send."""

    #: Standard properties by name, a subset of `FIELDS`; holds phoneNumber or email, or both.
    standard: Mapping[str, str]
    #: Further properties by name, already flat strings.
    custom: Mapping[str, str] = field(default_factory=dict)
    #: What was left out of it and why: a template with a missing part, a field with `if_invalid: drop`.
    warnings: tuple[Problem, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Skip:
    """A record that is known and not to be sent."""

    #: As in "where: properties.lifecyclestage in ['lead'] (mappings/crm.yaml:1)".
    reason: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a record can't be made a lead."""

    #: Which output, as in ``lead.phoneNumber``; empty when it is about the lead as a whole.
    path: str
    #: What is wrong, with the shape of the value ("9 digits", "text of 12 characters"), never itself.
    message: str
    #: The mapping line at fault, as in ``mappings/crm.yaml:7:16``.
    at: str

    def __str__(self) -> str:
        """Return it the way all errors are written."""
        return ": ".join(part for part in (self.at, self.path, self.message) if part)


@dataclass(frozen=True, slots=True)
class Invalid:
    """A record the mapping can't make a lead of."""

    problems: tuple[Problem, ...]

    @property
    def reason(self) -> str:
        """All problems in one line."""
        return "; ".join(map(str, self.problems))
