"""What happened, as data. Progress bars, logs and metrics are observers of these."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(slots=True)
class Counts:
    """What one run did, in records."""

    polled: int = 0
    skipped: int = 0
    invalid: int = 0
    unchanged: int = 0
    new: int = 0
    changed: int = 0
    staged: int = 0
    held: int = 0
    adopted: int = 0
    #: Records older than what was known, as a stale replica gives; counted among the unchanged too.
    stale: int = 0

    def hold(self) -> None:
        """Count all that is staged as held."""
        self.held, self.staged = self.held + self.staged, 0


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A source begins to be polled."""

    source: str
    kind: str


@dataclass(frozen=True, slots=True)
class PageStaged:
    """A page was read, compared and staged."""

    source: str
    counts: Counts
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RunFinished:
    """A source was polled to its end, or as far as it went."""

    source: str
    kind: str
    counts: Counts
    #: None, or what stopped it.
    error: str | None = None
    held_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """Receipts of a group of requests were committed; the numbers are of this group."""

    endpoint: str
    accepted: int
    rejected: int
    unknown: int
    #: What came back to pending: 429, 503, halt, a connection never made.
    returned: int


@dataclass(frozen=True, slots=True)
class LeadSetAside:
    """One lead was rejected, held or discarded when it was to be sent, or its outcome is unknown."""

    endpoint: str
    source: str
    key: str
    outcome: str
    detail: str


@dataclass(frozen=True, slots=True)
class EndpointDown:
    """The endpoint is not sent to for a while."""

    endpoint: str
    reason: str
    #: Seconds until it is tried again, None when somebody has to mend something first.
    retry_in: float | None = None
    #: True when the endpoint refused us, so that waiting alone will not help.
    halted: bool = False


@dataclass(frozen=True, slots=True)
class EndpointUp:
    """The endpoint takes leads again."""

    endpoint: str


@dataclass(frozen=True, slots=True)
class Recovered:
    """Versions that a process claimed and never settled were found and settled as unknown."""

    endpoint: str
    versions: int


@dataclass(frozen=True, slots=True)
class Said:
    """Something the operator should hear."""

    text: str
    source: str | None = None
    warning: bool = False


Event: TypeAlias = (
    RunStarted
    | PageStaged
    | RunFinished
    | Settled
    | LeadSetAside
    | EndpointDown
    | EndpointUp
    | Recovered
    | Said
)


@dataclass(slots=True)
class Events:
    """Hands every event to every observer, in order."""

    observers: list[Callable[[Event], None]] = field(default_factory=list)

    def __call__(self, event: Event) -> None:
        """Tell all observers."""
        for observer in self.observers:
            observer(event)
