"""Ask a pydantic model, along the path of an error, which keys there are and what is secret."""

from __future__ import annotations

from collections.abc import Mapping
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, SecretBytes, SecretStr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sync.located_yaml._problems import Path


def keys_at(model: Any, path: Path) -> list[str]:
    """Return the keys that may stand in the section at a path, in the model's order."""
    models = [found for found in annotations_at(model, path) if _is_model(found)]
    return list(dict.fromkeys(name for found in models for name in _names(found)))


def is_secret(model: Any, path: Path) -> bool:
    """Tell whether the value at a path, or one it is part of, is declared as a secret."""
    upper = (path[:end] for end in range(1, len(path) + 1))
    return any(_secret(found) for part in upper for found in annotations_at(model, part))


def secret_texts(model: Any, data: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield the path and the text of everything in the data that the model declares as a secret."""
    if isinstance(data, str):
        if path and is_secret(model, path):
            yield path, data
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from secret_texts(model, value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from secret_texts(model, value, (*path, index))


def annotations_at(model: Any, path: Path) -> list[Any]:
    """Return every type that a value at this path may have."""
    found = list(_unfold(model))
    for part in path:
        found = [inner for outer in found for step in _step(outer, part) for inner in _unfold(step)]
    return found


def _step(annotation: Any, part: str | int) -> Iterator[Any]:
    if _is_model(annotation):
        for name, field in annotation.model_fields.items():
            if part in (name, field.alias, field.validation_alias):
                yield field.annotation
        return
    arguments = get_args(annotation)
    if not arguments:
        return
    is_mapping = isinstance(get_origin(annotation), type) and issubclass(get_origin(annotation), Mapping)
    if is_mapping and isinstance(part, str):
        yield arguments[-1]
    elif not is_mapping and isinstance(part, int):
        yield from (argument for argument in arguments if argument is not Ellipsis)


def _unfold(annotation: Any) -> Iterator[Any]:
    """Yield what is inside Annotated, unions and named aliases."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _unfold(get_args(annotation)[0])
    elif origin in (Union, UnionType):
        for argument in get_args(annotation):
            yield from _unfold(argument)
    elif hasattr(annotation, "__value__"):
        yield from _unfold(annotation.__value__)
    else:
        yield annotation


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _names(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield field.validation_alias if isinstance(field.validation_alias, str) else field.alias or name


def _secret(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, (SecretStr, SecretBytes))
