"""Secrets in settings: never shown, never empty, and a number is text."""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator, Field, SecretStr


def _text(value: Any) -> Any:
    """Take a number for what was written: a key of digits, a version of 2."""
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


MaybeEmptySecret: TypeAlias = Annotated[SecretStr, BeforeValidator(_text)]
Secret: TypeAlias = Annotated[MaybeEmptySecret, Field(min_length=1)]


def revealed(secret: SecretStr | None) -> str | None:
    """Return what a secret that may not be given says."""
    return secret.get_secret_value() if secret is not None else None
