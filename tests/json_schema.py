"""Check data by a JSON Schema, with the keywords that the project's own schemas use.

An unknown keyword is an error, so that nothing in a schema is ever passed over in silence.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Schema: TypeAlias = dict[str, Any]

_TYPES: dict[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
}
#: What says nothing about the data.
_ABOUT = {"$schema", "$defs", "title", "description", "default", "examples", "format", "discriminator"}
_ABOUT |= {"writeOnly", "deprecated", "then"}


def errors(schema: Schema, data: Any) -> list[str]:
    """Return the path of everything in the data that the schema refuses, as in ``$.sources.crm``."""
    return sorted(_Check(schema).found(schema, data, "$"))


class _Check:
    """One check; `_on_…` is what a keyword asks for."""

    def __init__(self, root: Schema) -> None:
        self._root = root

    def found(self, schema: Schema | bool, data: Any, path: str) -> Iterator[str]:
        """Yield the paths that a schema refuses."""
        if isinstance(schema, bool):
            yield from () if schema else [path]
            return
        for keyword in schema.keys() - _ABOUT:
            name = keyword.replace("$", "")
            yield from getattr(self, f"_on_{name}")(schema[keyword], data, path, schema)

    def _fits(self, schema: Schema | bool, data: Any) -> bool:
        return not any(self.found(schema, data, "$"))

    def _on_ref(self, ref: str, data: Any, path: str, _schema: Schema) -> Iterator[str]:
        target: Any = self._root
        for part in ref.removeprefix("#/").split("/"):
            target = target[part]
        yield from self.found(target, data, path)

    def _on_type(self, kinds: str | list[str], data: Any, path: str, _schema: Schema) -> Iterator[str]:
        wanted = [kinds] if isinstance(kinds, str) else kinds
        yield from () if any(_TYPES[kind](data) for kind in wanted) else [path]

    def _on_const(self, value: Any, data: Any, path: str, _schema: Schema) -> Iterator[str]:
        yield from () if value == data else [path]

    def _on_enum(self, values: list[Any], data: Any, path: str, _schema: Schema) -> Iterator[str]:
        yield from () if data in values else [path]

    def _on_pattern(self, pattern: str, data: Any, path: str, _schema: Schema) -> Iterator[str]:
        yield from [path] if isinstance(data, str) and not re.search(pattern, data) else ()

    def _on_minLength(self, least: int, data: Any, path: str, _schema: Schema) -> Iterator[str]:  # noqa: N802 - the keyword
        yield from [path] if isinstance(data, str) and len(data) < least else ()

    def _on_maxLength(self, most: int, data: Any, path: str, _schema: Schema) -> Iterator[str]:  # noqa: N802
        yield from [path] if isinstance(data, str) and len(data) > most else ()

    def _on_minimum(self, least: float, data: Any, path: str, _schema: Schema) -> Iterator[str]:
        yield from [path] if _TYPES["number"](data) and data < least else ()

    def _on_maximum(self, most: float, data: Any, path: str, _schema: Schema) -> Iterator[str]:
        yield from [path] if _TYPES["number"](data) and data > most else ()

    def _on_minItems(self, least: int, data: Any, path: str, _schema: Schema) -> Iterator[str]:  # noqa: N802
        yield from [path] if isinstance(data, list) and len(data) < least else ()

    def _on_minProperties(self, least: int, data: Any, path: str, _schema: Schema) -> Iterator[str]:  # noqa: N802
        yield from [path] if isinstance(data, dict) and len(data) < least else ()

    def _on_maxProperties(self, most: int, data: Any, path: str, _schema: Schema) -> Iterator[str]:  # noqa: N802
        yield from [path] if isinstance(data, dict) and len(data) > most else ()

    def _on_required(self, names: list[str], data: Any, path: str, _schema: Schema) -> Iterator[str]:
        yield from [path] if isinstance(data, dict) and set(names) - data.keys() else ()

    def _on_items(self, item: Schema, data: Any, path: str, _schema: Schema) -> Iterator[str]:
        for index, value in enumerate(data if isinstance(data, list) else ()):
            yield from self.found(item, value, f"{path}[{index}]")

    def _on_properties(self, known: Schema, data: Any, path: str, _schema: Schema) -> Iterator[str]:
        for name in known.keys() & data.keys() if isinstance(data, dict) else ():
            yield from self.found(known[name], data[name], f"{path}.{name}")

    def _on_additionalProperties(self, other: Any, data: Any, path: str, schema: Schema) -> Iterator[str]:  # noqa: N802
        known = schema.get("properties", {}).keys()
        for name in data.keys() - known if isinstance(data, dict) else ():
            yield from self.found(other, data[name], f"{path}.{name}")

    def _on_propertyNames(self, names: Schema, data: Any, path: str, _schema: Schema) -> Iterator[str]:  # noqa: N802
        for name in data if isinstance(data, dict) else ():
            yield from self.found(names, name, f"{path}.{name}")

    def _on_anyOf(self, choices: list[Schema], data: Any, path: str, _schema: Schema) -> Iterator[str]:  # noqa: N802
        yield from () if any(self._fits(choice, data) for choice in choices) else [path]

    def _on_oneOf(self, choices: list[Schema], data: Any, path: str, _schema: Schema) -> Iterator[str]:  # noqa: N802
        yield from () if sum(self._fits(choice, data) for choice in choices) == 1 else [path]

    def _on_allOf(self, parts: list[Schema], data: Any, path: str, _schema: Schema) -> Iterator[str]:  # noqa: N802
        for part in parts:
            yield from self.found(part, data, path)

    def _on_if(self, case: Schema, data: Any, path: str, schema: Schema) -> Iterator[str]:
        if self._fits(case, data):
            yield from self.found(schema["then"], data, path)
