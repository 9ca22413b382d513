"""When sources are polled: APScheduler, told what our schedules mean."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from sync.config import SourceConfig

#: It logs what is none of an operator's business: a poll that takes longer than its interval is no fault.
_LIBRARY_LOG = "apscheduler"


class Timetable:
    """Calls a function with the name of each source whose time has come.

    A source is never polled twice at once: times that come while it is being polled, or that were slept
    through, are made up for by one poll.

    Args:
        poll: what is called.

    """

    def __init__(self, poll: Callable[[str], Awaitable[None]]) -> None:
        from apscheduler.schedulers.asyncio import AsyncIOScheduler  # costs start-up time

        logging.getLogger(_LIBRARY_LOG).setLevel(logging.CRITICAL)
        self._poll = poll
        self._texts: dict[str, object] = {}
        defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        self._scheduler: Any = AsyncIOScheduler(timezone=UTC, job_defaults=defaults)

    def start(self) -> None:
        """Begin to call; needs a running event loop."""
        self._scheduler.start()

    def stop(self) -> None:
        """Call no more. What was called goes on to its end."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def follow(self, sources: Mapping[str, SourceConfig]) -> None:
        """Keep the schedules of these sources from now on, and no others.

        A source whose schedule is as it was keeps its next time. One with an interval begins at once.
        """
        wanted = {name: _terms(source) for name, source in sources.items() if source.options.schedule}
        for name in set(self._texts) - set(wanted):
            self._scheduler.remove_job(name)
            del self._texts[name]
        for name, terms in wanted.items():
            if self._texts.get(name) != terms:
                self._add(name, sources[name])
                self._texts[name] = terms

    def next_times(self) -> dict[str, datetime]:
        """Return when each source is polled next."""
        return {job.id: job.next_run_time for job in self._scheduler.get_jobs() if job.next_run_time}

    def _add(self, name: str, source: SourceConfig) -> None:
        options = source.options
        schedule = options.schedule
        if schedule is None:
            return
        at_once = {"next_run_time": datetime.now(UTC)} if schedule.every is not None else {}
        trigger = schedule.trigger(options.timezone, options.jitter)
        self._scheduler.add_job(
            self._poll, trigger, args=[name], id=name, name=name, replace_existing=True, **at_once
        )


def _terms(source: SourceConfig) -> object:
    """Return what decides a source's times."""
    options = source.options
    return options.schedule, str(options.timezone), options.jitter
