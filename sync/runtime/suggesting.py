"""A sample of a source, and what is guessed from it. Needs neither a mapping nor a state store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sources.base import Closes, KnowsFields, SourceContext
from sync.runtime.making import FILES
from sync.runtime.sampling import Choice as Which
from sync.runtime.sampling import sample
from sync.suggesting import choose, draft

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sources.base import Source
    from sync.config import UnmappedSource
    from sync.suggesting import Choice

#: Reserved for records whose fate nobody asks for.
_ANY = "goes"


class NobodyToReach(Exception):
    """The sample has neither phones nor e-mails; ``columns`` are those that were looked at."""

    def __init__(self, columns: Sequence[str], records: int) -> None:
        self.columns = list(columns)
        self.records = records
        super().__init__("no phone numbers and no e-mail addresses")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A draft, and what it is made from."""

    choice: Choice
    #: The mapping, as YAML.
    text: str
    #: What the operator should hear about the sample.
    notes: Sequence[str] = ()


async def suggest(source: UnmappedSource, most: int) -> Suggestion:
    """Read the first records of a source and draft a mapping.

    Raises:
        SourceError: when it can't be read.
        NobodyToReach: when no column could hold a phone number or an e-mail address.

    """
    context = SourceContext(source.name, source.directory, source.options.timezone, source.directory / FILES)
    return await suggest_for(source.adapter(source.settings, context), source.name, most, source.key)


async def suggest_for(adapter: Source, name: str, most: int, key: Sequence[str] | None = None) -> Suggestion:
    """Do the same with an adapter, which is given back; a key of None is to be guessed."""
    try:
        found = await sample(adapter, Which(most), lambda _record: _ANY)
        columns = list(await adapter.fields()) if isinstance(adapter, KnowsFields) else []
    finally:
        if isinstance(adapter, Closes):
            await adapter.close()
    choice = choose([each.fields for each in found.records], columns, key)
    if not {"phoneNumber", "email"} & choice.fields.keys():
        names = columns or list(dict.fromkeys(name for each in found.records for name in each.fields))
        raise NobodyToReach(names, len(found.records))
    return Suggestion(choice, draft(choice, name), found.notes)
