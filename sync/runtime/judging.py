"""What an edit of the mapping does to leads that are known: counted, and never sent by itself (P5)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sync.compare import Kind
from sync.lead import Invalid, Lead
from sync.states import State
from sync.store.field_changes import FieldChanges, kept_fields
from sync.wishes import UNCHANGED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.compare import Decision, Evaluates
    from sync.store.field_changes import Change
    from sync.store.store import Store

#: So many names of fields, and so many reasons, are told apart: a list of a record may make any number.
_MOST = 500


@dataclass(slots=True)
class FieldEdit:
    """What an edit does to one field of the leads that are accepted."""

    leads: int = 0
    #: Of these, how many have it no more.
    removed: int = 0
    #: A value that it has now, of the first lead that has one.
    example: str | None = None


@dataclass(slots=True)
class Edit:
    """What an edit would change, if the leads were sent on purpose; in leads."""

    #: Accepted ones that would say something else.
    changed: int = 0
    #: The same by field, as far as a change of it counts; see `ignore_changes`.
    fields: dict[str, FieldEdit] = field(default_factory=dict)
    #: What `where` lets in now.
    let_in: int = 0
    #: What `where` leaves out now.
    left_out: int = 0
    #: What no lead can be made of any more.
    invalid: int = 0
    #: The same by reason.
    reasons: Counter[str] = field(default_factory=Counter)
    #: What no lead could be made of, and now can: that is sent by the next sync (P6).
    valid: int = 0

    def __bool__(self) -> bool:
        """Tell whether it does anything."""
        return bool(self.changed or self.let_in or self.left_out or self.invalid or self.valid)


class Judge:
    """Adds up what the mapping in force makes of records that are as they were.

    Args:
        store: where the digests of what was accepted are kept.
        mapping: the mapping in force.
        thorough: whether leads that were compared anew since the edit are mapped as well, at its cost.

    """

    def __init__(self, store: Store, mapping: Evaluates, *, thorough: bool) -> None:
        self._store = store
        self._mapping = mapping
        self._thorough = thorough
        self._changes = FieldChanges(mapping, store.digest_key)
        self.edit = Edit()
        #: Leads that stood by another mapping and were looked at.
        self.older = 0

    async def look(self, decisions: Sequence[Decision]) -> None:
        """Look at what was decided about a page."""
        others: dict[int, Lead] = {}
        for decision in decisions:
            known = decision.known
            if known is None:
                continue
            self.older += known.mapping != self._mapping.hash
            made = self._lead_of(decision)
            if made is not None and known.accepted_id is not None:
                others[known.accepted_id] = made
        if not others:
            return
        kept = await self._store.read(lambda connection: kept_fields(connection, others))
        for version, lead in others.items():
            if before := kept.get(version):
                self._compare(self._changes.counted(lead, before))

    def _lead_of(self, decision: Decision) -> Lead | None:
        """Return the lead to compare with what was accepted; count what is none, or no known one."""
        known = decision.known
        if known is None or self._is_counted(decision):
            return None
        if known.state is not State.ACCEPTED or decision.kind not in UNCHANGED:
            return None
        if decision.lead is not None or not self._thorough:
            return decision.lead
        outcome = self._mapping.apply(decision.record)
        if isinstance(outcome, Invalid):
            self._no_lead(outcome.reason)
        return outcome if isinstance(outcome, Lead) else None

    def _is_counted(self, decision: Decision) -> bool:
        """Count what an edit of the mapping lets in, leaves out, breaks or mends."""
        known, edit = decision.known, self.edit
        if known is None:
            return True
        mended = known.state is State.INVALID and known.mapping != self._mapping.hash
        if decision.kind is Kind.SEND and mended:
            edit.valid += 1
        elif not decision.edited:
            return False
        elif decision.lead is None and decision.kind is Kind.SKIP:
            edit.left_out += known.state is not State.SKIPPED
        elif decision.lead is None and decision.reason:
            self._no_lead(decision.reason)
        elif decision.kind is Kind.ADOPT:
            edit.let_in += 1
        else:
            return False
        return True

    def _no_lead(self, reason: str) -> None:
        self.edit.invalid += 1
        if reason in self.edit.reasons or len(self.edit.reasons) < _MOST:
            self.edit.reasons[reason] += 1

    def _compare(self, changes: Sequence[Change]) -> None:
        self.edit.changed += bool(changes)
        fields = self.edit.fields
        for change in changes:
            if change.field not in fields and len(fields) >= _MOST:
                continue
            found = fields.setdefault(change.field, FieldEdit())
            found.leads += 1
            found.removed += change.what == "removed"
            found.example = found.example or change.value
