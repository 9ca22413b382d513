"""``status --json``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sync.cli.frame.hours import hours_document
from sync.cli.frame.json_output import iso
from sync.cli.frame.next_run import next_run

if TYPE_CHECKING:
    from sync.config import Config, SourceConfig
    from sync.store.views.status import EndpointStatus, JobStatus, RunStatus, SourceStatus, StoreStatus
    from sync.store.views.working import Working

_STATES = ("pending", "due_later", "held", "sending", "unknown", "rejected", "invalid")


def status_document(config: Config, status: StoreStatus, now: float) -> dict[str, Any]:
    """Return the status of everything that is configured or in the store."""
    known = {(each.source, each.endpoint): each for each in status.sources}
    configured = {(source.name, source.endpoint): source for source in config.sources.values()}
    endpoints = {each.endpoint: each for each in status.endpoints}
    return {
        "needs_you": status.needs_you,
        "sources": [
            _source(name, known.get(name), configured.get(name), now)
            for name in sorted({*known, *configured})
        ],
        "endpoints": [
            _endpoint(name, endpoints.get(name), name in config.endpoints)
            | hours_document(config.endpoints.get(name), now)
            for name in sorted({*endpoints, *config.endpoints})
        ],
        "backfills": [_job(job) for job in status.jobs],
    }


def _source(
    name: tuple[str, str], status: SourceStatus | None, config: SourceConfig | None, now: float
) -> dict[str, Any]:
    last = status.last_run if status else None
    following = next_run(config, last.started_at if last else None, now) if config else None
    said: dict[str, Any] = {
        "source": name[0],
        "endpoint": name[1],
        "type": config.type if config else None,
        "configured": config is not None,
        "schedule": str(config.options.schedule) if config and config.options.schedule else None,
        "last_run": _run(last) if last else None,
        "next_run": iso(following),
        "position": status.position.to_json() if status and status.position else None,
        "position_at": iso(status.position_at) if status else None,
        "lag_seconds": status.lag if status else None,
        "first_sync_unfinished": bool(status and status.first_sync_unfinished),
        "oldest_pending": iso(status.standing.oldest_pending_at) if status else None,
        "polled_by": status.poller if status else None,
        "paused_since": iso(status.paused_since) if status else None,
    }
    return said | {state: getattr(status.standing, state) if status else 0 for state in _STATES}


def _run(run: RunStatus) -> dict[str, Any]:
    return {
        "id": run.id,
        "kind": run.kind,
        "started": iso(run.started_at),
        "finished": iso(run.finished_at),
        "outcome": run.outcome,
        "error": run.error,
        "counts": run.counts,
    }


def _endpoint(name: str, status: EndpointStatus | None, configured: bool) -> dict[str, Any]:
    return {
        "endpoint": name,
        "configured": configured,
        "state": status.state if status else "up",
        "reason": status.reason if status else None,
        "since": iso(status.since) if status else None,
        "not_before": iso(status.not_before) if status else None,
        "delivered_by": status.deliverer if status else None,
        "paused_since": iso(status.paused_since) if status else None,
        "working": _working(status.working) if status and status.working else None,
    }


def _working(working: Working) -> dict[str, Any]:
    return {
        "window": working.window,
        "max_in_flight": working.max_in_flight,
        "in_flight": working.in_flight,
        "accepted_per_second": working.rate,
        "next_try": iso(working.next_try),
        "at": iso(working.at),
    }


def _job(job: JobStatus) -> dict[str, Any]:
    return {
        "id": job.id,
        "source": job.source,
        "endpoint": job.endpoint,
        "state": job.state,
        "request": job.request,
        "rate": job.rate,
        "counts": job.counts,
        "created": iso(job.created_at),
    }
