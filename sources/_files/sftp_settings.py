"""How to get into an SFTP server, and how to know that it is the right one."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from sources._files.sftp_fingerprint import known_by
from sources._rest.secrets import Secret  # noqa: TC001 pydantic reads it
from sources.base import SourceSettings


def _host_key(value: str) -> str:
    known_by(value)
    return value


class SftpSettings(SourceSettings):
    """The settings of ``sftp://``."""

    password: Secret | None = Field(
        None, description="sftp://: the password of the user in the path.", examples=["${SFTP_PASSWORD}"]
    )
    private_key_file: str | None = Field(
        None,
        min_length=1,
        description="sftp://: the file with the private key to get in by, relative to connector.yaml. "
        "Without it, `private_key` and `password`: the keys of the SSH agent, and those in ~/.ssh.",
        examples=["keys/leads_ed25519"],
    )
    private_key: Secret | None = Field(
        None, description="sftp://: the private key itself.", examples=["${SFTP_PRIVATE_KEY}"]
    )
    passphrase: Secret | None = Field(
        None, description="sftp://: what the private key is encrypted with.", examples=["${SFTP_PASSPHRASE}"]
    )
    host_key: Annotated[str, AfterValidator(_host_key)] | None = Field(
        None,
        description="sftp://: the key that the server must show: its fingerprint, as `ssh-keygen -lf` prints "
        "it, or the public key itself. Without it: the line of the server in `known_hosts`.",
        examples=["SHA256:uNiVztksCsDhcc0u9e8BrQY2Zqk5H6dvLo3xWkBzVjE"],
    )
    known_hosts: str | None = Field(
        None,
        min_length=1,
        description="sftp://: the file with the keys of known servers, relative to connector.yaml. Without "
        "it: ~/.ssh/known_hosts and /etc/ssh/ssh_known_hosts.",
        examples=["keys/known_hosts"],
    )

    @model_validator(mode="after")
    def _one_of_each_for_sftp(self) -> SftpSettings:
        """Refuse two keys, a passphrase for none, and two ways to know the server."""
        if self.private_key is not None and self.private_key_file is not None:
            raise ValueError("`private_key` and `private_key_file` are two keys: give one")
        if self.passphrase is not None and self.private_key is None and self.private_key_file is None:
            raise ValueError("`passphrase` needs the `private_key` or `private_key_file` that it opens")
        if self.host_key is not None and self.known_hosts is not None:
            raise ValueError("`host_key` and `known_hosts` both say which server is meant: give one")
        return self
