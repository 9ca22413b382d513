"""What the signature of a transform says: what it takes, which options it has, what it returns."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, Field, create_model

from sync.mapping.spec_types import Model

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

#: Fields of the model of options are called like that, so that no name of an option is in its way.
_PREFIX = "option_"
_ARGS = re.compile(r"(?ms)^Args:\n(.*?)(?=^\S|\Z)")
_ARG = re.compile(r"(?ms)^    (\w+)(?: \([^)]*\))?: (.*?)(?=^    \w|\Z)")


@dataclass(frozen=True, slots=True)
class Signature:
    """The signature of a transform."""

    #: The first line of its docstring.
    summary: str
    #: Whether it is given trimmed text; the raw value otherwise.
    takes_text: bool
    options: type[BaseModel]
    #: Whether it has an option ``timezone``.
    wants_zone: bool
    #: What it says that it returns, without None; empty when it doesn't say.
    gives: frozenset[type]

    def values(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """Return the keyword arguments that options are.

        Raises:
            pydantic.ValidationError: when they can't be used.

        """
        checked = self.options.model_validate(dict(options))
        return {name.removeprefix(_PREFIX): getattr(checked, name) for name in checked.model_fields_set}


def read_signature(function: Callable[..., Any]) -> Signature:
    """Look at a transform.

    Raises:
        TypeError: when it is not of the form that transforms have.

    """
    if not callable(function):
        raise TypeError("it is no function")
    hints = get_type_hints(function, include_extras=True)
    first, *options = _parameters(function)
    docstring = inspect.getdoc(function) or ""
    return Signature(
        summary=docstring.partition("\n")[0],
        takes_text=hints.get(first.name) is str,
        options=_model(function, options, hints, _descriptions(docstring)),
        wants_zone=any(option.name == "timezone" for option in options),
        gives=frozenset(_types(hints.get("return"))),
    )


def _parameters(function: Callable[..., Any]) -> list[inspect.Parameter]:
    found = list(inspect.signature(function).parameters.values())
    if not found or found[0].kind not in (found[0].POSITIONAL_ONLY, found[0].POSITIONAL_OR_KEYWORD):
        raise TypeError("its first parameter must be the value")
    for option in found[1:]:
        if option.kind is not option.KEYWORD_ONLY:
            raise TypeError(f"its parameter {option.name} must be keyword-only, after a *")
    return found


def _model(
    function: Callable[..., Any],
    options: list[inspect.Parameter],
    hints: Mapping[str, Any],
    descriptions: Mapping[str, str],
) -> type[BaseModel]:
    fields: dict[str, Any] = {
        _PREFIX + option.name: (
            hints.get(option.name, Any),
            Field(
                ... if option.default is option.empty else option.default,
                alias=option.name.rstrip("_"),
                description=descriptions.get(option.name),
            ),
        )
        for option in options
    }
    name = getattr(function, "__name__", "transform")
    return create_model(f"Options of {name}", __base__=Model, **fields)


def _descriptions(docstring: str) -> dict[str, str]:
    """Return what a docstring's section "Args" says of each parameter."""
    section = _ARGS.search(docstring)
    found = _ARG.findall(section[1]) if section else ()
    return {name: " ".join(text.split()) for name, text in found}


def _types(annotation: Any) -> list[type]:
    if get_origin(annotation) is Annotated:
        return _types(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return [kind for each in get_args(annotation) for kind in _types(each)]
    return [annotation] if isinstance(annotation, type) and annotation not in (NoneType, object) else []
