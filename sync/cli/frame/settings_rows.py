"""The settings of an adapter as rows, read from the JSON Schema of its model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import BaseModel

_KINDS = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "array": "list",
    "object": "section",
}
#: Sections within sections further down than this are not spelled out.
_DEEPEST = 3


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting."""

    #: Dotted, as in ``auth.token``.
    name: str
    #: In words: ``text``, ``list of text``, ``secret``, ``GET or POST``.
    kind: str
    required: bool
    #: As it would be written; None when there is none.
    default: Any
    description: str
    secret: bool
    #: The ``type`` of its section that it belongs to, where a section comes in several.
    belongs_to: str | None = None


def settings_of(model: type[BaseModel]) -> list[Setting]:
    """Return the settings of a model, what is required first, those of its sections after each section."""
    from sources.units import AsWritten

    schema = model.model_json_schema(by_alias=True, schema_generator=AsWritten)
    return list(_rows(schema, schema.get("$defs", {}), ""))


def _rows(
    schema: dict[str, Any], definitions: dict[str, Any], prefix: str, belongs_to: str | None = None
) -> Iterator[Setting]:
    required = schema.get("required", [])
    for name, told in sorted(schema.get("properties", {}).items(), key=lambda each: each[0] not in required):
        if prefix and name == "type" and "const" in told:
            continue
        kinds = _alternatives(told, definitions)
        secret = any(kind.get("format") == "password" for kind in kinds)
        kind = " or ".join(dict.fromkeys(_kind(each, definitions) for each in kinds))
        about = told.get("description", "")
        default = told.get("default")
        yield Setting(prefix + name, kind, name in required, default, about, secret, belongs_to)
        if prefix.count(".") < _DEEPEST - 1:
            yield from _sections(kinds, definitions, f"{prefix}{name}.")


def _sections(kinds: list[dict[str, Any]], definitions: dict[str, Any], prefix: str) -> Iterator[Setting]:
    for kind in kinds:
        if "properties" in kind:
            variant = kind["properties"].get("type", {}).get("const")
            yield from _rows(kind, definitions, prefix, variant)


def _alternatives(told: dict[str, Any], definitions: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what a value may be, without null, references followed."""
    if "$ref" in told:
        return _alternatives(definitions[told["$ref"].rpartition("/")[2]], definitions)
    choices = told.get("anyOf") or told.get("oneOf")
    if not choices:
        return [] if told.get("type") == "null" else [told]
    return [each for choice in choices for each in _alternatives(choice, definitions)]


def _value(value: Any) -> str:
    """Return a value as it is written in YAML."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _kind(told: dict[str, Any], definitions: dict[str, Any]) -> str:
    if "enum" in told or "const" in told:
        return " or ".join(map(_value, told.get("enum") or [told["const"]]))
    if told.get("format") == "password":
        return "secret"
    variant = told.get("properties", {}).get("type", {}).get("const")
    if variant:
        return f"type: {variant}"
    if told.get("type") == "array":
        inner = " or ".join(
            dict.fromkeys(
                _kind(each, definitions) for each in _alternatives(told.get("items", {}), definitions)
            )
        )
        return f"list of {inner}" if inner else "list"
    return _KINDS.get(str(told.get("type")), "anything")
