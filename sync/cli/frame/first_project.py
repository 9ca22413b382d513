"""What `init --from` writes: a project around one source, as far as that can be guessed."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from sources.base import SourceContext
from sources.errors import BadConfig
from sources.registry import load
from sync.cli.frame.failures import Refused
from sync.cli.frame.starter import files_around
from sync.runtime.database_tables import likely, tables_of
from sync.runtime.suggesting import NobodyToReach, suggest_for
from sync.suggesting.connecting import Section, doubt_of, section
from sync.suggesting.naming import IDENTITY, UPDATED, score
from sync.suggesting.origin import NotReadable, Origin, origin_of, sheet_of
from sync.suggesting.words import words_of

if TYPE_CHECKING:
    from sources.base import Source
    from sync.runtime.database_tables import Table
    from sync.runtime.suggesting import Suggestion

#: How good a column's name has to be to follow it for changes.
_SURELY = 0.9
_MOST_NAMES = 30


@dataclass(frozen=True, slots=True)
class FirstProject:
    """The files by their names, and what was found."""

    files: dict[str, str]
    suggestion: Suggestion
    section: Section


def first_project(given: str, directory: Path, most: int) -> FirstProject:
    """Look at what `--from` names, and write a project around it.

    Args:
        given: a path or a URL.
        directory: where the project will stand; paths in connector.yaml are relative to it.
        most: so many records are looked at.

    Raises:
        Refused: when it can't be read, or nothing can be made of it.
        SourceError: when it can't be reached.

    """
    try:
        origin = origin_of(given, Path())
    except NotReadable as error:
        raise Refused(str(error)) from None
    try:
        known, found = _database(origin, most) if origin.type == "sql" else _sheet(origin, most)
    except NobodyToReach as error:
        raise Refused(nobody(error)) from None
    known = _placed(known, origin, directory)
    files = files_around(section(known), {f"mappings/{known.name}.yaml": found.text})
    return FirstProject(files, found, known)


def nobody(error: NobodyToReach) -> str:
    """Say that nobody could be reached, and what was looked at."""
    names = ", ".join(error.columns[:_MOST_NAMES]) or "none at all"
    return (
        f"no column looks like phone numbers or e-mail addresses, of which a lead needs one; {error.records} "
        f"records were looked at, with the columns {names}"
    )


def _sheet(origin: Origin, most: int) -> tuple[Section, Suggestion]:
    try:
        adapter = _made("spreadsheet", {"path": origin.address, "sheet": sheet_of(origin.part), "key": "row"})
    except ValidationError as error:
        why = error.errors(include_input=False, include_url=False)[0]["msg"].removeprefix("Value error, ")
        raise Refused(f"--from is no spreadsheet that could be read: {why}") from None
    found = asyncio.run(suggest_for(adapter, origin.name, most))
    choice = found.choice
    known = Section(
        name=origin.name,
        type="spreadsheet",
        address=origin.address,
        part=origin.part,
        key=choice.key,
        key_doubt=doubt_of(choice, choice.key),
        cursor=choice.updated.path if choice.updated else None,
        cursor_works=False,
        choice=choice,
    )
    return known, found


def _database(origin: Origin, most: int) -> tuple[Section, Suggestion]:
    table = _table(origin)
    settings: dict[str, Any] = {"url": origin.address, "table": table.name}
    key = table.key or _first_key(table)
    adapter = _made("sql", {**settings, "key": list(key)})
    found = asyncio.run(suggest_for(adapter, origin.name, most, table.key or None))
    choice = found.choice
    key = table.key or choice.key or key
    cursor = choice.updated or choice.created
    path = cursor.path if cursor else None
    good = cursor is choice.updated and cursor is not None and score(cursor.words, UPDATED) >= _SURELY
    works = bool(good and path and _works({**settings, "key": list(key), "cursor": path}))
    known = Section(
        name=origin.name,
        type="sql",
        address=origin.address,
        part=table.name,
        key=key,
        key_doubt="" if table.key else doubt_of(choice, key),
        cursor=path,
        cursor_works=works,
        choice=choice,
    )
    return known, found


def _table(origin: Origin) -> Table:
    try:
        tables = tables_of(origin.address, Path().absolute())
    except ValidationError:
        raise Refused("--from is neither a file nor the address of a database") from None
    names = ", ".join(table.name for table in tables) or "none that this user can see"
    if origin.part is not None:
        named = [table for table in tables if table.name == origin.part]
        if not named:
            raise Refused(f'there is no table or view "{origin.part}"; there are: {names}')
        return named[0]
    chosen = likely(tables)
    if chosen is None:
        raise Refused(f"say which table holds the leads, with #TABLE behind the address; there are: {names}")
    return chosen


def _first_key(table: Table) -> tuple[str, ...]:
    """Return a column to read a table by that says no key: the one that is called most like one."""
    return (max(table.columns, key=lambda name: score(words_of(name), IDENTITY)),)


def _made(kind: str, settings: dict[str, Any]) -> Source:
    adapter = load(kind)
    context = SourceContext("init", Path().absolute(), ZoneInfo("UTC"))
    return adapter(adapter.Settings(**settings), context)


def _works(settings: dict[str, Any]) -> bool:
    """Tell whether the source takes this cursor."""
    try:
        return bool(asyncio.run(_checked(_made("sql", settings))))
    except BadConfig:
        return False


async def _checked(adapter: Any) -> str:
    try:
        return str(await adapter.check())
    finally:
        await adapter.close()


def _placed(known: Section, origin: Origin, directory: Path) -> Section:
    """Return the section with the address as it is from the project's directory."""
    from dataclasses import replace

    if origin.secret:
        return replace(known, variable="DATABASE_URL" if known.type == "sql" else "LEADS_URL")
    if origin.type == "spreadsheet" and "://" not in origin.address:
        return replace(known, address=_relative(origin.address, directory))
    if origin.type == "sql":
        head, _, path = origin.address.partition(":///")
        return replace(known, address=f"{head}:///{_relative(path, directory)}")
    return known


def _relative(path: str, directory: Path) -> str:
    file = Path(path).expanduser()
    return str(file) if file.is_absolute() else os.path.relpath(file, directory)
