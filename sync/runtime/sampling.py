"""A few live records of a source: the first ones, some by key, or those of which something becomes."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from sources.base import FetchesByKey, PollRequest
from sources.keys import canonical_key

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from sources.base import Page, Record, Source
    from sources.errors import BadRecord

#: Records that are read at most while something is looked for.
FURTHEST = 20_000
_PAGE = 500


@dataclass(frozen=True, slots=True)
class Choice:
    """Which records."""

    #: So many of them.
    number: int
    #: Those of these keys; empty: of any.
    keys: tuple[str, ...] = ()
    #: Those of which this becomes: goes, skipped or invalid. None: anything.
    only: str | None = None

    @property
    def seeks(self) -> bool:
        """Whether records are passed over to find others."""
        return bool(self.keys) or self.only is not None


@dataclass(slots=True)
class Sample:
    """The records that were found."""

    records: list[Record] = field(default_factory=list)
    bad: list[BadRecord] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    read: int = 0


async def sample(source: Source, choice: Choice, kind_of: Callable[[Record], str]) -> Sample:
    """Read records until those that are chosen are found, or there are no more, or it has been enough.

    Args:
        source: to read.
        choice: which records.
        kind_of: what becomes of one.

    Raises:
        SourceError: when it can't be read.

    """
    if choice.keys:
        found = await _by_key(source, _canonical(choice.keys))
    else:
        found = await _by_reading(source, choice, kind_of)
    return found


def _canonical(keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(canonical_key(key) or key for key in keys))


async def _by_key(source: Source, keys: tuple[str, ...]) -> Sample:
    found = Sample()
    if isinstance(source, FetchesByKey):
        by_key = {each.key: each for each in await source.fetch(keys)}
        found.read = len(by_key)
    else:
        by_key = await _sought(source, keys, found)
    found.records = [by_key[key] for key in keys if key in by_key]
    missing = [key for key in keys if key not in by_key]
    if missing:
        found.notes.append(_absent(missing, found.read, fetched=isinstance(source, FetchesByKey)))
    return found


async def _sought(source: Source, keys: tuple[str, ...], found: Sample) -> dict[str, Record]:
    """Read on until all keys are found."""
    by_key: dict[str, Record] = {}
    wanted = set(keys)
    async with aclosing(_pages(source, _PAGE)) as pages:
        async for page in pages:
            found.read += len(page.records)
            by_key |= {each.key: each for each in page.records if each.key in wanted}
            if page.last or len(by_key) == len(wanted) or found.read >= FURTHEST:
                break
    return by_key


def _absent(keys: list[str], read: int, *, fetched: bool) -> str:
    said = f"there is no record with the key {' or '.join(keys)}"
    if fetched:
        return said
    enough = f"; reading ends after {FURTHEST:,}" if read >= FURTHEST else ""
    return f"{said} among the {read:,} that were read{enough}"


async def _by_reading(source: Source, choice: Choice, kind_of: Callable[[Record], str]) -> Sample:
    found = Sample()
    async with aclosing(_pages(source, _PAGE if choice.seeks else choice.number)) as pages:
        async for page in pages:
            _take(found, page, choice, kind_of)
            if page.last or _is_full(found, choice) or found.read >= FURTHEST:
                break
    if choice.only is not None:
        found.notes.append(_counted(found, choice))
    return found


def _take(found: Sample, page: Page, choice: Choice, kind_of: Callable[[Record], str]) -> None:
    """Take from a page what is chosen, and count what was looked at."""
    for record in page.records:
        if _is_full(found, choice):
            return
        found.read += 1
        if choice.only is None or kind_of(record) == choice.only:
            found.records.append(record)
    if choice.only in (None, "invalid"):
        found.bad += page.bad[: max(0, choice.number - len(found.records) - len(found.bad))]
    found.notes += page.notes


def _is_full(found: Sample, choice: Choice) -> bool:
    return len(found.records) + len(found.bad) >= choice.number


def _counted(found: Sample, choice: Choice) -> str:
    shown = len(found.records) + len(found.bad)
    said = f"{shown:,} {choice.only} among the {found.read:,} records that were read"
    enough = shown < choice.number and found.read >= FURTHEST
    return f"{said}; reading ends after {FURTHEST:,}" if enough else said


def _pages(source: Source, size: int) -> AsyncGenerator[Page, None]:
    return cast("AsyncGenerator[Page, None]", source.poll(PollRequest(page_size=size)))
