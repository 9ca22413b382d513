"""The gates of one endpoint, in the order in which they are asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from sync.states import State
from sync.store.gates.candidates import candidates
from sync.store.gates.dedupe import Deduping, Judged
from sync.store.gates.max_age import too_old
from sync.store.gates.turning_away import TurnedAway, put_off, turn_away

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import timedelta

    from sqlalchemy import Connection

    from sync.store.gates.candidates import Candidate

#: How long a lead waits, in seconds, while another one of the same homeowner is in the air.
PUT_OFF_SECONDS = 0.25
_LISTED = {"phone": "its phone is on the suppression list", "email": "its e-mail is on the suppression list"}


class Listed(Protocol):
    """Those who must not be texted, by the store's digests of phones and e-mails."""

    def __contains__(self, digest: bytes) -> bool:
        """Tell whether a phone or an e-mail is among them."""
        ...


@dataclass(frozen=True, slots=True)
class Sifted:
    """What passes, and what does not."""

    passing: list[Any]
    turned_away: list[TurnedAway] = field(default_factory=list)
    #: How many wait for a moment.
    put_off: int = 0


class Gates:
    """Judges what is due, in the transaction that claims it.

    Args:
        digest_key: the store's.
        suppressed: those who must not be texted, whoever asks for it; None: nobody.
        max_age: how old a lead may be that nobody asked for; None: of any age.
        deduping: finds homeowners that have been texted as another lead; None: they are not looked for.

    """

    def __init__(
        self,
        digest_key: bytes,
        *,
        suppressed: Listed | None = None,
        max_age: timedelta | None = None,
        deduping: Deduping | None = None,
    ) -> None:
        self._digest_key = digest_key
        self._suppressed = suppressed
        self._max_age = max_age
        self._deduping = deduping

    def sift(self, connection: Connection, due: Sequence[Any], now: float) -> Sifted:
        """Turn away what must not be sent, and return the rows that may be; see `candidates` for a row."""
        found = candidates(connection, due, self._digest_key)
        listed = {each.version_id: reason for each in found if (reason := self._listed(each))}
        left = [each for each in found if each.version_id not in listed]
        # Who is held for age was compared before: letting it go by name must not text somebody twice.
        old = {each.version_id: reason for each in left if (reason := self._too_old(each, now))}
        judged = self._deduping.judge(connection, left, now, old) if self._deduping else Judged({}, set())
        held = {version: why for version, why in old.items() if version not in judged.waiting}
        turned = _turned(found, listed | judged.repeated, held)
        turn_away(connection, turned, now)
        put_off(connection, sorted(judged.waiting), now + PUT_OFF_SECONDS)
        stopped = {each.version_id for each in turned} | judged.waiting
        return Sifted([row for row in due if row.id not in stopped], turned, len(judged.waiting))

    def _listed(self, candidate: Candidate) -> str | None:
        """Return why somebody must not be texted, None for everybody else."""
        if self._suppressed is None:
            return None
        kinds = (kind for kind, digest in candidate.contacts.items() if digest in self._suppressed)
        return _LISTED.get(next(kinds, ""))

    def _too_old(self, candidate: Candidate, now: float) -> str | None:
        return too_old(candidate, self._max_age, now) if self._max_age else None


def _turned(
    found: Sequence[Candidate], discarded: Mapping[int, str], held: Mapping[int, str]
) -> list[TurnedAway]:
    """Return who is turned away, and why; what is discarded needs not be held."""
    turned = []
    for each in found:
        named = each.version_id, each.source, each.key
        if each.version_id in discarded:
            turned.append(TurnedAway(*named, State.DISCARDED, discarded[each.version_id]))
        elif each.version_id in held:
            turned.append(TurnedAway(*named, State.HELD, held[each.version_id]))
    return turned
