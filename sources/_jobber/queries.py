"""The queries, as GraphQL has them. Values never stand in them: they go beside, as variables."""

from __future__ import annotations

import re
from datetime import UTC
from typing import TYPE_CHECKING, Any, Final

from sources._crm.wanted import wanted, without_ways
from sources._wording import did_you_mean
from sources.errors import BadConfig

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sources._crm.spans import Span
    from sources._jobber.kinds import Kind
    from sources._jobber.settings import JobberSettings

#: What answers are read by, whatever the list is called.
FOUND: Final = "found"
ACCOUNT: Final = "query Account { account { id name } }"
_NAME: Final = re.compile(r"[_A-Za-z][_0-9A-Za-z]*")
_IN_LISTS: Final = "first: $first, after: $after, filter: $filter"


def selected(kind: Kind, reads: frozenset[str] | None, further: Mapping[str, str]) -> str:
    """Return what to ask of each record.

    Args:
        kind: clients or requests.
        reads: `PollRequest.fields`.
        further: see `JobberSettings.selections`.

    Raises:
        BadConfig: when a field can't be one, by its name.

    """
    known = {**kind.known, **further}
    names = wanted(without_ways(reads), always=kind.always) or [*kind.usual, *further]
    for name in names:
        if not _NAME.fullmatch(name):
            raise unknown_field(kind, name)
    return " ".join(dict.fromkeys(f"{name} {known.get(name, '')}".strip() for name in names))


def unknown_field(kind: Kind, name: str) -> BadConfig:
    """Return the error for a field that Jobber does not have."""
    meant = did_you_mean(name, list(kind.known))
    return BadConfig(f'Jobber has no field "{name}" of a {kind.one}{meant}', "mapping")


def listing(kind: Kind, selection: str, *, counted: bool = False) -> str:
    """Return the query for a page of a list.

    Args:
        kind: clients or requests.
        selection: what to ask of each, see `selected`.
        counted: whether to ask how many there are, which Jobber wants to be asked seldom.

    """
    asked = f"nodes {{ {selection} }} {'totalCount ' if counted else ''}pageInfo {{ hasNextPage endCursor }}"
    variables = f"$first: Int!, $after: String, $filter: {kind.filter}"
    return f"query Changed({variables}) {{ {FOUND}: {kind.one}s({_IN_LISTS}) {{ {asked} }} }}"


def single(kind: Kind, selection: str) -> str:
    """Return the query for one record."""
    return f"query One($id: EncodedId!) {{ {FOUND}: {kind.one}(id: $id) {{ {selection} }} }}"


def described(kind: Kind) -> str:
    """Return the query for the fields that there are, which Jobber answers anybody."""
    fields = "fields { name type { kind ofType { kind } } }"
    return f'query Fields {{ {FOUND}: __type(name: "{kind.type}") {{ {fields} }} }}'


def filtered(settings: JobberSettings, span: Span) -> dict[str, Any]:
    """Return the filter of a list. Jobber means both ends of a range inclusively.

    Args:
        settings: see `JobberSettings`.
        span: in whole seconds; what changed at its very end is left out by whoever reads the answer.

    """
    ends = {"after": span.since, "before": span.until}
    times = {name: f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" for name, at in ends.items() if at is not None}
    said: dict[str, Any] = {"updatedAt": times} if times else {}
    if settings.leads_only:
        said["isLead"] = True
    if settings.object == "clients" and not settings.include_archived:
        said["isArchived"] = False
    return said
