"""The JSON Schemas show, for every key, what can be written there; and what they show is right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from sync.mapping.option_examples import option_examples
from sync.mapping.transforming import every
from sync.schemas import connector_schema, mapping_schema
from tests.unit.test_schema_files import keys

if TYPE_CHECKING:
    from collections.abc import Iterator

CONNECTOR = connector_schema()
MAPPING = mapping_schema()
#: A section is shown by the keys that it has; true and false, and words that are listed, by themselves.
_SHOWN = ("examples", "const", "enum")


def shows(about: Any) -> bool:
    """Tell whether an editor can show what may be written for a key."""
    kinds = about.get("type", [])
    if any(about.get(keyword) for keyword in _SHOWN) or kinds == "boolean" or "object" in kinds:
        return True
    if "$ref" in about:
        return not about["$ref"].endswith("/variable")
    inner = [
        *about.get("anyOf", ()),
        *about.get("oneOf", ()),
        *([about["items"]] if "items" in about else []),
    ]
    return any(map(shows, inner))


def examples(schema: Any, path: str = "", *, by_name: bool = False) -> Iterator[tuple[str, Any, Any]]:
    """Yield every example of a schema, with its place and the schema that it is an example of."""
    if isinstance(schema, list):
        for number, part in enumerate(schema):
            yield from examples(part, f"{path}[{number}]")
    elif isinstance(schema, dict):
        for name, part in schema.items():
            if by_name or name not in (*_SHOWN, "default"):
                names_follow = not by_name and name in ("properties", "$defs")
                yield from examples(part, f"{path}.{name}", by_name=names_follow)
        if not by_name:
            yield from ((path, each, schema) for each in schema.get("examples", ()))


@pytest.mark.parametrize("schema", [CONNECTOR, MAPPING], ids=["connector", "mapping"])
def test_every_key_shows_what_can_be_written(schema: dict[str, Any]) -> None:
    without = {path for path, about in keys(schema) if not shows(about)}
    assert without == set()


@pytest.mark.parametrize("schema", [CONNECTOR, MAPPING], ids=["connector", "mapping"])
def test_every_example_fits(schema: dict[str, Any]) -> None:
    shown = list(examples(schema))
    assert len(shown) > 30
    wrong = [
        f"{path}: {example}"
        for path, example, about in shown
        if not Draft202012Validator({**about, "$defs": schema["$defs"]}).is_valid(example)
    ]
    assert wrong == []


def test_a_key_without_an_example_is_noticed() -> None:
    assert not shows({"type": "string", "description": "Any text."})
    assert not shows({"anyOf": [{"type": "integer"}, {"$ref": "#/$defs/variable"}]})
    assert not shows({"type": "array", "items": {"type": "string"}})
    assert shows({"anyOf": [{"type": "string", "examples": ["a"]}, {"type": "null"}]})


def test_options_of_transforms_are_shown_as_their_docstrings_use_them() -> None:
    digits = next(each for each in every() if each.name == "digits")
    assert {name: about["examples"] for name, about in digits.schema()["properties"].items()} == {
        "min": [5],
        "max": [5],
    }


def test_what_is_not_written_out_is_no_example() -> None:
    def cut(value: str, *, at: object = None, from_: object = None) -> str:
        """Cut.

        Examples:
            >>> cut("a", at=[1, "b"]), cut("c", at=len("d")), cut(cut("e", at=2), from_=True)
            >>> other("f", at=3)
            >>> cut("g", at=[1, "b"], **{"from_": 4})
            >>> cut("not Python, at=5

        """
        return value

    assert option_examples(cut) == {"at": [[1, "b"], 2], "from": [True]}
