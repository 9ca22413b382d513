"""Queries as Jobber answers them: held against its schema, priced, and answered from what an account has."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from graphql import GraphQLError, OperationDefinitionNode, execute_sync, parse, validate

from tests.doubles.jobber_cost import cost_of
from tests.doubles.jobber_schema import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Callable

_NO_FIELD = re.compile(r"Cannot query field '(\w+)' on type '(\w+)'")
_HAS_FIELDS = re.compile(r"Field '(\w+)' of type '[\[\]!]*(\w+)[\[\]!]*' must have a selection of subfields")


@dataclass(frozen=True)
class Query:
    """A query that was read."""

    document: Any
    variables: dict[str, Any]
    #: What is wrong with it, as the library that Jobber uses says it.
    errors: list[dict[str, Any]]
    cost: int


def read(body: dict[str, Any]) -> Query:
    """Read a query, and say what is wrong with it."""
    document, operation, errors = _parsed(body["query"])
    variables = body.get("variables") or {}
    return Query(document, variables, errors, 0 if errors else cost_of(operation, variables))


@lru_cache
def _parsed(text: str) -> tuple[Any, Any, list[dict[str, Any]]]:
    document = parse(text)
    (operation,) = (each for each in document.definitions if isinstance(each, OperationDefinitionNode))
    return document, operation, [_said(error) for error in validate(SCHEMA, document)]


def answered(query: Query, root: dict[str, Any]) -> dict[str, Any]:
    """Return what a query is answered, by functions for the fields of `Query`."""
    done = execute_sync(SCHEMA, query.document, root, variable_values=query.variables)
    said: dict[str, Any] = {"data": done.data}
    if done.errors:
        said["errors"] = [
            {"message": each.message, "path": each.path, "extensions": each.extensions or {}}
            for each in done.errors
        ]
    return said


def values_in(answer: Any) -> int:
    """Return what an answer cost: a point for each value in it."""
    inner = answer.values() if isinstance(answer, dict) else answer if isinstance(answer, list) else None
    return 1 if inner is None else sum(map(values_in, inner))


def hidden(name: str) -> GraphQLError:
    """Return the error by which something is kept from an app without the scope."""
    return GraphQLError(f"An object of type {name} was hidden due to permissions")


def connection(
    items: list[dict[str, Any]], first: int, after: str | None, *, is_whole: Callable[[], bool]
) -> dict[str, Any]:
    """Return a page of a list; its cursors are places in it, as those of the library are."""
    start = int(base64.b64decode(after)) if after else 0
    some = items[start : start + first]
    end = start + len(some)
    more = end < len(items) or not is_whole()
    cursor = base64.b64encode(str(end).encode()).decode() if some else None
    info = {"hasNextPage": more, "endCursor": cursor, "hasPreviousPage": start > 0, "startCursor": None}
    return {"nodes": some, "pageInfo": info, "totalCount": len(items)}


def is_in(at: datetime, ends: dict[str, str]) -> bool:
    """Tell whether a time lies in a range, both of whose ends belong to it."""
    after, before = ends.get("after"), ends.get("before")
    return (after is None or at >= datetime.fromisoformat(after)) and (
        before is None or at <= datetime.fromisoformat(before)
    )


def _said(error: GraphQLError) -> dict[str, Any]:
    if found := _NO_FIELD.search(error.message):
        told = {"code": "undefinedField", "typeName": found[2], "fieldName": found[1]}
        return {"message": f"Field '{found[1]}' doesn't exist on type '{found[2]}'", "extensions": told}
    if found := _HAS_FIELDS.search(error.message):
        told = {"code": "selectionMismatch", "nodeName": f"field '{found[1]}'", "typeName": found[2]}
        text = f"Field must have selections (field '{found[1]}' returns {found[2]} but has no selections)"
        return {"message": text, "extensions": told}
    raise AssertionError(error.message)  # nothing that a mapping could bring about
