"""How `retry`, `discard` and `approve` work: choose, count, ask, do, and say what comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sync.cli.frame.choosing import Wish, select
from sync.cli.frame.failures import Refused
from sync.cli.frame.words import counts_in_words, number_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Connection

    from sync.cli.frame.printing import Printer
    from sync.cli.frame.session import Session
    from sync.states import State
    from sync.store.actions.outcome import Done
    from sync.store.views.selection import Selection


@dataclass(frozen=True, slots=True)
class Action:
    """One of the three verbs."""

    verb: str
    #: For the answer, as in "3 leads discarded".
    past: str
    #: Of which leads.
    states: Sequence[State]
    #: Asked before, with how many; ``{leads}`` and ``{counts}`` are filled in.
    question: str
    #: Said afterwards.
    next_step: str
    do: Callable[[Connection, Selection, float], Done]


def act(session: Session, action: Action, wish: Wish, *, yes: bool, dry_run: bool) -> bool:
    """Do what a verb does to the leads that are wished for.

    Returns:
        False when it was only asked how many, or the user said no.

    Raises:
        Refused: when nothing says which, or nobody can be asked.

    """
    if wish.is_empty:
        raise Refused(
            f"which leads? Name ids, or say --state, --source, --reason, or --all: see "
            f"`leadrelay {action.verb} --help`"
        )
    config = session.config()
    with session.store(config) as store:
        if store is None:
            raise Refused("nothing has been read yet, so there are no leads to act on")
        selection = select(store, config, wish, action.states)
        counts = store.read_now(lambda connection: _count(connection, selection, wish))
        wanted = {state: number for state, number in counts.items() if state in action.states}
        if dry_run or not wanted:
            _answer(session, action, _would(wanted, counts), dry_run=dry_run)
            if wish.ids and not wanted:
                states = " or ".join(state.value for state in action.states)
                session.note(f"None of them is {states}; `leadrelay trace ID` says where a lead stands.")
            return not dry_run
        if not wish.ids and not session.is_sure(_question(action, wanted), yes=yes):
            return False
        done = store.write_now(
            lambda connection: action.do(connection, _all_of(selection, wish), store.clock())
        )
        store.erase_log()
    _answer(session, action, done, dry_run=False)
    return True


def _all_of(selection: Selection, wish: Wish) -> Selection:
    """Let an action see every open version of leads named by id, so that it can say what it left alone."""
    from dataclasses import replace

    from sync.store.views.selection import OPEN_STATES

    return replace(selection, states=OPEN_STATES) if wish.ids and not wish.states else selection


def _count(connection: Connection, selection: Selection, wish: Wish) -> Mapping[State, int]:
    from sync.store.views.leads import count_leads

    return count_leads(connection, _all_of(selection, wish))


def _would(wanted: Mapping[State, int], counts: Mapping[State, int]) -> Done:
    from sync.store.actions.outcome import Done

    return Done(wanted, {state.value: number for state, number in counts.items() if state not in wanted})


def _question(action: Action, wanted: Mapping[State, int]) -> str:
    leads = number_of(sum(wanted.values()), "lead")
    return action.question.format(leads=leads, counts=counts_in_words(wanted))


def _answer(session: Session, action: Action, done: Done, *, dry_run: bool) -> None:
    document: dict[str, Any] = {
        action.past: done.total,
        "states": done.changed,
        "left_alone": done.left,
        "dry_run": dry_run,
    }
    session.answer(document, lambda printer: _show(printer, action, done, dry_run=dry_run))
    if done.total and not dry_run:
        session.note(action.next_step)


def _show(printer: Printer, action: Action, done: Done, *, dry_run: bool) -> None:
    would = "would be " if dry_run else ""
    counts = f": {counts_in_words(done.changed)}" if done.changed else ""
    printer.line(f"{number_of(done.total, 'lead')} {would}{action.past}{counts}")
    for why, number in done.left.items():
        printer.line(f"left alone: {number:,} {why}")
