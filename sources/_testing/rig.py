"""What an author gives to the conformance suite: a system of leads that it can change and break."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sources.base import Source

#: The first moment that the suite's leads know of.
EPOCH = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
#: How much of a secret a message may show: nothing that is as long as this.
_TELLTALE = 4


@dataclass(frozen=True, slots=True)
class Lead:
    """A lead as the suite puts it into the system that is read."""

    #: Stands for the lead for good; digits only, so that systems with numeric keys can hold it.
    key: str
    #: A field that records show under this name; it has no white space around it.
    name: str
    #: When it changed, an aware datetime in whole seconds. Systems that keep no times leave it out.
    changed: datetime


class Rig(Protocol):
    """A system with leads, for one test. It is empty at first.

    The fields of its records are at least ``name`` with what `Lead.name` said. A rig without ``limit``,
    ``deny`` or ``loop`` has a mapping ``lacks`` that says of each why its system can't do that.
    """

    #: Texts that may never be shown: passwords, tokens.
    secrets: Sequence[str]

    def put(self, leads: Sequence[Lead]) -> None:
        """Write these leads into the system: new ones, and those that are there already by their key."""
        ...

    def source(self) -> Source:
        """Return a new adapter over the system, as after a restart. The suite closes it."""
        ...

    def break_down(self) -> None:
        """Make the system fail from now on, as by taking it away."""
        ...


@runtime_checkable
class Limits(Protocol):
    """A rig whose system may say that it is asked too often."""

    def limit(self) -> float | None:
        """Refuse every request for that reason from now on, with an hour to wait if it says how long.

        Returns:
            The seconds that it says; None when it says nothing.

        """
        ...


@runtime_checkable
class Denies(Protocol):
    """A rig whose system asks who we are."""

    def deny(self) -> None:
        """Refuse our credentials from now on."""
        ...


@runtime_checkable
class Loops(Protocol):
    """A rig whose system is asked page by page."""

    def loop(self) -> None:
        """Give the first page again from now on, whichever is asked for, and say that there are more."""
        ...


def why_not(rig: Rig, what: str) -> str:
    """Return why the tests that need a method of the rig are skipped.

    Args:
        rig: which has no such method.
        what: its name.

    """
    reasons: Mapping[str, str] = getattr(rig, "lacks", {})
    return f"the rig has no `{what}`: {reasons.get(what, 'it does not say why, in `lacks`')}"


def leads(count: int, *, each: timedelta = timedelta(minutes=1), first: int = 1) -> list[Lead]:
    """Return leads with keys from the first number on, changed one after another."""
    numbers = range(first, first + count)
    return [Lead(str(n), f"Lead {n}", EPOCH + each * (n - first)) for n in numbers]


def gives_away(text: str, secrets: Sequence[str]) -> bool:
    """Tell whether a text holds one of the secrets."""
    return any(secret in text for secret in secrets if len(secret) >= _TELLTALE)
