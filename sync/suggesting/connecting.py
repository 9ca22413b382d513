"""A source's section of connector.yaml, as far as it can be guessed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.suggesting.origin import sheet_of
from sync.suggesting.yaml_text import comment, scalar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sync.suggesting.choice import Choice

_AT = 42


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What is known about a source."""

    name: str
    type: str
    #: Where it is, as it shall stand in the file; a reference to a variable stands as it is.
    address: str
    #: The table or sheet; None: the only one there is.
    part: str | None
    key: tuple[str, ...]
    #: What is to be said about the key.
    key_doubt: str
    #: The column that grows with every change; None: there is none.
    cursor: str | None
    #: Whether that was tried, and works.
    cursor_works: bool
    choice: Choice
    #: The variable that holds the address; empty: it stands in the file.
    variable: str = ""


def section(known: Section) -> str:
    """Return the source's section, ready to stand below ``sources:``."""
    lines = [f"  {known.name}:", f"    type: {known.type}", *_place(known), *_key(known), *_cursor(known)]
    return "\n".join([*lines, *_options(known)]) + "\n"


def _place(known: Section) -> Iterator[str]:
    name, part = ("url", "table") if known.type == "sql" else ("path", "sheet")
    if known.variable:
        yield _line(f"    {name}: ${{{known.variable}}}", "stands in .env, or in the environment")
    else:
        yield f"    {name}: {setting(known.address)}"
    if known.part is not None:
        named = sheet_of(known.part) if known.type == "spreadsheet" else known.part
        yield f"    {part}: {setting(named) if isinstance(named, str) else named}"


def _key(known: Section) -> Iterator[str]:
    names = [setting(each) for each in known.key]
    if not names:
        yield _line("    key: row", known.key_doubt)
    elif len(names) == 1 and known.key != ("row",):
        yield _line(f"    key: {names[0]}", known.key_doubt)
    else:
        yield _line(f"    key: [{', '.join(_in_list(each) for each in names)}]", known.key_doubt)


def _cursor(known: Section) -> Iterator[str]:
    if known.cursor is None:
        if known.type == "sql":
            yield _line("    # cursor: updated_at", "no such column was found: each poll reads all rows")
        return
    name = "cursor" if known.type == "sql" else "changed"
    written = setting(known.cursor)
    if known.cursor_works:
        yield _line(f"    {name}: {written}", "guessed: does it grow with every change of a row?")
    elif known.type == "sql":
        yield _line(f"    # {name}: {comment(written)}", "only if it grows with every change of a row")
    else:
        yield _line(f"    # {name}: {comment(written)}", "if it is the time of a row's last change")


def _options(known: Section) -> Iterator[str]:
    yield f"    mapping: mappings/{known.name}.yaml"
    yield "    # Yours to decide, and required: what is to become of the leads that are there already?"
    yield "    # now: none of them is sent, only what changes from now on; everything: all of them are sent;"
    yield "    # a date as 2026-01-31: what changed since then."
    yield "    first_sync:"
    yield "    schedule: every 5m"
    said = "the times in it carry no zone: without this they are taken for UTC"
    yield _line("    # timezone: America/New_York", said if known.choice.naive_times else "of the schedule")
    yield _line("    max_sends: 500/h", "more than this are held until you approve them")


def setting(text: str) -> str:
    """Return a text as connector.yaml writes it, where a dollar and a brace would name a variable."""
    return scalar(text.replace("${", "$${"))


def _in_list(written: str) -> str:
    return written if not set(written) & set("[]{},") or written[0] in "\"'" else f'"{written}"'


def _line(text: str, said: str) -> str:
    return f"{text:<{_AT - 2}}  # {comment(said)}" if said else text


def doubt_of(choice: Choice, key: Sequence[str]) -> str:
    """Say how sure the key is."""
    if not key:
        return "unsure: nothing names a row; right only if rows are added at the end and none is ever moved"
    many = f"a value of its own in each of {choice.records} rows"
    return many if choice.key_is_sure else f"unsure: {many}, but is it that for good?"
