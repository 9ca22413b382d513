"""One play of the model: what people, programs and faults do, and what must hold after every step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from sync.states import State
from sync.store import tables
from sync.store.actions.approve import approve
from sync.store.actions.discard import discard
from sync.store.actions.retry import retry
from tests.engine_world import MAPPING
from tests.scripted_source import at
from tests.torture.fickle_endpoint import Trouble
from tests.torture.town import LOOKBACK, Town

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.torture.experiment import Tally
    from tests.torture.town import Process

KEYS = st.sampled_from("abcdef")
NAMES = st.sampled_from(["Ada", "Bea", "Cia", "Dot"])
GROUPS = st.sampled_from(["warm", "warm", "warm", "cold"])
LATER = st.sampled_from([0.0, 0.0, 1.0, 20.0])
NARROW = "where: \"group != 'cold'\"\n"
MAPPINGS = st.sampled_from(
    [
        MAPPING,
        MAPPING + "custom:\n  campaign: { value: spring }\n",
        MAPPING + "custom:\n  loud: '{{ name | upper }}'\n",
        NARROW + MAPPING,
        NARROW + MAPPING + "custom:\n  campaign: { value: autumn }\n",
    ]
)
#: Beyond so many rounds of polling and delivering in fine weather, something waits for ever.
_ROUNDS = 30
_OPEN = {State.PENDING, State.SENDING}


class Play(RuleBasedStateMachine):
    """One play, of rules that hypothesis chooses."""

    #: Makes the URL of an empty store.
    new_url: ClassVar[Callable[[], str]]
    tally: ClassVar[Tally]

    @initialize(hold=st.booleans(), max_sends=st.sampled_from(["", "", "4/h"]))
    def begin(self, *, hold: bool, max_sends: str) -> None:
        self.hold = hold
        self.town = Town(type(self).new_url(), hold=hold, max_sends=max_sends)
        self.seconds = 0.0
        #: Rows that a poll to the end has seen as they are.
        self.seen: set[str] = set()
        #: Rows that a mapping in force since may have filtered.
        self.filtered: set[str] = set()
        self.discarded: set[str] = set()

    def teardown(self) -> None:
        if not hasattr(self, "town"):
            return
        try:
            self._come_to_rest()
        finally:
            self._count()
            self.town.close()

    # What people and programs do to the source.

    def _put(self, key: str, name: str, when: float, **fields: Any) -> None:
        self.town.write(key, name, at(when), **{"group": "warm", **fields})
        self.seen.discard(key)
        self.discarded.discard(key)
        self.filtered.discard(key)
        self._note_filtered()

    def _note_filtered(self) -> None:
        if self.town.mapping.startswith(NARROW):
            cold = {key for key, row in self.town.table.rows.items() if row.fields["group"] == "cold"}
            self.filtered |= cold

    @rule(key=KEYS, name=NAMES, group=GROUPS, later=LATER)
    def write(self, key: str, name: str, group: str, later: float) -> None:
        """Insert or update, often at the very time of the row before."""
        self.seconds += later
        self._put(key, name, self.seconds, group=group)

    @rule(key=KEYS, name=NAMES)
    def change_and_take_back(self, key: str, name: str) -> None:
        """Change a record after it was sent, have that polled, and change it back before that is sent."""
        row = self.town.table.rows.get(key)
        if row is not None and row.fields["phone"] != "none":
            self.poll()
            self.deliver()
            self._put(key, name, self.seconds, group=row.fields["group"])
            self._poll_whole()
            self._put(key, row.fields["name"], self.seconds, group=row.fields["group"])

    @rule(name=NAMES, late=st.floats(0, LOOKBACK - 10))
    def commit_late(self, name: str, late: float) -> None:
        """Insert a row with a time that lies before others, within the look-back."""
        new = set("ghij") - set(self.town.accounts.leads)
        if new:
            self.tally.faults += 1
            self._put(min(new), name, self.seconds - late)

    @rule(key=KEYS)
    def write_nonsense(self, key: str) -> None:
        """Make a record that no lead can be made of."""
        self._put(key, "Ada", self.seconds, phone="none")

    @rule(key=KEYS, name=NAMES, later=st.sampled_from([0.0, 1.0]))
    def write_while_it_is_read(self, key: str, name: str, later: float) -> None:
        """Have a row written between two pages of the next poll."""
        self.tally.faults += 1
        self.seconds += later
        self.town.table.meanwhile = lambda: self._put(key, name, self.seconds)

    @rule(later=st.sampled_from([0.0, 5.0]))
    def touch_all(self, later: float) -> None:
        """Move every change time and change nothing."""
        self.seconds += later
        for key in self.town.table.rows:
            self.town.touch(key, at(self.seconds))

    @rule()
    def reorder(self) -> None:
        """Give rows of the same time in the other order."""
        self.tally.faults += 1
        self.town.table.turned = not self.town.table.turned

    @rule(key=KEYS)
    def delete(self, key: str) -> None:
        """Remove a row."""
        self.tally.faults += key in self.town.table.rows
        self.town.table.rows.pop(key, None)

    # What happens to the endpoint, the clock and the mapping.

    @rule(troubles=st.lists(st.sampled_from(list(Trouble)), min_size=1, max_size=6))
    def weather(self, troubles: list[Trouble]) -> None:
        """Say what becomes of the next requests."""
        self.tally.faults += sum(each is not Trouble.NONE for each in troubles)
        self.town.endpoint.plan.extend(troubles)

    @rule(seconds=st.sampled_from([-7200.0, -60.0, 60.0, 7200.0]))
    def jump(self, seconds: float) -> None:
        """Set the machine's clock."""
        self.tally.faults += 1
        self.town.time.jumped += seconds

    @rule(text=MAPPINGS)
    def edit(self, text: str) -> None:
        """Put another mapping in force."""
        self.tally.faults += 1
        self.town.edit(text)
        self._note_filtered()

    @rule(text=MAPPINGS)
    def p5_an_edited_mapping_alone_sends_nothing(self, text: str) -> None:
        self._come_to_rest()
        before = len(self.town.endpoint.log)
        self.edit(text)
        self._poll_whole()
        self.town.together(self.town.first.deliver())
        assert len(self.town.endpoint.log) == before, "an edited mapping has sent something"

    # What this program does, and what is done to it.

    @rule()
    def poll(self) -> None:
        """Poll to the end."""
        self._poll_whole()

    @rule()
    def deliver(self) -> None:
        """Send what is due, for as long as there is sense in it."""
        self.town.together(self.town.first.deliver())

    @rule()
    def poll_and_deliver(self) -> None:
        """Do both at once, as `sync` does."""
        self._see(self.town.together(self.town.first.poll(), self.town.first.deliver())[0])

    @rule(number=st.integers(1, 8), commits=st.booleans(), polls=st.booleans(), delivers=st.booleans())
    def be_killed_at_a_commit(self, number: int, *, commits: bool, polls: bool, delivers: bool) -> None:
        """Be killed at some transaction from now, which is committed or is not."""
        victim = self.town.first
        victim.store.die_at(number, commits=commits)
        self._work(victim, polls=polls, delivers=delivers)
        self.town.spare()

    @rule(seconds=st.floats(0.001, 0.2), polls=st.booleans())
    def be_killed_at_an_instant(self, seconds: float, *, polls: bool) -> None:
        """Be killed whatever it is doing, with requests in the air."""
        victim = self.town.first
        self.town.later(seconds, victim)
        self._work(victim, polls=polls, delivers=True)
        self.town.spare()

    def _work(self, process: Process, *, polls: bool, delivers: bool) -> None:
        work = [process.poll()] if polls else []
        work += [process.deliver()] if delivers or not polls else []
        self.town.together(*work)

    @rule(kills=st.none() | st.tuples(st.integers(0, 1), st.integers(1, 12), st.booleans()))
    def two_at_once(self, kills: tuple[int, int, bool] | None) -> None:
        """Run two processes on one store; one of them may be killed."""
        self.tally.faults += 1
        if len(self.town.processes) == 1:
            self.town.start_another()
        both = list(self.town.processes)
        if kills is not None:
            both[kills[0]].store.die_at(kills[1], commits=kills[2])
        polled = self.town.together(*(work for each in both for work in (each.poll(), each.deliver())))
        self._see(any(each is True for each in polled[0::2]))
        self.town.spare()

    # What a person does.

    @rule(key=KEYS)
    def retry(self, key: str) -> None:
        """Send once more what was refused, or what may have arrived."""
        self._ask(retry, key)

    @rule(key=KEYS)
    def approve(self, key: str) -> None:
        """Let go what a guard holds."""
        self._ask(approve, key)

    @rule(key=KEYS)
    def discard(self, key: str) -> None:
        """Put a lead away."""
        if State.DISCARDED in self._ask(discard, key):
            self.discarded.add(key)

    def _ask(self, action: Callable[..., Any], *keys: str) -> set[State]:
        self.town.act(action, keys)
        if action is retry:
            for key in keys:
                self.town.accounts.ask_again(key)
        stands = self.town.stands()
        return {stands[key] for key in keys if key in stands}

    # What must hold.

    @invariant()
    @precondition(lambda self: hasattr(self, "town"))
    def p1_nothing_is_lost_on_the_way(self) -> None:
        stands = self.town.stands()
        assert self.seen <= set(stands), "a record that was polled stands nowhere"
        self._position_is_not_past_anything()

    def _position_is_not_past_anything(self) -> None:
        town = self.town
        progress = town.progress()
        position = progress.position if progress else None
        behind = position and position.moved_back(town.first.world.lookback).at
        known = town.known(list(town.table.rows))
        for key, row in town.table.rows.items():
            if behind and row.changed < behind:  # no poll will read it again
                assert known[key].changed == row.changed, "the position is past a record that is not staged"

    @invariant()
    @precondition(lambda self: hasattr(self, "town"))
    def p2_p3_p4_p12_nothing_twice_and_never_backwards(self) -> None:
        town = self.town
        for key, account in town.accounts.leads.items():
            assert not account.broken, (account.broken, key, account.history, town.endpoint.log)
        assert not town.endpoint.overlapped, "two requests of one lead were in the air at once"
        assert not town.table.was_shared, "two processes polled one source at once"
        assert town.overdrawn <= 0, "more was in the air than the window takes"

    @invariant()
    @precondition(lambda self: hasattr(self, "town"))
    def p4_at_most_one_of_a_lead_waits_or_flies(self) -> None:
        states = self.town.column(tables.version.c.state)
        leads = self.town.column(tables.version.c.lead_id)
        for state in (State.PENDING, State.SENDING):
            some = [lead for lead, stands in zip(leads, states, strict=True) if stands == state]
            assert len(set(some)) == len(some), f"two versions of one lead are {state}"

    def _come_to_rest(self) -> None:
        """Let all be well again, and drained; then nothing may be missing."""
        town = self.town
        town.endpoint.plan.clear()
        town.table.happen()
        for _ in range(_ROUNDS):
            self._poll_whole()
            self._ask_all()
            town.together(town.first.deliver())
            if not _OPEN & set(town.versions()) and not self._may_be_let_go():
                break
            town.time.jumped += 7200.0
        assert not _OPEN & set(town.versions()), "something waits though all is well"
        self.p2_p3_p4_p12_nothing_twice_and_never_backwards()
        missing = [key for key in town.table.rows if not self._is_accounted_for(key)]
        self.tally.lost += len(missing)
        assert not missing, f"lost: {missing}, {town.stands()}, {town.endpoint.log}"

    def _ask_all(self) -> None:
        keys = list(self.town.stands())
        self._ask(approve, *keys)
        self._ask(retry, *self.town.unknown())

    def _may_be_let_go(self) -> bool:
        return bool({State.HELD, State.UNKNOWN} & set(self.town.versions()))

    def _is_accounted_for(self, key: str) -> bool:
        row, state = self.town.table.rows[key], self.town.stands().get(key)
        account = self.town.accounts.leads[key]
        if row.fields["phone"] == "none":
            return state in (State.INVALID, State.SKIPPED, State.ADOPTED, State.DISCARDED)
        if account.has == row.fields["name"]:
            return state is not None
        if state in (State.SKIPPED, State.ADOPTED):
            return key in self.filtered
        if state is State.DISCARDED:
            return key in self.discarded
        says = row.fields["name"]
        tries = self.town.endpoint.tried[key, says]
        return state is State.REJECTED and account.may_be_rejected(says, tries, self.town.policy)

    def _poll_whole(self) -> None:
        self._see(self.town.together(self.town.first.poll())[0])

    def _see(self, polled: object) -> None:
        table = self.town.table
        if polled is True and not table.has_happened:
            self.seen = set(table.rows)
        table.has_happened = False

    def _count(self) -> None:
        accounts = self.town.accounts.leads.values()
        self.tally.faults += self.town.deaths
        self.tally.leads += len(accounts)
        self.tally.repeated += sum(each.repeated for each in accounts)
        self.tally.allowed += sum(each.allowed for each in accounts)
