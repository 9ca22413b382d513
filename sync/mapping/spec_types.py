"""What the models of a mapping file are made of."""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

Scalar: TypeAlias = str | int | float | bool | None


def as_list(value: Any) -> Any:
    """Take a single text for a list of one."""
    return [value] if isinstance(value, str) else value


_TEXTS = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}

#: A text or a list of texts, always a tuple from here on.
Texts = Annotated[tuple[str, ...], BeforeValidator(as_list), Field(min_length=1), WithJsonSchema(_TEXTS)]

_WORDS = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}

#: The same, and there may be none at all.
Words = Annotated[tuple[str, ...], BeforeValidator(as_list), WithJsonSchema(_WORDS)]


class Model(BaseModel):
    """Base of all parts of a mapping file: frozen, and an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)
