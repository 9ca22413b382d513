"""The Mapping: what the rest of the program knows of a mapping file."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sync.digest import CURRENT, SIZE, digest
from sync.lead import FIELDS
from sync.mapping.building import build
from sync.mapping.columns import Columns, names_read
from sync.mapping.digests import record_digester
from sync.mapping.doubts import doubtful_names
from sync.mapping.examples import run_example
from sync.mapping.keeping import LANGUAGE, kept_text

if TYPE_CHECKING:
    from collections.abc import Mapping as Dict
    from collections.abc import Sequence

    from sources.base import Record
    from sync.lead import Lead
    from sync.located_yaml import ConfigProblem, Mark
    from sync.mapping.desk import Workshop
    from sync.mapping.outputs import Output
    from sync.mapping.reading import Path
    from sync.mapping.spec import MappingSpec

__all__ = ["LANGUAGE", "Mapping"]


class Mapping:
    """A compiled mapping: a function from a record to a lead.

    Args:
        spec: what the file says.
        shop: where things stand in the file, the zone of times that carry no offset, and its tables.

    Raises:
        ConfigError: when an expression, a template, a transform, a table or a constant can't be used.

    """

    def __init__(self, spec: MappingSpec, shop: Workshop) -> None:
        self._spec = spec
        self._places = shop.places
        self._program = build(spec, shop)
        self._ignored = frozenset(spec.ignore_changes)
        self._ignores_custom = bool(self._ignored - frozenset(FIELDS))
        #: The file's name, empty for a mapping that was read back from the store.
        self.file: str = shop.places.file
        #: All that decides its results, as `mapping_from_text` reads it. Comments, order and examples don't.
        self.text: str = kept_text(spec, shop)
        #: Digest of `text`, in hexadecimal.
        self.hash: str = hashlib.blake2b(self.text.encode(), digest_size=SIZE).hexdigest()
        #: Makes a lead of a record, or says why not. Never raises for what a record holds.
        self.apply = self._program.run
        self._read()

    def _read(self) -> None:
        """Work out what it reads, and what of that feeds anything whose change is to be sent."""
        program = self._program
        outputs = [*program.standard, *program.custom]
        where = program.where.expression.syntax.paths if program.where else frozenset()
        #: Its properties, standard ones first.
        self.outputs: tuple[Output, ...] = tuple(outputs)
        #: What its `where` reads.
        self.where_paths: frozenset[Path] = where
        by_path = {("lead", output.name): output for output in program.standard}
        by_path |= {("custom", output.name): output for output in program.custom}
        self._by_path = by_path
        self._columns = Columns(by_path, self._places)
        #: Names of the standard properties that it fills.
        self.fills: frozenset[str] = frozenset(output.name for output in program.standard)
        #: What it reads: top-level names, and dotted ones for sources that nest. None: all of a record.
        self.reads: frozenset[str] | None = names_read(outputs, where)
        self._digest = record_digester(filter(self._matters, outputs), where)
        #: Top-level names that plain fields read, and where each is first named in the file.
        self.needs_columns: frozenset[str] = self._columns.needed
        self.column_marks: Dict[str, Mark] = self._columns.marks

    def _matters(self, output: Output) -> bool:
        return output.name not in self._ignored

    def record_digest(self, record: Record, version: int = CURRENT) -> bytes:
        """Digest the values that feed the filter and everything but what `ignore_changes` lists.

        Raises:
            KeyError: when this program does not know that version of the encoding.

        """
        return self._digest(record.fields, version)

    def fingerprint(self, lead: Lead, version: int = CURRENT) -> bytes:
        """Digest what a lead says, without what `ignore_changes` lists.

        Raises:
            KeyError: when this program does not know that version of the encoding.

        """
        standard, custom = dict(lead.standard), dict(lead.custom)
        for name in self._ignored:
            standard.pop(name, None)
        if self._ignores_custom:
            custom = {name: text for name, text in custom.items() if not self._ignores(name)}
        return digest([standard, custom], version)

    def _ignores(self, name: str) -> bool:
        """Tell whether a custom property, or the one it is a part of, is among those to ignore."""
        return name in self._ignored or name.partition(".")[0] in self._ignored

    def missing_columns(self, fields: Sequence[str]) -> list[ConfigProblem]:
        """Return a problem, with its place, for every column it names that a source does not have."""
        return self._columns.missing(fields)

    def doubtful_names(self, fields: Sequence[str]) -> list[ConfigProblem]:
        """Return what to say, with its place, of names in conditions and templates that a source lacks."""
        where = self._program.where.expression if self._program.where else None
        return doubtful_names(self._by_path, where, self._places, fields)

    def run_examples(self) -> list[ConfigProblem]:
        """Map every example and return what came out otherwise than the file expects."""
        return [
            problem
            for index, example in enumerate(self._spec.examples)
            for problem in run_example(index, example, self.apply, self._places)
        ]

    def __repr__(self) -> str:
        """Return its file and the beginning of its hash."""
        return f"<Mapping {self.file or 'of the store'} {self.hash[:8]}>"
