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
        """Return host and port for messages, an IPv6 address in brackets."""
        return f"{bracketed(self.host)}:{self.port}"

    @property
    def ascii_host(self) -> str:
        """The host as DNS and TLS know it (IDNA 2008).

        Raises:
            UnicodeError: when it can't be a host's name.

        """
        if self.host.isascii():
            return self.host
        import idna  # its tables take a while, and few hosts need them

        return idna.encode(self.host, uts46=True).decode()

    @property
    def authority(self) -> str:
        """Host and port as a proxy is told them.

        Raises:
            UnicodeError: when the host can't be one.

        """
        return f"{bracketed(self.ascii_host)}:{self.port}"

    @property
    def host_header(self) -> str:
        """What stands in the header Host: without the port that everybody expects (RFC 9110 section 7.2).

        Raises:
            UnicodeError: when the host can't be one.

        """
        usual = 443 if self.tls else 80
        return bracketed(self.ascii_host) if self.port == usual else self.authority


def bracketed(host: str) -> str:
    """Return a host as it stands in a URL."""
    return f"[{host}]" if ":" in host else host
