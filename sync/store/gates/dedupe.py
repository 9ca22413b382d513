"""`dedupe`: has the same homeowner been texted already, as another lead?

A candidate is judged by the phone and the e-mail that it would be sent with. Of others, the phone counts
that a version was really sent with; the e-mail counts as soon as their lead ever had it and the version was
sent with one, since its digest knows no capital letters and a field's does.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import Double, and_, bindparam, func, or_, select

from sync.states import State
from sync.store import tables
from sync.store.chunks import chunks
from sync.store.digests import field_digest
from sync.store.unanswered import unanswered_at

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence
    from datetime import tzinfo

    from sqlalchemy import Connection

    from sync.gates import Dedupe
    from sync.store.gates.candidates import Candidate

_version, _lead, _contact = tables.version, tables.lead, tables.contact
_FIELDS = {"phone": "phoneNumber", "email": "email"}
_NAMES = {"phone": "phone", "email": "e-mail"}


@dataclass(frozen=True, slots=True)
class Judged:
    """What becomes of candidates; those that are not here pass."""

    #: Why not, by the id of the version.
    repeated: dict[int, str]
    #: Versions that wait for the answer about the same homeowner.
    waiting: set[int]


class Deduping:
    """Compares candidates with what was sent, and with each other.

    Args:
        rule: what is compared, and how far back.
        endpoint: only its leads are compared.
        digest_key: the store's.
        zone: of the dates in reasons.

    """

    def __init__(self, rule: Dedupe, endpoint: str, digest_key: bytes, zone: tzinfo = UTC) -> None:
        self._rule = rule
        self._endpoint = endpoint
        self._digest_key = digest_key
        self._zone = zone

    def judge(
        self,
        connection: Connection,
        candidates: Sequence[Candidate],
        now: float,
        staying: Container[int] = (),
    ) -> Judged:
        """Return who is not sent now; of candidates that are the same homeowner, the first may go.

        Args:
            connection: the transaction that claims.
            candidates: in the order in which they go.
            now: the time.
            staying: versions that are not sent in any case, so that nobody waits for them.

        """
        judged = Judged({}, set())
        earlier = self._earlier(connection, [each for each in candidates if _is_judged(each)], now)
        going: dict[bytes, int] = {}
        for candidate in candidates:
            if _is_judged(candidate):
                self._judge(candidate, earlier, going, judged)
            stopped = (judged.repeated, judged.waiting, staying)
            if not any(candidate.version_id in each for each in stopped):
                going.update(dict.fromkeys(self._digests(candidate).values(), candidate.lead_id))
        return judged

    def _judge(
        self, candidate: Candidate, earlier: dict[bytes, list[Any]], going: dict[bytes, int], judged: Judged
    ) -> None:
        same = [
            (kind, row)
            for kind, digest in self._digests(candidate).items()
            for row in earlier.get(digest, ())
            if row.lead_id != candidate.lead_id and self._was_sent_with(row, kind, candidate)
        ]
        told = next((each for each in same if each[1].state != State.SENDING), None)
        if told is not None:
            judged.repeated[candidate.version_id] = self._reason(*told)
        elif same or any(
            going.get(digest, candidate.lead_id) != candidate.lead_id
            for digest in self._digests(candidate).values()
        ):
            judged.waiting.add(candidate.version_id)

    def _digests(self, candidate: Candidate) -> dict[str, bytes]:
        return {kind: candidate.contacts[kind] for kind in self._rule.by if kind in candidate.contacts}

    def _earlier(
        self, connection: Connection, candidates: Iterable[Candidate], now: float
    ) -> dict[bytes, list[Any]]:
        """Return versions that were sent, or may have been, by the contacts of their leads."""
        wanted = list({digest for each in candidates for digest in self._digests(each).values()})
        since = now - self._rule.within.total_seconds()
        found: defaultdict[bytes, list[Any]] = defaultdict(list)
        for digests in chunks(wanted):
            asked = {"digests": list(digests), "endpoint": self._endpoint, "since": since}
            for row in connection.execute(_EARLIER, asked):
                found[bytes(row.digest)].append(row)
        return found

    def _was_sent_with(self, row: Any, kind: str, candidate: Candidate) -> bool:
        fields = orjson.loads(row.fields) if row.fields else {}
        name = _FIELDS[kind]
        if kind == "email":
            return name in fields
        return bool(fields.get(name) == field_digest(name, candidate.lead.standard[name], self._digest_key))

    def _reason(self, kind: str, row: Any) -> str:
        at = row.settled_at if row.state == State.ACCEPTED else row.tried_at
        day = datetime.fromtimestamp(at, self._zone).date().isoformat() if at else "a day not known"
        sent = "was sent" if row.state == State.ACCEPTED else "may have been sent"
        return f"the same {_NAMES[kind]} {sent} as {row.source} {row.key} on {day}"


def _is_judged(candidate: Candidate) -> bool:
    """Tell whether it is new to the endpoint, and nobody asked for it by name."""
    return not candidate.is_known and not candidate.is_named


_since = bindparam("since", type_=Double)
_EARLIER = (
    select(
        _contact.c.digest,
        _version.c.lead_id,
        _version.c.state,
        _version.c.settled_at,
        func.coalesce(unanswered_at(_version), _version.c.claimed_at).label("tried_at"),
        _version.c.fields,
        _lead.c.source,
        _lead.c.key,
    )
    .join_from(_contact, _lead, _lead.c.id == _contact.c.lead_id)
    .join(_version, _version.c.lead_id == _lead.c.id)
    .where(
        _contact.c.digest.in_(bindparam("digests", expanding=True)),
        _lead.c.endpoint == bindparam("endpoint"),
        or_(
            and_(_version.c.state == State.ACCEPTED.value, _version.c.settled_at >= _since),
            _version.c.state == State.SENDING.value,
            # Without an answer it may have arrived, whatever became of it since: it is sent again, was
            # given up, let go by a person, put away, or gave way to a newer version.
            unanswered_at(_version) >= _since,
            # Of a restored store no attempt may tell of it.
            and_(_version.c.state == State.UNKNOWN.value, _version.c.claimed_at >= _since),
        ),
    )
    .order_by(_version.c.id)
)
