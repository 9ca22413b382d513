"""What a page or a JSON list shows of all the contacts: search, filter, a part at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

if TYPE_CHECKING:
    from starlette.requests import Request

    from sync.sandbox.contacts import Contact
    from sync.sandbox.state import State


@dataclass(frozen=True, slots=True)
class ContactFilter:
    """Which contacts are wanted."""

    #: Part of a name, a phone, an e-mail, an id or any other property, in any letter case.
    text: str = ""
    #: Only those that would have been texted more than once.
    twice: bool = False

    @classmethod
    def of(cls, request: Request) -> ContactFilter:
        """Read it from the query: ``?q=…&twice=1``."""
        twice = request.query_params.get("twice", "") not in ("", "0", "false")
        return cls(request.query_params.get("q", "").strip(), twice)

    def apply(self, state: State) -> list[Contact]:
        """Return the contacts that are wanted, the latest arrival first."""
        contacts = state.latest()
        if self.twice:
            contacts = [each for each in contacts if state.texts_to_reader(each) > 1]
        wanted = self.text.lower()
        return [each for each in contacts if _holds(each, wanted)] if wanted else contacts


def number(request: Request, name: str, default: int) -> int:
    """Return a whole number of the query.

    Raises:
        HTTPException: 400, it is none.
    """
    text = request.query_params.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 12):  # noqa: PLR2004 - digits enough for any count
        raise HTTPException(400, f"{name}: expected a whole number of 0 or more")
    return int(text)


def _holds(contact: Contact, wanted: str) -> bool:
    values = (contact.name, *contact.fields.values(), *contact.custom.values(), *contact.opportunities)
    return any(wanted in value.lower() for value in list(values))
