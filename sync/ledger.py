"""What a run needs of the ledger. The state store keeps it; `plan` has one that writes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Collection, Sequence

    from sources.base import Record
    from sources.position import Position
    from sources.units import Rate
    from sync.compare import Decision, Evaluates, Known
    from sync.events import Counts


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a source has been read."""

    position: Position | None = None
    #: What the first sync still does, while it lasts.
    first_sync: dict[str, Any] | None = None
    #: How many records the last whole read had; None for sources that are read by position.
    places: int | None = None


@dataclass(frozen=True, slots=True)
class Staging:
    """What one transaction of the ledger is to write."""

    decisions: Sequence[Decision]
    #: Where to go on; None leaves the stored position as it is.
    position: Position | None = None
    #: Whether the first sync is done with this page, or what it still does.
    first_sync: dict[str, Any] | None = None
    released: bool = True
    asked: bool = False
    hold: str | None = None
    #: Records of this whole read, on its last page.
    places: int | None = None
    #: On the last page of a whole read: the synthetic keys it met; the others have gone.
    set_aside: Collection[str] | None = None


class Ledger(Protocol):
    """The ledger of one source, as a run needs it. All methods raise StoreError when it fails."""

    async def progress(self) -> Progress | None:
        """Return how far the source has been read; None when it never was."""
        ...

    async def begin(self, kind: str) -> None:
        """Note that a run begins."""
        ...

    async def known(self, keys: Collection[str]) -> dict[str, Known]:
        """Return what is known of these keys."""
        ...

    async def content_is_known(self, digests: Collection[bytes]) -> bool:
        """Tell whether any of these contents stands under some key already."""
        ...

    async def stage(self, staging: Staging) -> None:
        """Write a page's decisions and the position after it, in one transaction."""
        ...

    async def older_mappings(self) -> Callable[[str], Evaluates | None]:
        """Return what finds a mapping that once made leads by its hash."""
        ...

    async def also_read(self) -> frozenset[str] | None:
        """Return the fields that older mappings read by which leads of the source stand; None: all."""
        ...

    def invalid_records(self) -> AsyncIterator[Sequence[Record]]:
        """Yield raw records that an older mapping refused, in batches."""
        ...

    async def finish(
        self,
        counts: Counts,
        error: str | None,
        max_sends: Rate | None,
        *,
        let_go: bool = True,
        hold: str | None = None,
    ) -> str | None:
        """Note the end of the run and release what it staged; returns why it is held instead.

        Where ``let_go`` is false what it staged waits for the end of the next run. ``hold`` is why a guard
        has held it already.
        """
        ...
