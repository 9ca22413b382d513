"""The tables of `lookup`: read from their files when a mapping is, and kept with it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import orjson

from sync.digest import SIZE
from sync.located_yaml import ConfigError
from sync.mapping.beside import file_beside, unusable
from sync.mapping.lookup_files import Faulty, read_table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path as FilePath

    from sync.located_yaml import ConfigProblem
    from sync.mapping.lookup_spec import LookupSpec
    from sync.mapping.places import Places
    from sync.mapping.spec_types import Scalar


@dataclass(frozen=True, slots=True)
class Table:
    """A lookup table."""

    entries: Mapping[str, Scalar]

    def digest(self) -> str:
        """Return what it is known by, so that a mapping changes when its table does."""
        whole = orjson.dumps(self.entries, option=orjson.OPT_SORT_KEYS)
        return hashlib.blake2b(whole, digest_size=SIZE).hexdigest()


class Tables(Protocol):
    """Where lookup tables come from."""

    def of(
        self, spec: LookupSpec, path: tuple[str | int, ...], places: Places
    ) -> tuple[Table | None, list[ConfigProblem]]:
        """Return the table of a lookup, or what is wrong with it."""
        ...


class FileTables:
    """Tables in files, each of which is read once.

    Args:
        directory: where their names are looked for, unless a fragment names them.

    """

    def __init__(self, directory: FilePath) -> None:
        self._directory = directory
        self._read: dict[tuple[FilePath, str | None, str | None], Table] = {}

    def of(
        self, spec: LookupSpec, path: tuple[str | int, ...], places: Places
    ) -> tuple[Table | None, list[ConfigProblem]]:
        """Read the table of a lookup, or say what is wrong with it."""
        file = file_beside(places.directory(path, self._directory), spec.file)
        known = (file, spec.key, spec.value)
        if known in self._read:
            return self._read[known], []
        if complaint := unusable(file, spec.file, "a CSV or YAML file"):
            return None, [places.problem((*path, "file"), complaint)]
        try:
            self._read[known] = Table(read_table(file, spec.key, spec.value))
        except Faulty as error:
            return None, [places.problem((*path, error.part), str(error))]
        except ConfigError as error:
            return None, error.problems
        return self._read[known], []


class KeptTables:
    """Tables that were kept with a mapping, by their digests.

    Args:
        kept: as `Mapping.text` holds them.

    """

    def __init__(self, kept: Mapping[str, Mapping[str, Scalar]]) -> None:
        self._kept = kept

    def of(
        self, spec: LookupSpec, path: tuple[str | int, ...], places: Places
    ) -> tuple[Table | None, list[ConfigProblem]]:
        """Return the table of a lookup, whose file is named by its digest in a mapping that was kept."""
        if spec.file not in self._kept:
            return None, [places.problem((*path, "file"), f"there is no table {spec.file}")]
        return Table(self._kept[spec.file]), []
