"""Requests held against the vendor's own OpenAPI file, where VENDOR_OPENAPI names a folder that has it."""

from __future__ import annotations

import json
import os
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from tests import json_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.rest_server import Asked

#: What a schema of OpenAPI 3.0 has and says nothing of the data.
_ABOUT = {"example", "xml", "externalDocs", "readOnly", "nullable"}
#: What holds a schema itself.
_INNER = {"items", "additionalProperties", "not"}


def needed(name: str) -> Specification:
    """Return a specification; skip the test where there is none."""
    found = Specification.load(name)
    if found is None:
        pytest.skip(f"VENDOR_OPENAPI names no folder with {name}")
    return found


class Specification:
    """The paths of one OpenAPI 3.0 file."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        self._schemas = {name: _plain(each) for name, each in document["components"]["schemas"].items()}
        base = _base(document)
        self._paths = [(_pattern(base + path), path, said) for path, said in document["paths"].items()]
        self._paths.sort(key=lambda each: each[1].count("{"))  # a fixed path before one with a parameter

    @staticmethod
    @cache
    def load(name: str) -> Specification | None:
        """Return the specification in a file; None where there is no such file."""
        folder = os.environ.get("VENDOR_OPENAPI")
        path = Path(folder) / name if folder else None
        if path is None or not path.is_file():
            return None
        return Specification(json.loads(path.read_text("utf-8")))

    def knows(self, asked: Asked) -> bool:
        """Tell whether the request's path and method are in the specification."""
        return self._operation(asked) is not None

    def complaints(self, asked: Asked) -> list[str]:
        """Return what is wrong with a request; nothing for a path that is not in the specification."""
        found = self._operation(asked)
        if found is None:
            return []
        path, operation = found
        wrong = [*self._of_query(asked, operation), *self._of_body(asked, operation)]
        return [f"{asked.method} {path}: {each}" for each in wrong]

    def _operation(self, asked: Asked) -> tuple[str, dict[str, Any]] | None:
        for pattern, path, said in self._paths:
            if pattern.fullmatch(asked.path) and asked.method.lower() in said:
                return path, said[asked.method.lower()]
        return None

    def _of_query(self, asked: Asked, operation: dict[str, Any]) -> Iterator[str]:
        parameters = [self._resolved(each) for each in operation.get("parameters", [])]
        known = {each["name"]: each for each in parameters if each["in"] == "query"}
        for name in sorted(asked.query.keys() - known.keys()):
            yield f"?{name} is unknown"
        for name, each in known.items():
            if name not in asked.query:
                if each.get("required"):
                    yield f"?{name} is missing"
            elif self._refuses(each["schema"], _value(asked.query[name], self._resolved(each["schema"]))):
                yield f"?{name} is not as it should be"

    def _of_body(self, asked: Asked, operation: dict[str, Any]) -> list[str]:
        said = self._resolved(operation.get("requestBody") or {}).get("content", {}).get("application/json")
        if said is None:
            return ["it has a body"] if asked.body else []
        if not asked.body:
            return ["it has no body"]
        return self._refuses(said["schema"], asked.json)

    def _refuses(self, schema: dict[str, Any], data: Any) -> list[str]:
        return json_schema.errors({**_plain(schema), "$defs": self._schemas}, data)

    def _resolved(self, said: dict[str, Any]) -> dict[str, Any]:
        target: Any = said
        if "$ref" in said:
            target = self._document
            for part in said["$ref"].removeprefix("#/").split("/"):
                target = target[part]
        return dict(target)


def _plain(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema of OpenAPI 3.0 as one of JSON Schema."""
    plain: dict[str, Any] = {}
    for keyword, said in schema.items():
        if keyword == "$ref":
            plain[keyword] = said.replace("#/components/schemas/", "#/$defs/")
        elif keyword == "properties":
            plain[keyword] = {name: _plain(each) for name, each in said.items()}
        elif isinstance(said, dict) and keyword in _INNER:
            plain[keyword] = _plain(said)
        elif isinstance(said, list) and keyword in ("allOf", "anyOf", "oneOf"):
            plain[keyword] = [_plain(each) for each in said]
        elif keyword not in _ABOUT and not keyword.startswith("x-"):
            plain[keyword] = said
    if schema.get("nullable") is True:
        return {"anyOf": [plain, {"type": "null"}]}
    return plain


def _base(document: dict[str, Any]) -> str:
    """Return what the first server's address says of every path."""
    servers = document.get("servers") or [{}]
    return urlsplit(servers[0].get("url", "")).path.rstrip("/")


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{.*?\\\}", "[^/]+", re.escape(path)))


def _value(text: str, schema: dict[str, Any]) -> Any:
    """Read a query parameter as its schema says; what can't be read so stays text."""
    kind = schema.get("type")
    if kind == "array":
        return [_value(part, schema.get("items", {})) for part in text.split(",")]
    if kind == "boolean" and text in ("true", "false"):
        return text == "true"
    return int(text) if kind == "integer" and text.isdecimal() else text
