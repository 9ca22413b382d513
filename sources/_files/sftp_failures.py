"""What paramiko says of a server and its files, in the words of `sources.errors`."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, TypeAlias

from paramiko.sftp import SFTPError
from paramiko.ssh_exception import IncompatiblePeer, SSHException

from sources._files.store import NotThere
from sources.errors import BadConfig, Denied, SourceError, Unavailable

if TYPE_CHECKING:
    from sources._files.sftp_address import Address

Telling: TypeAlias = Callable[[str], AbstractContextManager[None]]


def telling(address: Address, lost: Callable[[], None]) -> Telling:
    """Return a context, given the path that is asked for, that turns errors into ours.

    Args:
        address: who is asked, and where.
        lost: called when the connection may be good for nothing more.

    """

    @contextmanager
    def context(path: str) -> Iterator[None]:
        name = f"{address}/{path}"
        try:
            yield
        except FileNotFoundError:
            raise NotThere(f"{name} is not there") from None
        except PermissionError:
            raise Denied(f"{name} may not be read by {address.user}: its permissions forbid it") from None
        except (SSHException, SFTPError, EOFError, OSError, UnicodeError) as error:
            lost()
            raise _of(error, name, address) from None

    return context


def _of(error: Exception, name: str, address: Address) -> SourceError:
    if isinstance(error, UnicodeDecodeError):
        text = f"{name} holds a file whose name is not UTF-8; rename it, or name another folder"
        return BadConfig(text, "path")
    if isinstance(error, UnicodeError):
        return BadConfig(f"{address}: the host {address.host} is no name of one", "path")
    if isinstance(error, IncompatiblePeer):
        text = f"{address}: the server knows no algorithm that is still held to be safe; have it updated"
        return BadConfig(text, "path")
    if isinstance(error, SSHException):
        return Unavailable(f"{address}: no connection could be made or kept: {_said(error)}")
    return Unavailable(f"{name} can't be read: {_why(error, address)}")


def _why(error: Exception, address: Address) -> str:
    """Say of a socket, or of an answer of the server, what is wrong with it."""
    if isinstance(error, socket.gaierror):
        return f"the host {address.host} has no address (DNS)"
    if isinstance(error, TimeoutError):
        return "the server did not answer in time"
    if isinstance(error, ConnectionRefusedError):
        return "the connection was refused"
    if isinstance(error, (ConnectionError, EOFError)):
        return "the connection broke off"
    return _said(error)


def _said(error: Exception) -> str:
    if "banner" in str(error):
        return "what answers there does not begin to speak SSH, or takes no more connections now"
    return str(getattr(error, "strerror", None) or error) or type(error).__name__
