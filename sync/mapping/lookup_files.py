"""Lookup tables as people keep them: CSV with a header, or YAML."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sync.located_yaml import did_you_mean, read_yaml
from sync.mapping.text import Unfit, clean, text_of

if TYPE_CHECKING:
    from pathlib import Path

    from sync.mapping.spec_types import Scalar

#: A table in a mapping stays in memory and in the state store.
ENTRIES = 20_000
SIZE = 2_000_000
_YAML = (".yaml", ".yml", ".json")
_SEPARATORS = (",", ";", "\t", "|")


class Faulty(ValueError):
    """A lookup file can't be used; ``part`` is the key of `lookup` that is at fault."""

    def __init__(self, part: str, message: str) -> None:
        super().__init__(message)
        self.part = part


def read_table(file: Path, key: str | None, value: str | None) -> dict[str, Scalar]:
    """Read a lookup table.

    Args:
        file: CSV, or YAML: a section of texts, a section of sections, or a list of sections.
        key: the column that is looked up.
        value: the column that is said instead.

    Raises:
        Faulty: when it can't be used, with the reason.
        ConfigError: when it is YAML that can't be read.

    """
    pairs = _of_yaml(file, key, value) if file.suffix.lower() in _YAML else _of_csv(file, key, value)
    found: dict[str, Scalar] = {}
    for name, said, where in pairs:
        if name in found and found[name] != said:
            raise Faulty("file", f"{file.name} lists {name!r} twice, the second time in {where}")
        found[name] = said
        if len(found) > ENTRIES:
            raise Faulty("file", f"{file.name} has more than {ENTRIES} entries, which is the limit")
    return found


_Pairs = Iterator[tuple[str, "Scalar", str]]


def _of_csv(file: Path, key: str | None, value: str | None) -> _Pairs:
    if key is None or value is None:
        part = "key" if key is None else "value"
        raise Faulty("file", f"of a CSV file has to be said which column is the {part}: {part}: NAME")
    lines = _lines(file)
    header = [clean(name) for name in next(lines, (1, []))[1]]
    at, said = _column("key", key, header, file), _column("value", value, header, file)
    for line, row in lines:
        name = clean(row[at]) if at < len(row) else ""
        if name:
            yield name, (clean(row[said]) if said < len(row) else "") or None, f"line {line}"


def _lines(file: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a CSV file, each with the line it ends in. A quote that is left open is a mistake."""
    text = _text(file)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        raise Faulty("file", f"{file.name} is no CSV at line {reader.line_num}: {error}") from None


def _text(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            raw = stream.read(SIZE + 1)
    except OSError as error:
        raise Faulty("file", f"{file.name} can't be read: {error.strerror}") from None
    if len(raw) > SIZE:
        raise Faulty("file", f"{file.name} is larger than {SIZE // 1_000_000} MB, which is the limit")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Faulty(
            "file", f"{file.name} is not UTF-8 from byte {error.start + 1}; save it as UTF-8"
        ) from None


def _separator(text: str) -> str:
    """Return what separates the columns: whatever the header has most of."""
    header = text.partition("\n")[0]
    return max(_SEPARATORS, key=header.count)


def _column(part: str, name: str, header: list[str], file: Path) -> int:
    if name not in header and len(header) == 1:  # it may be no table at all, but a file of secrets
        raise Faulty("file", f"{file.name} has no header of columns, separated by commas, in its first line")
    if name not in header:
        there_are = ", ".join(header) or "none at all"
        raise Faulty(
            part, f"{file.name} has no column {name}{did_you_mean(name, header)}; there are {there_are}"
        )
    if header.count(name) > 1:
        raise Faulty(part, f"{file.name} has {header.count(name)} columns called {name}")
    return header.index(name)


def _of_yaml(file: Path, key: str | None, value: str | None) -> _Pairs:
    located = read_yaml(file)
    data = located.data
    if isinstance(data, dict):
        for name, said in data.items():
            where = f"line {located.key_mark((name,)).line}"
            yield clean(name), _said(said, value, file, where), where
    elif isinstance(data, list):
        for index, item in enumerate(data):
            where = f"line {located.mark((index,)).line}"
            yield _name(item, key, file, where), _said(item, value, file, where), where
    else:
        raise Faulty("file", f"{file.name} holds neither a section of keys nor a list")


def _name(item: Any, key: str | None, file: Path, where: str) -> str:
    if key is None:
        raise Faulty(
            "file", f"{file.name} is a list; which part of an item is looked up is said by key: NAME"
        )
    name = text_of(_part("key", item, key, file, where))
    if name is None:
        raise Faulty("key", f"an item of {file.name} has no {key}, in {where}")
    return name


def _said(item: Any, value: str | None, file: Path, where: str) -> Scalar:
    if isinstance(item, dict):
        if value is None:
            said = f"{file.name} holds sections; which part of them is said is chosen by value: NAME"
            raise Faulty("file", said)
        return _part("value", item, value, file, where)
    if isinstance(item, list):
        raise Faulty("file", f"{file.name} has a list where one value is expected, in {where}")
    if value is not None:
        raise Faulty("value", f"{file.name} holds plain values, which have no part {value}, in {where}")
    found: Scalar = item
    return found


def _part(part: str, item: Any, name: str, file: Path, where: str) -> Scalar:
    if not isinstance(item, Mapping):
        raise Faulty("file", f"{file.name} has no section of keys where one is expected, in {where}")
    if name not in item:
        hint = did_you_mean(name, item)
        raise Faulty(part, f"{file.name} has no {name}{hint} in {where}; there are {', '.join(item)}")
    found: Scalar = item[name]
    try:
        text_of(found)
    except Unfit:
        raise Faulty(part, f"{file.name} has no single value for {name}, in {where}") from None
    return found
