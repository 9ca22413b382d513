"""A server that can be connected to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A server: host, port, and whether it speaks TLS."""

    host: str
    port: int
    tls: bool

    def __str__(self) -> str:
        """Return it for messages and for the Host header, an IPv6 address in brackets."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def ascii_host(self) -> str:
        """The host as DNS and TLS know it (IDNA).

        Raises:
            UnicodeError: when it can't be a host's name.

        """
        return self.host if self.host.isascii() else self.host.encode("idna").decode()
