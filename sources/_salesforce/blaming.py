"""Which setting a query is refused for, and what was probably meant."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sources._http.wording import scrub
from sources._wording import did_you_mean, listed
from sources.errors import BadConfig

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sources._salesforce.choosing import Selection
    from sources._salesforce.explaining import QueryRefused
    from sources._salesforce.org import Org
    from sources._salesforce.schema import Schema
    from sources._salesforce.settings import SalesforceSettings

_NO_COLUMN = re.compile(r"No such column '([\w.]+)' on entity '(\w+)'")
_NO_PARENT = re.compile(r"Didn't understand relationship '(\w+)'")
_UNUSABLE = re.compile(r"field '(\w+)' can ?not be (filtered|sorted)")
_NO_OBJECT = "INVALID_TYPE"
#: What comes before the sentence that says what is wrong: the query again, and a place in it.
_PREAMBLE = re.compile(r".*ERROR at Row:\d+:Column:\d+", re.DOTALL)


async def blamed(
    org: Org, settings: SalesforceSettings, selected: Sequence[str], error: QueryRefused
) -> BadConfig:
    """Return the error that names the setting at fault, and the closest that there is.

    Raises:
        SourceError: when it can't be looked up what there is.

    """
    if error.code == _NO_OBJECT:
        return await org.no_object(settings.object)
    if found := _UNUSABLE.search(error.told):
        return await _unusable(org, settings, found[1], found[2])
    if found := _NO_COLUMN.search(error.told):
        return await _unknown(org, settings, selected, found[1], found[2])
    if found := _NO_PARENT.search(error.told):
        return await _unknown(org, settings, selected, found[1], settings.object)
    return BadConfig(f"{error}: {_sentence(error.told)}", "filter" if settings.filter else None)


async def _unknown(
    org: Org, settings: SalesforceSettings, selected: Sequence[str], name: str, entity: str
) -> BadConfig:
    try:
        schema = await org.schema(entity)
    except (
        BadConfig
    ):  # an owner may be a user or a queue: Salesforce calls that a Name, and can't describe it
        choices = []
    else:
        choices = [*schema.fields, *schema.parents]
    text = f"{entity} has no field {name}{did_you_mean(name, choices)} that this user may see"
    return BadConfig(text, _setting_of(name, settings, selected))


def _setting_of(name: str, settings: SalesforceSettings, selected: Sequence[str]) -> str:
    if setting := settings.naming(name):
        return setting
    folded = name.casefold()
    return "mapping" if any(folded in path.casefold().split(".") for path in selected) else "filter"


async def _unusable(org: Org, settings: SalesforceSettings, name: str, how: str) -> BadConfig:
    if name.casefold() != settings.changed.casefold():
        return BadConfig(f"{settings.object} can't be {how} by {name}", "filter")
    return unusable_time(settings, await org.schema(settings.object))


def unusable_time(settings: SalesforceSettings, schema: Schema) -> BadConfig:
    """Return the error for a time of change by which an object can't be asked."""
    name, times = settings.changed, schema.times
    if name in schema.fields:
        problem = f"{settings.object} can't be asked by {name}"
    else:
        problem = f"{settings.object} has no field {name}{did_you_mean(name, times)} that this user may see"
    return BadConfig(f"{problem}; it can be asked by: {listed(times) or 'no time at all'}", "changed")


def spelt(settings: SalesforceSettings, selection: Selection, rows: Sequence[Any]) -> None:
    """Look at the first of some rows for the names that were asked for.

    Raises:
        BadConfig: names the setting that writes a field in another case than Salesforce does.

    """
    row = rows[0] if rows else None
    problem = selection.misspelt(row) if isinstance(row, dict) else None
    if problem:
        raise BadConfig(problem[1], settings.naming(problem[0]) or "mapping")


def _sentence(told: str) -> str:
    return scrub(_PREAMBLE.sub("", told), ())
