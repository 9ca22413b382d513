"""A connection to an SFTP server: opened when it is first needed, to no server but the one that is meant."""

from __future__ import annotations

import socket
from contextlib import contextmanager
from threading import Timer
from typing import TYPE_CHECKING

from paramiko import SFTPClient, Transport
from paramiko.sftp import SFTPError
from paramiko.ssh_exception import IncompatiblePeer, SSHException

from sources._files.quiet import keep_quiet
from sources._files.sftp_host_keys import known_server
from sources._files.sftp_login import Login
from sources.errors import Denied

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from paramiko import PKey

    from sources._files.sftp_address import Address
    from sources._files.sftp_host_keys import KnownServer
    from sources._files.sftp_settings import SftpSettings

#: Seconds for a connection, for its beginning up to the login, and for each answer.
_CONNECT, _BEGINNING, _ANSWER = 10.0, 20.0, 30.0
#: Seconds after which an idle connection is kept from being forgotten on its way.
_IDLE = 30


class Connection:
    """A connection of one user to one server.

    Args:
        address: whose.
        storage: how to get in.
        directory: where relative paths in the settings begin.

    """

    def __init__(self, address: Address, storage: SftpSettings, directory: Path) -> None:
        keep_quiet("paramiko")
        self._address = address
        self._storage = storage
        self._directory = directory
        self._transport: Transport | None = None
        self._files: SFTPClient | None = None

    @property
    def files(self) -> SFTPClient:
        """What asks for files; connects when it has not yet.

        Raises:
            SourceError: when the server is not known, or does not let us in.
            SSHException, OSError, EOFError: as paramiko says what is wrong with the connection.

        """
        if self._transport is not None and not self._transport.is_active():
            self.close()  # a server may end what was idle while a large file was made into leads
        if self._files is None:
            login = Login(self._address, self._storage, self._directory)
            self._transport = self._met(known_server(self._address, self._storage, self._directory))
            login.enter(self._transport)
            self._transport.set_keepalive(_IDLE)
            self._files = self._opened(self._transport)
        return self._files

    def close(self) -> None:
        """End the connection. Closing twice is no error."""
        self._files = None  # saying goodbye for it would fail where the connection is broken
        transport, self._transport = self._transport, None
        if transport is not None:
            _end(transport)

    def _met(self, known: KnownServer) -> Transport:
        """Return a connection to the server that is known, before anything about us was said."""
        shown: list[PKey] = []
        while True:
            transport = self._begun(known, shown)
            if transport is None:
                raise known.refusal(shown)
            key = transport.get_remote_server_key()
            if known.accepts(key):
                return transport
            _end(transport)
            shown.append(key)
            if not known.by_fingerprint:
                raise known.refusal(shown)

    def _begun(self, known: KnownServer, shown: Sequence[PKey]) -> Transport | None:
        """Return a new connection; None when the server has no other keys than those it has shown.

        A server has keys of several kinds. Which of them a fingerprint is of can't be seen from it.
        """
        where = (self._address.host, self._address.port)
        transport = Transport(socket.create_connection(where, timeout=_CONNECT))
        transport.banner_timeout = transport.auth_timeout = transport.channel_timeout = _ANSWER
        options = transport.get_security_options()
        others = [kind for kind in options.key_types if not any(_same_kind(kind, key) for key in shown)]
        options.key_types = sorted(others, key=lambda kind: kind not in known.algorithms)
        try:
            if others:
                transport.start_client(timeout=_BEGINNING)
                return transport
        except IncompatiblePeer:
            if not shown:
                _end(transport)
                raise
        except BaseException:
            _end(transport)
            raise
        _end(transport)
        return None

    def _opened(self, transport: Transport) -> SFTPClient:
        channel = transport.open_session(timeout=_ANSWER)
        channel.settimeout(_ANSWER)
        try:
            with _within(transport, _ANSWER):
                channel.invoke_subsystem("sftp")
            return SFTPClient(channel)
        except (SSHException, SFTPError, OSError) as error:
            if isinstance(error, TimeoutError) or not transport.is_active():
                raise
            text = f"{self._address}: the server lets this user in, but offers no SFTP to it"
            raise Denied(text) from None


def _same_kind(algorithm: str, key: PKey) -> bool:
    return algorithm == key.get_name() or (algorithm.startswith("rsa-") and key.get_name() == "ssh-rsa")


@contextmanager
def _within(transport: Transport, seconds: float) -> Iterator[None]:
    """End a connection on which the block has waited for so long, where paramiko would wait for good."""
    timer = Timer(seconds, transport.close)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()


def _end(transport: Transport) -> None:
    transport.close()
    transport.sock.close()
    if transport.is_alive():
        transport.join(_ANSWER)
