"""Settings from the environment: ``LEADRELAY_ENDPOINT__API_KEY`` and the like, by pydantic-settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic_settings import BaseSettings, EnvSettingsSource, SettingsConfigDict

from sync.config._override_names import PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic.fields import FieldInfo

    from sync.located_yaml import Path


class _Settings(BaseSettings):
    """What can be overridden; the values are checked later, together with the file's."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", case_sensitive=False, env_ignore_empty=True
    )

    endpoint: dict[str, Any] = {}
    endpoints: dict[str, Any] = {}
    sources: dict[str, Any] = {}
    state: str = ""
    hooks: dict[str, Any] = {}


class _FromMapping(EnvSettingsSource):
    """Reads the variables it is given instead of the process's own, and leaves values as text."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        super().__init__(_Settings)

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return {name.lower(): value for name, value in self._values.items() if value}

    def decode_complex_value(self, field_name: str, field: FieldInfo, value: Any) -> Any:  # noqa: ARG002 - the base class's signature
        """Leave it: only the model of the setting knows whether text or JSON is meant."""
        return value


def overridden(values: Mapping[str, str]) -> Iterator[tuple[Path, str]]:
    """Yield the path, in lower case, and the text of every setting that a variable overrides."""
    yield from _leaves(_FromMapping(values)(), ())


def _leaves(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, (*path, key))
    elif value is not None:
        yield path, str(value)
