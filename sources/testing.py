"""The conformance suite for adapters: subclass it, say how your system is filled, and run pytest.

    from sources.testing import Lead, PositionContract

    class Shop:                                     # a `Rig`: a real server, database or file
        secrets = ("the-token",)
        def put(self, leads): ...                   # write these leads into it
        def source(self): return ShopSource(Settings(...), context)
        def break_down(self): ...                   # make it fail

    class TestShop(PositionContract):
        @pytest.fixture
        def rig(self):
            return Shop()

`PositionContract` is for a source that can be asked for what changed since a time, `SnapshotContract` for
one that can only be read whole. A rig that also has `limit`, `deny` and `loop` (see `Limits`, `Denies` and
`Loops`) has the tests of rate limits, refused credentials and endless pages run, which are skipped without;
its mapping `lacks` then says why there is no such thing, as in `{"loop": "one answer holds everything"}`.
`QuickClock` is for sources that wait. They need pytest and pytest-asyncio.
"""

from __future__ import annotations

import pytest

for _part in ("every_source", "refusals", "interrupted", "by_position", "by_snapshot"):
    pytest.register_assert_rewrite(f"sources._testing.{_part}")

from sources._testing.by_position import ByPosition  # noqa: E402 - after the rewriting is arranged
from sources._testing.by_snapshot import BySnapshot  # noqa: E402 - the same
from sources._testing.every_source import EverySource  # noqa: E402 - the same
from sources._testing.interrupted import Interrupted  # noqa: E402 - the same
from sources._testing.quick_clock import QuickClock  # noqa: E402 - the same
from sources._testing.refusals import Refusals  # noqa: E402 - the same
from sources._testing.rig import Denies, Lead, Limits, Loops, Rig  # noqa: E402 - the same

__all__ = [
    "Denies",
    "Lead",
    "Limits",
    "Loops",
    "PositionContract",
    "QuickClock",
    "Rig",
    "SnapshotContract",
    "SourceContract",
]


@pytest.mark.asyncio
class SourceContract(Refusals, EverySource):
    """What every source has to do, whichever way it works."""


@pytest.mark.asyncio
class PositionContract(Interrupted, ByPosition, SourceContract):
    """A source that can be asked for what changed, with timestamps."""


@pytest.mark.asyncio
class SnapshotContract(BySnapshot, SourceContract):
    """A source that can only be read whole."""
