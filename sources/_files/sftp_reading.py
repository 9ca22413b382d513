"""Reading an open file of a server with many questions in the air at once, and little of it in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sources._files.store import changed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from paramiko import SFTPFile

#: So many bytes are asked for at once. In one question after another each would cost the time of a way there
#: and back; all of a large file at once would be kept in memory.
_WINDOW = 2 << 20
#: Bytes of a question, which every server takes.
_QUESTION = 1 << 15


def blocks(file: SFTPFile, size: int, name: str) -> Iterator[bytes]:
    """Yield the bytes of a file.

    Args:
        file: it is open, and at its beginning.
        size: how many bytes it had when it was found.
        name: what messages call it.

    Raises:
        Unavailable: when it has fewer by now.
        SSHException, OSError: as paramiko says what is wrong with the connection.

    """
    _quieten(file)
    for start in range(0, size, _WINDOW):
        end = min(size, start + _WINDOW)
        questions = [(at, min(_QUESTION, end - at)) for at in range(start, end, _QUESTION)]
        for (_, wanted), block in zip(questions, file.readv(questions), strict=True):
            if len(block) < wanted:
                raise changed(name)
            yield block


def _quieten(file: SFTPFile) -> None:
    """Keep the thread that sends questions from printing what goes wrong: whoever waits hears of it."""
    send = file._prefetch_thread  # noqa: SLF001 - paramiko has no other way

    def quietly(*arguments: Any) -> None:
        try:
            send(*arguments)
        except EOFError:  # of the connection, which the reader would take for the end of the file
            file._saved_exception = ConnectionResetError()  # noqa: SLF001
        except Exception as error:  # noqa: BLE001 - of a connection that breaks off, anything
            file._saved_exception = error  # noqa: SLF001

    file._prefetch_thread = quietly  # noqa: SLF001
