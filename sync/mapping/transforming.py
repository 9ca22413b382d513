"""Transforms by name, found through the entry-point group ``leadrelay.transforms``.

A transform is a plain function: its first parameter is the value, its keyword-only parameters are the
options that a mapping may give it. The built-ins stand in this project's own pyproject.toml and are found
like everybody else's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from sources._entry_points import registered
from sync.located_yaml import did_you_mean
from sync.mapping.option_examples import option_examples
from sync.mapping.signatures import Signature, read_signature
from sync.mapping.text import Unfit, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from importlib.metadata import EntryPoint

    from pydantic import BaseModel

GROUP = "leadrelay.transforms"
#: Where this project's own are.
_OURS = "sync.mapping.transforms"

Step: TypeAlias = "Callable[[Any], Any]"


class Unusable(ValueError):
    """There is no such transform, or it can't be imported, or it is no function of the agreed form."""


@dataclass(frozen=True, slots=True)
class Transform:
    """A function by its name."""

    name: str
    function: Callable[..., Any]
    signature: Signature
    built_in: bool

    @property
    def options(self) -> type[BaseModel]:
        """The model of its options; made from its keyword-only parameters."""
        return self.signature.options

    @property
    def gives(self) -> frozenset[type]:
        """The types it says that it returns; none when it doesn't say."""
        return self.signature.gives

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of its options; where none is needed, there may be none."""
        found = self.options.model_json_schema(by_alias=True)
        found.pop("title", None)
        for option, values in option_examples(self.function).items():
            if option in found.get("properties", {}):
                found["properties"][option]["examples"] = values
        kinds = "object" if found.get("required") else ["object", "null"]
        return {**found, "type": kinds, "description": self.signature.summary}

    def step(self, options: Mapping[str, Any], zone: str) -> Step:
        """Return the function of a value that it is with these options.

        Args:
            options: as a mapping gives them.
            zone: the name of the source's zone, for an option ``timezone`` that is not given.

        Raises:
            pydantic.ValidationError: when the options can't be used.

        """
        given = self.signature.values(options)
        if self.signature.wants_zone and "timezone" not in options:
            given["timezone"] = zone
        return _step(self.name, self.function, given, takes_text=self.signature.takes_text)


def _step(name: str, function: Callable[..., Any], options: dict[str, Any], *, takes_text: bool) -> Step:
    def apply(value: Any) -> Any:
        given = text_of(value) if takes_text else value
        if given is None:
            return None
        try:
            return function(given, **options)
        except Unfit:
            raise
        except ValueError as error:
            raise Unfit(_discreet(name, error, given)) from None
        except RecursionError:
            raise
        except Exception as error:
            raise Unfit(f"{name} fails: {type(error).__name__}") from error

    return apply


def _discreet(name: str, error: ValueError, value: Any) -> str:
    """Return what a transform complains of, unless it repeats the value, as Python's own errors do."""
    said = str(error)
    repeats = re.search(rf"(?<!\w){re.escape(str(value))}(?!\w)", said)
    return f"{name} fails: {type(error).__name__}" if not said or repeats else said


def installed() -> Mapping[str, EntryPoint]:
    """Return the entry point of every installed transform by its name, without importing any.

    Raises:
        Unusable: when two packages register the same name.

    """
    found: dict[str, EntryPoint] = {}
    for point in registered(GROUP):
        other = found.setdefault(point.name, point)
        if other.value != point.value:
            raise Unusable(f"transform {point.name} is registered twice: {other.value} and {point.value}")
    return dict(sorted(found.items()))


def load(name: str) -> Transform:
    """Import and return the transform of this name.

    Raises:
        Unusable: when there is none, or it can't be used.

    """
    points = installed()
    if name not in points:
        there_are = ", ".join(points) or "none at all"
        raise Unusable(f"there is no transform {name}{did_you_mean(name, points)}; there are: {there_are}")
    point = points[name]
    try:
        function = point.load()
        signature = read_signature(function)
    except Exception as error:
        said = str(error) or type(error).__name__
        raise Unusable(f"transform {name} ({point.value}) can't be used: {said}") from error
    return Transform(name, function, signature, point.value.startswith(_OURS))


def every() -> list[Transform]:
    """Return every installed transform that can be used, in the order of their names."""
    found = []
    for name in installed():
        try:
            found.append(load(name))
        except Unusable:  # `check` says so of a mapping that uses it
            continue
    return found
