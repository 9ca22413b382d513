"""What `backfill` and `send-again` say of their work, and what it means for the exit code."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sync.cli.frame.exits import ExitCode
from sync.cli.frame.failures import Refused

if TYPE_CHECKING:
    from sources.units import Rate
    from sync.cli.frame.session import Session
    from sync.config import SourceConfig
    from sync.runtime.backfilling import BackfillReport


def rate_of(text: str | None) -> Rate | None:
    """Return the rate that `--rate` gives, None without one.

    Raises:
        Refused: when it is none.

    """
    from sources.units import parse_rate

    if text is None:
        return None
    try:
        return parse_rate(text)
    except ValueError as error:
        raise Refused(f"--rate: {error}") from error


def backfill_document(source: SourceConfig, report: BackfillReport, *, dry_run: bool) -> dict[str, Any]:
    """Return the answer of the command as a document."""
    from sync.cli.frame.delivery_report import delivery_document

    delivered = {source.endpoint: report.delivered} if report.delivered else {}
    return {
        "source": source.name,
        "backfill": report.job_id,
        "resumed": report.resumed,
        "dry_run": dry_run,
        "all_read": report.read.all_read,
        "outside": report.read.outside,
        "counts": asdict(report.read.counts),
        "error": report.read.error,
        "delivery": delivery_document(delivered, {}) if delivered else None,
    }


def backfill_code(source: SourceConfig, report: BackfillReport) -> ExitCode:
    """Return the exit code that the work deserves."""
    from sources.errors import BadConfig
    from sync.cli.frame.delivery_report import delivery_code

    if isinstance(report.read.cause, BadConfig):
        return ExitCode.WRONG
    delivery = delivery_code({source.endpoint: report.delivered}) if report.delivered else ExitCode.DONE
    if report.read.error or delivery is ExitCode.UNAVAILABLE:
        return ExitCode.UNAVAILABLE
    return ExitCode.NEEDS_YOU if report.read.counts.invalid else delivery


def say_what_stops(session: Session, source: SourceConfig, report: BackfillReport) -> None:
    """Say why it was not read to its end, or that its leads wait for `send_window`."""
    from sync.cli.frame.delivery_report import closed_doors

    if report.read.error:
        session.warn(f"{source.name}: {report.read.error}")
    for closed in closed_doors({source.endpoint: report.delivered}) if report.delivered else ():
        session.note(closed)
