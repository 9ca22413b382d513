"""The tables of the state store.

Times are seconds since the epoch (float, UTC). Ids of leads and versions are handed out by the
`counter` table inside the transaction that uses them, so that a page of thousands is inserted
without asking the database back for each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    event,
    literal_column,
    text,
)

if TYPE_CHECKING:
    from sqlalchemy import Connection

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

#: SQLite gives a rowid table its own integer key only under the name INTEGER.
_Id = BigInteger().with_variant(Integer, "sqlite")

#: Facts about this store, among them the key of its digests.
meta = Table("meta", metadata, Column("name", Text, primary_key=True), Column("value", Text, nullable=False))

#: The last id handed out, by table.
counter = Table(
    "counter", metadata, Column("name", Text, primary_key=True), Column("value", BigInteger, nullable=False)
)

#: Each mapping that ever made a lead, whole, so that a record can be evaluated under it again.
mapping_version = Table(
    "mapping_version",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("hash", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("first_used_at", Double, nullable=False),
    UniqueConstraint("hash"),
)

#: The ledger: one row per lead, with what is known of its newest version.
lead = Table(
    "lead",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=False),
    Column("endpoint", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("key", Text, nullable=False),
    # Where the lead stands when no version row says it: skipped or adopted.
    Column("state", Text),
    Column("reason", Text),
    Column("fingerprint", LargeBinary),
    Column("record_digest", LargeBinary),
    Column("mapping_id", BigInteger, ForeignKey("mapping_version.id")),
    # The version of the digests' encoding.
    Column("encoding", SmallInteger, nullable=False),
    # The newest change time or cursor known, in a form that `sync.changes` orders.
    Column("changed", Text),
    Column("version_id", BigInteger),
    Column("accepted_id", BigInteger),
    Column("first_seen_at", Double, nullable=False),
    UniqueConstraint("endpoint", "source", "key"),
)
#: By which mappings the leads of a source stand is asked by every poll.
Index("ix_lead_mapping", lead.c.endpoint, lead.c.source, lead.c.mapping_id)

#: The outbox and its history: every version of a lead that was to be sent.
version = Table(
    "version",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=False),
    Column("lead_id", BigInteger, ForeignKey("lead.id"), nullable=False),
    Column("endpoint", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("run_id", BigInteger),
    Column("job_id", BigInteger),
    Column("state", Text, nullable=False),
    Column("lane", SmallInteger, nullable=False),
    Column("fingerprint", LargeBinary),
    # A short keyed digest per field of the lead, as JSON: tells which fields changed, never their values.
    Column("fields", Text),
    Column("mapping_id", BigInteger, ForeignKey("mapping_version.id")),
    Column("staged_at", Double, nullable=False),
    # Not before this time; NULL: not released, its run is not finished.
    Column("due_at", Double),
    Column("tries", Integer, nullable=False, server_default=text("0")),
    # How often it was sent again after an unknown outcome.
    Column("repeats", Integer, nullable=False, server_default=text("0")),
    # 1 when a person asked for it in so many words: `max_sends` does not count it.
    Column("asked", SmallInteger, nullable=False, server_default=text("0")),
    Column("claimed_by", Text),
    Column("claimed_at", Double),
    Column("reason", Text),
    Column("settled_at", Double),
)
Index("ix_version_lead_id", version.c.lead_id, version.c.id)
_pending, _blocking = text("state = 'pending'"), text("state IN ('sending', 'unknown')")
Index(
    "ix_version_due",
    version.c.endpoint,
    version.c.lane,
    version.c.due_at,
    version.c.id,
    sqlite_where=_pending,
)
Index("ix_version_blocking", version.c.lead_id, sqlite_where=_blocking)
_open = text("state NOT IN ('accepted', 'superseded', 'discarded')")
Index("ix_version_open", version.c.source, version.c.state, sqlite_where=_open)
Index("ix_version_staged", version.c.source, version.c.staged_at)
#: Two small ones, so that what every run asks costs nothing where the answer is nothing.
_unreleased, _invalid = text("state = 'pending' AND due_at IS NULL"), text("state = 'invalid'")
Index("ix_version_unreleased", version.c.source, sqlite_where=_unreleased)
Index(
    "ix_version_invalid",
    version.c.source,
    version.c.mapping_id,
    sqlite_where=_invalid,
)
#: SQLite uses the index of open versions only for a query that says the same in the same words.
IS_OPEN = version.c.state.not_in(
    [literal_column(f"'{state}'") for state in ("accepted", "superseded", "discarded")]
)

#: What is to be sent, or for an invalid lead the raw record. Erasing is deleting the row.
payload = Table(
    "payload",
    metadata,
    Column("version_id", _Id, primary_key=True, autoincrement=False),
    Column("lead", LargeBinary),
    Column("record", LargeBinary),
)

#: Keyed digests of the phones and e-mails a lead ever had, so that `trace` can find it.
contact = Table(
    "contact",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("lead_id", BigInteger, ForeignKey("lead.id"), primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

#: One row per request that was made.
attempt = Table(
    "attempt",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("version_id", BigInteger, nullable=False),
    Column("lead_id", BigInteger, nullable=False),
    Column("at", Double, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("status", Integer),
    Column("seconds", Double),
    Column("detail", Text),
)
Index("ix_attempt_lead_id", attempt.c.lead_id)

#: Where each source's live poll goes on.
position = Table(
    "position",
    metadata,
    Column("endpoint", Text, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("position", JSON(none_as_null=True)),
    # What the first sync still does, while it lasts; NULL when it is done.
    Column("first_sync", JSON(none_as_null=True)),
    # How many records the last whole read had, for sources whose keys are places.
    Column("places", BigInteger),
    Column("updated_at", Double, nullable=False),
)

#: One poll of one source, with its counts.
run = Table(
    "run",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("endpoint", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("job_id", BigInteger),
    Column("started_at", Double, nullable=False),
    Column("finished_at", Double),
    Column("outcome", Text),
    Column("error", Text),
    Column("counts", JSON(none_as_null=True)),
)
Index("ix_run_source", run.c.source, run.c.id)

#: One backfill: its window, its own progress, its own rate.
job = Table(
    "job",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("endpoint", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("request", JSON, nullable=False),
    Column("position", JSON(none_as_null=True)),
    Column("state", Text, nullable=False),
    Column("rate", Text),
    Column("counts", JSON(none_as_null=True)),
    Column("created_at", Double, nullable=False),
    Column("finished_at", Double),
)

#: Sources (``source:NAME``) and endpoints (``endpoint:NAME``) that a person stopped.
pause = Table(
    "pause", metadata, Column("scope", Text, primary_key=True), Column("since", Double, nullable=False)
)

#: What is known of an endpoint across restarts: halted and why, and a Retry-After not yet over.
endpoint_state = Table(
    "endpoint_state",
    metadata,
    Column("endpoint", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("reason", Text),
    Column("since", Double, nullable=False),
    Column("not_before", Double),
    # What delivery does at the moment, for `status`: window, rate, breaker. Written seldom, read by people.
    Column("working", JSON(none_as_null=True)),
)

#: What a source (``source:NAME``) or an endpoint (``endpoint:NAME``) was when its ledger was written, so that
#: another one under the same name, or the same one under another, is noticed.
identity = Table(
    "identity",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("facts", JSON, nullable=False),
    Column("since", Double, nullable=False),
)

#: Who holds which lease, for people to read; the lease itself is a lock that dies with its process.
lease = Table(
    "lease",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("since", Double, nullable=False),
)


@event.listens_for(metadata, "before_create")
def _repeat_conditions(_target: MetaData, connection: Connection, **_: Any) -> None:
    """Give partial indexes their conditions in PostgreSQL too.

    To write them at the index would load PostgreSQL's dialect on every start, wherever the state is.
    """
    if connection.dialect.name != "postgresql":
        return
    for index in (index for table in metadata.tables.values() for index in table.indexes):
        condition = index.dialect_options["sqlite"]["where"]
        if condition is not None:
            index.dialect_options["postgresql"]["where"] = condition
