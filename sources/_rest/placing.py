"""Writing one value on a request: into its query, its JSON body or a header."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from sources._rest.changed import shape
from sources._rest.paths import MISSING, find, put
from sources.errors import BadConfig

if TYPE_CHECKING:
    from sources.http import Call

Place: TypeAlias = Literal["query", "json", "header"]


def write(call: Call, place: Place, name: str, value: Any) -> Call:
    """Return the request with a value on it. In JSON the name is a dotted path.

    Raises:
        BadConfig: when the value or the path does not fit there.

    """
    if place == "json":
        try:
            return replace(call, body=put(call.body, name, value))
        except ValueError as error:
            raise BadConfig(f"`{name}` cannot be set in the JSON body: {error}", "json") from None
    if isinstance(value, (dict, list)):
        raise BadConfig(f"the value for `{name}`: {shape(value)}; only `in: json` can send that", "paging")
    if place == "header":
        return replace(call, headers={**call.headers, name: str(value)})
    return replace(call, params={**call.params, name: value})


def read(call: Call, place: Place, name: str) -> Any:
    """Return a value that `write` has written, None when there is none."""
    if place == "json":
        found = find(call.body, name)
        return None if found is MISSING else found
    return (call.headers if place == "header" else call.params).get(name)
