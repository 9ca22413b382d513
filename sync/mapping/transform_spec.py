"""`as` as it is written: names of transforms, with or without options, one or several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

_EXPECTED = "expected the name of a transform, as in digits, or one with options, as in { text: { max: 40 } }"


def as_uses(value: Any) -> Any:
    """Return the one form of what can be written in several: a list of names with options."""
    if value is None:
        raise ValueError(f"is empty; {_EXPECTED}")
    several = value if isinstance(value, (list, tuple)) else [value]
    return tuple(map(_use, several))


def _use(value: Any) -> dict[str, Any]:
    if isinstance(value, str) and value.strip():
        return {value.strip(): {}}
    if not isinstance(value, dict) or not value:
        raise ValueError(_EXPECTED)
    if len(value) > 1:
        names = " and ".join(map(str, value))
        raise ValueError(f"{names} stand side by side; write a list, as in as: [digits, text]")
    ((name, options),) = value.items()
    if options is not None and not isinstance(options, dict):
        raise ValueError(f"the options of {name} go in a section of keys, as in {{ text: {{ max: 40 }} }}")
    return {str(name): options or {}}


class AsSchema:
    """Says in the JSON Schema which transforms are installed, and which options each of them has."""

    def __get_pydantic_json_schema__(
        self, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Return the schema of one use or a list of them."""
        from sync.mapping.transforming import every

        transforms = every()
        names = {"enum": [each.name for each in transforms]}
        properties = {each.name: each.schema() for each in transforms}
        section = {
            "type": "object",
            "properties": properties,
            "additionalProperties": False,
            "minProperties": 1,
            "maxProperties": 1,
        }
        use = {"anyOf": [names, section]}
        return {"anyOf": [*use["anyOf"], {"type": "array", "items": use, "minItems": 1}]}
