"""How patient delivery is, and what an unknown outcome means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from sources.units import Rate
    from sync.endpoints.settings import EndpointSettings


@dataclass(frozen=True, slots=True)
class Policy:
    """What delivery is told about one endpoint. Times are in seconds."""

    rate: Rate | None = None
    #: The most requests that may wait for their answer at once; the window finds how many do.
    max_in_flight: int = 16
    unknown_outcome: Literal["repeat", "hold"] = "repeat"
    #: How often a lead is sent again after an unknown outcome.
    max_repeats: int = 3
    #: How often a lead that the endpoint puts off while others pass is tried.
    max_tries: int = 8
    #: Before the second try of a lead, doubled for each further one.
    first_delay: float = 1.0
    longest_delay: float = 300.0
    #: Failures in a row after which the endpoint itself is left alone.
    failures_in_a_row: int = 5
    #: Before it is tried whether a failing endpoint is back, doubled each time in vain.
    first_pause: float = 0.5
    #: The same for an endpoint that refuses us.
    first_pause_halted: float = 60.0
    longest_pause: float = 300.0

    @classmethod
    def of(cls, settings: EndpointSettings) -> Policy:
        """Return the policy that an endpoint's settings ask for."""
        return cls(
            rate=settings.rate_limit,
            max_in_flight=settings.max_in_flight,
            unknown_outcome=settings.unknown_outcome,
            max_repeats=settings.max_repeats,
        )
