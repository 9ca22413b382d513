"""The section `hooks:` of connector.yaml: where calls are taken."""

from __future__ import annotations

import re
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

#: Where the paths of webhooks begin; the name of a source follows.
PREFIX = "/hooks/"
_ADDRESS = re.compile(r"(?:(?P<host>[^\s:\[\]/]+)|\[(?P<six>[0-9A-Fa-f:.]+)\]):(?P<port>\d{1,5})")
_MOST_PORT = 65535


def parse_address(value: Any) -> tuple[str, int]:
    """Read ``127.0.0.1:8720`` or ``[::1]:8720``.

    Raises:
        ValueError: for anything else.

    """
    if isinstance(value, tuple):
        return str(value[0]), int(value[1])
    found = _ADDRESS.fullmatch(str(value).strip())
    if not found or int(found["port"]) > _MOST_PORT:
        raise ValueError("expected an address and a port, as in 127.0.0.1:8720 or 0.0.0.0:8720")
    return found["host"] or found["six"], int(found["port"])


def _base(value: Any) -> Any:
    """Read the address that senders call, without a slash at its end."""
    if not isinstance(value, str):
        return value
    parts = urlsplit(value.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("expected an address as in https://hooks.example.com")
    return value.strip().rstrip("/")


class HooksSettings(BaseModel):
    """Where `run` takes webhooks, once a source has a `hook`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    listen: Annotated[
        tuple[str, int],
        BeforeValidator(parse_address),
        WithJsonSchema({"type": "string", "pattern": r"^\S+:\d{1,5}$", "examples": ["127.0.0.1:8720"]}),
    ] = Field(
        ("127.0.0.1", 8720),
        description="The address and port that `run` listens at; port 0 takes a free one. Put a server that "
        "speaks HTTPS in front of it.",
    )
    url: Annotated[str | None, BeforeValidator(_base)] = Field(
        None,
        description="The address that senders call, without /hooks/…: HubSpot signs it.",
        examples=["https://hooks.example.com"],
    )
