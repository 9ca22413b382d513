"""Who is to get in, and where: the part of ``sftp://user@host:port/path`` before the path."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PORT = 22
_HIGHEST_PORT = 65535
_HOST = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]+(?:%\w+)?)\]|(?P<name>[^:\[\]\s]+))(?::(?P<port>\d+))?")
_LOOKS_LIKE = "sftp://user@host/exports/leads.csv, with host:port for another port than 22"


@dataclass(frozen=True, slots=True)
class Address:
    """A user of a server."""

    user: str
    host: str
    port: int

    @property
    def known_as(self) -> str:
        """The host as known_hosts spells it."""
        return self.host if self.port == _PORT else f"[{self.host}]:{self.port}"

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"sftp://{self.user}@{host}" + ("" if self.port == _PORT else f":{self.port}")


def address_of(authority: str) -> Address:
    """Return what ``user@host:port`` says; a user's name may hold an @ itself.

    Raises:
        ValueError: when it holds a password, or lacks a user or a host.

    """
    user, at, server = authority.rpartition("@")
    if ":" in user:
        raise ValueError(
            "it holds a password; say `storage: { password: ${SFTP_PASSWORD} }`, and no :… in the path"
        )
    if not at or not user:
        raise ValueError(f"it names no user; a path looks like {_LOOKS_LIKE}")
    found = _HOST.fullmatch(server)
    port = int(found["port"] or _PORT) if found else 0
    if found is None or not 0 < port <= _HIGHEST_PORT:
        raise ValueError(f"it names no host, or a port that is none; a path looks like {_LOOKS_LIKE}")
    return Address(user, found["six"] or found["name"], port)
