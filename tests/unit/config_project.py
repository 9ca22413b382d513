"""A project on disk for the tests of the configuration: two endpoint types, two source types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from sources.base import SourceSettings
from sources.errors import BadConfig
from sources.units import Duration, RateLimit  # noqa: TC001 - pydantic reads it
from sync.config import Catalog, Config, load_config
from sync.located_yaml import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

MAPPING = "lead:\n  firstName: first\n  phoneNumber: phone\n"
ENDPOINT = "endpoint:\n  type: hatch\n  department_id: '12345678'\n  api_key: k3y\n"
SOURCE = "sources:\n  crm:\n    type: table\n    key: id\n    mapping: m.yaml\n    first_sync: now\n"


class Hatch:
    """An endpoint type."""

    class Settings(BaseModel):
        """Its settings."""

        model_config = ConfigDict(extra="forbid", frozen=True)

        type: str = "hatch"
        department_id: str
        api_key: SecretStr
        rate_limit: RateLimit | None = None
        max_in_flight: int = Field(16, ge=1)
        unknown_outcome: Literal["repeat", "hold"] = "repeat"


class Table:
    """A source type."""

    name: ClassVar[str] = "table"

    class Settings(SourceSettings):
        """Its settings."""

        key: str | tuple[str, ...]
        token: SecretStr | None = None
        url: str = ""
        wait: Duration | None = None
        headers: dict[str, str] = Field(default_factory=dict)
        parts: dict[str, SecretStr] = Field(default_factory=dict)

        @field_validator("url")
        @classmethod
        def _talkative(cls, url: str) -> str:
            if "bad" in url:
                raise ValueError(f"{url!r} can't be reached, user is {url.rpartition('@')[0]}")
            return url

        @field_validator("token")
        @classmethod
        def _leaky(cls, token: SecretStr | None) -> SecretStr | None:
            if token and "bad" in token.get_secret_value():
                raise ValueError(f"token {token.get_secret_value()} is bad")
            return token


def _load(name: str, /) -> Any:
    if name == "broken":
        raise BadConfig("source type 'broken' cannot be imported", "type")
    return Table


CATALOG = Catalog(lambda: {"hatch": Hatch, "http": Hatch}, lambda: ("table", "broken"), _load)


def write(directory: Path, text: str, **files: str) -> Path:
    """Write connector.yaml, the mapping m.yaml and further files (``dot_env`` is .env)."""
    (directory / "m.yaml").write_text(MAPPING)
    for name, content in files.items():
        (directory / name.replace("dot_", ".")).write_text(content)
    path = directory / "connector.yaml"
    path.write_text(text)
    return path


def load(path: Path, **environ: str) -> Config:
    """Load with nothing but these variables."""
    return load_config(path, environ, catalog=CATALOG)


def problems(path: Path, **environ: str) -> list[str]:
    """Return what is wrong, without the directory."""
    try:
        load(path, **environ)
    except ConfigError as error:
        return str(error).replace(f"{path.parent}/", "").split("\n")
    return []
