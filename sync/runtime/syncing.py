"""`sync`: every source polled once, everything that is due delivered, both at the same time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sync.delivery import Goal
from sync.events import PageStaged, RunFinished
from sync.runtime.delivering import deliver
from sync.runtime.polling import Polled, poll
from sync.runtime.preparing import prepare
from sync.runtime.together import Together
from sync.store.standing import open_counts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.config import EndpointConfig, SourceConfig
    from sync.delivery import Courier, Delivered
    from sync.events import Event
    from sync.runtime.connector import Connector
    from sync.runtime.stopping import Stop
    from sync.states import State


@dataclass(slots=True)
class SyncReport:
    """What one `sync` did."""

    polled: list[Polled] = field(default_factory=list)
    #: By the endpoint's name.
    delivered: dict[str, Delivered] = field(default_factory=dict)
    #: What of these sources is not settled for good, by state.
    left: dict[State, int] = field(default_factory=dict)


class Feeding:
    """Knows which endpoints are still being fed by polls, and wakes their couriers."""

    def __init__(self, sources: Sequence[SourceConfig]) -> None:
        self._endpoint_of = {source.name: source.endpoint for source in sources}
        self._feeding = Counter(self._endpoint_of.values())
        self._couriers: dict[str, Courier] = {}

    def goes_on(self, endpoint: str) -> bool:
        """Tell whether a source may still stage leads for an endpoint."""
        return self._feeding[endpoint] > 0

    def ends(self, source: str) -> None:
        """Note that a source stages no more."""
        self._feeding[self._endpoint_of[source]] -= 1
        self._wake(source)

    def knows(self, endpoint: str, courier: Courier) -> None:
        """Note who delivers to an endpoint."""
        self._couriers[endpoint] = courier

    def __call__(self, event: Event) -> None:
        """Wake the courier when something may have been staged for it."""
        if isinstance(event, PageStaged | RunFinished):
            self._wake(event.source)

    def _wake(self, source: str) -> None:
        courier = self._couriers.get(self._endpoint_of.get(source, ""))
        if courier is not None:
            courier.wake()


async def sync(connector: Connector, names: Sequence[str], stop: Stop) -> SyncReport:
    """Poll these sources once, or all of them, and deliver until nothing is due or it is of no use.

    Raises:
        KeyError: when there is no source of a name.
        ConfigError: when a source or an endpoint is not what it was; nothing was read or sent.
        StoreError: when the store can't be used; what was staged stays staged.

    """
    sources = connector.sources(names)
    await prepare(connector)
    feeding = Feeding(sources)
    report = SyncReport()
    together = Together()
    connector.tell.observers.append(feeding)
    try:
        with stop.telling(together.stop.ask):
            work = [
                *(
                    _deliver(connector, each, together.stop, feeding, report)
                    for each in connector.endpoints_of(sources)
                ),
                *(_poll(connector, each, together.stop, feeding, report) for each in sources),
            ]
            await together.run(work)
    finally:
        connector.tell.observers.remove(feeding)
    selected = [source.name for source in sources]
    report.polled.sort(key=lambda polled: selected.index(polled.source))  # as asked for, not as they ended
    report.left = await connector.store.read(lambda connection: open_counts(connection, selected))
    return report


async def _poll(
    connector: Connector, source: SourceConfig, stop: Stop, feeding: Feeding, report: SyncReport
) -> None:
    try:
        report.polled.append(await poll(connector, source, stop))
    finally:
        feeding.ends(source.name)


async def _deliver(
    connector: Connector, endpoint: EndpointConfig, stop: Stop, feeding: Feeding, report: SyncReport
) -> None:
    goal = Goal(
        endpoint.settings.give_up.total_seconds(), lambda: feeding.goes_on(endpoint.name) and not stop.asked
    )
    report.delivered[endpoint.name] = await deliver(
        connector, endpoint, stop, goal, lambda courier: feeding.knows(endpoint.name, courier)
    )
