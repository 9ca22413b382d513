"""Which leads a command is about: ids, or options that `leads`, `retry`, `discard` and `approve` share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from sync.cli.frame.failures import Refused
from sync.located_yaml import did_you_mean
from sync.states import State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.config import Config
    from sync.store.store import Store
    from sync.store.views.selection import LeadName, Selection

Ids: TypeAlias = Annotated[
    list[str] | None, typer.Argument(metavar="[ID]...", help="Leads by their key, or by SOURCE:KEY.")
]
States: TypeAlias = Annotated[
    list[str] | None, typer.Option("--state", metavar="STATE", help="Only in this state; may be repeated.")
]
SourceName: TypeAlias = Annotated[
    str | None, typer.Option("--source", metavar="NAME", help="Only of this source.")
]
Reason: TypeAlias = Annotated[
    str | None, typer.Option("--reason", metavar="TEXT", help="Only with this text in the reason.")
]
Everything: TypeAlias = Annotated[bool, typer.Option("--all", help="All of them, from every source.")]
Yes: TypeAlias = Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")]
DryRun: TypeAlias = Annotated[
    bool, typer.Option("--dry-run", help="Say how many it would be, and change nothing.")
]


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user typed."""

    ids: Sequence[str] = ()
    states: Sequence[str] = ()
    source: str | None = None
    reason: str | None = None
    everything: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing says which leads are meant."""
        return not (self.ids or self.states or self.source or self.reason or self.everything)


def select(store: Store, config: Config, wish: Wish, allowed: Sequence[State]) -> Selection:
    """Return the selection that a user means.

    Args:
        store: to look ids up in.
        config: to check the source's name.
        wish: what was typed.
        allowed: the states that may be named; all of them are meant when none is.

    Raises:
        Refused: for a state, a source or an id that there is not, or an id of several leads.

    """
    from sync.store.views.selection import Selection

    if wish.source is not None:
        _check_source(store, config, wish.source)
    leads = tuple(lead for id_ in wish.ids for lead in _leads(store, id_)) if wish.ids else None
    return Selection(leads, _states(wish.states, allowed), wish.source, wish.reason)


def check_names(config: Config, wish: Wish, allowed: Sequence[State]) -> None:
    """Refuse a state or a source that there is not, while there is no store to ask.

    Raises:
        Refused: with what there is instead.

    """
    _states(wish.states, allowed)
    if wish.source is not None and wish.source not in config.sources:
        raise _no_source(config, wish.source)


def _no_source(config: Config, name: str) -> Refused:
    close = did_you_mean(name, config.sources)
    return Refused(f'there is no source "{name}"{close}; there are: {", ".join(config.sources)}')


def _states(named: Sequence[str], allowed: Sequence[State]) -> tuple[State, ...]:
    names = states_named(named, [state.value for state in allowed])
    return tuple(State(name) for name in names) or tuple(allowed)


def states_named(named: Sequence[str], choices: Sequence[str]) -> list[str]:
    """Return what ``--state`` names, each once.

    Raises:
        Refused: when a name is none of the choices.

    """
    names = [name.strip().lower() for text in named for name in text.split(",") if name.strip()]
    for name in names:
        if name not in choices:
            close = did_you_mean(name, choices)
            raise Refused(f'--state can\'t be "{name}" here{close}; there are: {", ".join(choices)}')
    return list(dict.fromkeys(names))


def _check_source(store: Store, config: Config, name: str) -> None:
    """Accept a source of the configuration, and one that was taken out of it and still has leads."""
    if name in config.sources:
        return
    from sync.store.views.positions import is_known

    if not store.read_now(lambda connection: is_known(connection, name)):
        raise _no_source(config, name)


def _leads(store: Store, id_: str) -> list[int]:
    from sync.store.views.selection import find_leads

    found: list[LeadName] = store.read_now(lambda connection: find_leads(connection, id_))
    if not found:
        raise Refused(f"no lead is known as {id_}; `leadrelay leads` lists ids as SOURCE:KEY")
    if len({lead.source for lead in found}) > 1:
        raise Refused(f"{id_} can mean {' or '.join(sorted(map(str, found)))}; say which")
    return [lead.id for lead in found]
