"""Logging in: by the key and the password of the settings, or else by the keys that ssh itself would use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paramiko import Agent
from paramiko.ssh_exception import AuthenticationException, BadAuthenticationType

from sources._files.home import expanded
from sources._files.sftp_private_keys import given_key, key_of
from sources._rest.secrets import revealed
from sources.errors import BadConfig, Denied, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from paramiko import PKey, Transport

    from sources._files.sftp_address import Address
    from sources._files.sftp_settings import SftpSettings

_USUAL = ("id_ed25519", "id_ecdsa", "id_rsa")
_KEY, _PASSWORD = "publickey", "password"
#: What the password answers too, where a server asks for it as a question.
_QUESTIONS = "keyboard-interactive"


class Login:
    """How a user of a server gets in.

    Args:
        address: the user.
        storage: what to get in by.
        directory: where relative paths in the settings begin.

    """

    def __init__(self, address: Address, storage: SftpSettings, directory: Path) -> None:
        self._address = address
        self._key = given_key(storage, directory)
        self._password = revealed(storage.password)
        self._tried: list[str] = []
        self._takes: list[str] = []

    def enter(self, transport: Transport) -> None:
        """Log in on a connection to a server that is known.

        Raises:
            Denied: when the server takes nothing of what there is.
            Unavailable: when it breaks the connection off meanwhile.

        """
        agent = Agent() if self._key is None and self._password is None else None
        try:
            for said, kind, way in self._ways(transport, agent):
                if self._takes and not {kind, _QUESTIONS if kind == _PASSWORD else kind} & set(self._takes):
                    continue
                if self._passed(transport, said, way):
                    return
        finally:
            if agent is not None:
                agent.close()
        raise Denied(self._refusal())

    def _ways(
        self, transport: Transport, agent: Agent | None
    ) -> Iterator[tuple[str, str, Callable[[], list[str]]]]:
        """Yield what there is to try: what it is called, of which kind it is, and how it is tried."""
        user = self._address.user
        for name, key in self._keys(agent):
            said = f"{name} ({key.get_name()} {key.fingerprint})"
            yield said, _KEY, lambda key=key: transport.auth_publickey(user, key)  # type: ignore[misc]
        if self._password is not None:
            password = self._password
            yield "the password", _PASSWORD, lambda: transport.auth_password(user, password)

    def _keys(self, agent: Agent | None) -> Iterator[tuple[str, PKey]]:
        if self._key is not None:
            yield "the private key", self._key
        if agent is None:
            return
        yield from (("a key of the SSH agent", key) for key in agent.get_keys())
        for name in _USUAL:
            try:
                text = (expanded("~/.ssh") / name).read_text(encoding="utf-8")
                yield f"~/.ssh/{name}", key_of(text, None, "private_key")
            except (OSError, UnicodeDecodeError):
                continue
            except BadConfig:
                self._tried.append(f"~/.ssh/{name} (which is encrypted, or no key)")

    def _passed(self, transport: Transport, said: str, way: Callable[[], list[str]]) -> bool:
        """Try one way; False when another has to follow."""
        self._tried.append(said)
        try:
            self._takes = way()  # empty: that was enough
        except BadAuthenticationType as error:
            self._takes = list(error.allowed_types)
        except AuthenticationException as error:
            if not transport.is_active() or "timeout" in str(error).lower():
                tried = f"after {', '.join(self._tried)}; it may have been too many tries"
                raise Unavailable(f"{self._address} broke off while logging in, {tried}") from None
        else:
            return not self._takes
        return False

    def _refusal(self) -> str:
        if not self._tried:
            return (
                f"{self._address}: there is nothing to log in by: the settings hold no password and no key, "
                "and there is none in an SSH agent or in ~/.ssh; give `private_key_file` or `password` under "
                "`storage`"
            )
        takes = f"; it takes {', '.join(self._takes)}" if self._takes else ""
        return f"{self._address} lets nobody in by {', '.join(self._tried)}{takes}"
