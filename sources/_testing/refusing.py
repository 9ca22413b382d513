"""What a source says when its system refuses or fails: errors of ours, that give nothing away."""

# ruff: noqa: S101 - a conformance suite asserts
from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sources._testing.reading import PAGE_SIZE, opened
from sources._testing.rig import gives_away, leads
from sources.base import PollRequest
from sources.errors import SourceError

if TYPE_CHECKING:
    from sources._testing.rig import Rig


async def refused(rig: Rig) -> list[SourceError]:
    """Return the errors of a poll and of a check; neither gives anything away."""
    async with opened(rig) as source:
        pages: Any = source.poll(PollRequest(page_size=PAGE_SIZE))
        with pytest.raises(SourceError) as polled:
            await anext(pages)
        with pytest.raises(SourceError) as checked:
            await source.check()
    said = f"{polled.value!r} {polled.value} {checked.value!r} {checked.value}"
    assert not gives_away(said, rig.secrets)
    assert not any(lead.name in said for lead in leads(2))
    return [polled.value, checked.value]
