"""How it is said that a source or an endpoint is not what it was: what happens, and what to write."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from sync.located_yaml import ConfigProblem, did_you_mean, dotted

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sync.config import Config
    from sync.located_yaml import Path
    from sync.store.identities import Facts, Identity

#: How a setting that is left out is called.
NONE = "none"
_PLAIN = re.compile(r"[A-Za-z./_][\w./@-]*(#[0-9a-f]{6})?")
_NOTHING = "Nothing was read or sent."


def written(value: str | None) -> str:
    """Return a value as `renamed_from` names it."""
    return NONE if value is None else value


def changed_source(
    config: Config, name: str, changed: Sequence[str], was: Identity, now: Identity
) -> ConfigProblem:
    """Say that a source reads something else under the same name."""
    first = first_sync_words(now.first_sync)
    lines = (
        f"{_was_and_is(changed, was.facts, now.facts)}.",
        f"{_NOTHING} What is known of {name} would be compared with other leads, or all would be new.",
        f"- The same leads?  Add to {name}:  {_renamed_from(was.facts, changed)}",
        f"- Other leads?  Write another first_sync than {first}: {name} begins anew, and what it has",
        "  sent up to now is kept under another name, where what still waits is held.",
    )
    return _problem(config, ("sources", name), changed, lines)


def renamed_source(config: Config, name: str, old: str, now: Identity) -> ConfigProblem:
    """Say that a new source reads what one did that is not there any more."""
    first = first_sync_words(now.first_sync)
    lines = (
        f"{name} reads what {old} has read, and {old} is not in this file any more.",
        f"{_NOTHING} Under a new name all of its leads would be new.",
        f"- The same leads?  Add to {name}:  renamed_from: {old}",
        f"- Another beginning?  Write another first_sync than {first}: nothing is known of {name} then,",
        f"  and what {old} has sent up to now is kept under its name.",
    )
    return _problem(config, ("sources", name), (), lines)


def unknown_source(config: Config, name: str, wanted: str, known: Collection[str]) -> ConfigProblem:
    """Say that nothing is known of what a new source was called before."""
    there = ", ".join(sorted(known)) or "none"
    lines = (
        f"nothing is known of a source {wanted}{did_you_mean(wanted, known)}.",
        f"{_NOTHING} Of sources that are not in this file any more there are: {there}.",
        f"- Is {name} new?  Take the line out.",
    )
    return _problem(config, ("sources", name), ("renamed_from",), lines)


def changed_endpoint(
    config: Config, name: str, differs: tuple[Sequence[str], Facts, Facts], sources: Collection[str]
) -> ConfigProblem:
    """Say that leads would go to another account under the name of the one they went to."""
    changed, was, now = differs
    lines = (
        f"{_was_and_is(changed, was, now)}.",
        f"{_NOTHING} What was sent there would count as sent here.",
        f"- The same account?  Add to the endpoint:  {_renamed_from(was, changed)}",
        f"- Another account?  Write another first_sync in each source of it ({_listed(sources)}):",
        "  they begin anew, and what they have sent up to now is kept under other names, where",
        "  what still waits is held.",
    )
    return _problem(config, _endpoint_path(config, name), changed, lines)


def renamed_endpoint(config: Config, name: str, old: str, sources: Collection[str]) -> ConfigProblem:
    """Say that an account that leads went to stands under another name."""
    lines = (
        f"{name} is the account that leads went to as {old}, and {old} is not in this file any more.",
        f"{_NOTHING} Under a new name all leads would be new.",
        f"- The same account?  Add to the endpoint:  renamed_from: {old}",
        f"- Another beginning?  Write another first_sync in each source of it ({_listed(sources)}).",
    )
    return _problem(config, _endpoint_path(config, name), (), lines)


def first_sync_words(first: str | None) -> str:
    """Return a ``first_sync`` as a person writes it."""
    return (first or "it was").removesuffix("T00:00:00+00:00")


def _was_and_is(changed: Sequence[str], was: Facts, now: Facts) -> str:
    parts = [f"{each} was {written(was[each])} and is {written(now[each])}" for each in changed]
    return ", ".join(parts)


def _renamed_from(was: Facts, changed: Sequence[str]) -> str:
    names = [_yaml(written(was[each])) for each in changed]
    return f"renamed_from: {names[0] if len(names) == 1 else '[' + ', '.join(names) + ']'}"


def _yaml(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def _listed(names: Collection[str]) -> str:
    return ", ".join(sorted(names))


def _endpoint_path(config: Config, name: str) -> Path:
    return ("endpoints", name) if config.located.has(("endpoints", name)) else ("endpoint",)


def _problem(config: Config, at: Path, changed: Sequence[str], lines: Sequence[str]) -> ConfigProblem:
    path = (*at, changed[0]) if len(changed) == 1 else at
    return ConfigProblem(dotted(path), "\n  ".join(lines), config.mark(*path))
