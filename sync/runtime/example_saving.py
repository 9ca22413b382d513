"""A previewed record written into its mapping file as an example, redacted."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sync.mapping.example_place import NoPlace, with_example
from sync.mapping.redacting import Unredactable, redacted_example

if TYPE_CHECKING:
    from collections.abc import Callable

    from sources.base import Record
    from sync.config import Config, SourceConfig


class NotSaved(ValueError):
    """The example was not written; nothing was changed. The message says why."""


@dataclass(frozen=True, slots=True)
class Saved:
    """An example that was written."""

    file: Path
    #: As the file has it.
    example: dict[str, Any]
    #: The line of its comment, from 1.
    line: int


def save_example(config: Config, source: SourceConfig, record: Record, comment: str) -> Saved:
    """Add a record to the examples of a source's mapping file.

    Args:
        config: says where the file is.
        source: whose record it is.
        record: as it was read.
        comment: what stands above it in the file.

    Raises:
        NotSaved: when it can't be redacted, or the file can't be written; then nothing was changed.

    """
    file = mapping_file(config, source)
    try:
        example = redacted_example(source.mapping, record).data
        new = _rewritten(file, lambda text: with_example(text, example, comment))
    except (Unredactable, NoPlace) as error:
        raise NotSaved(str(error)) from None
    except OSError as error:
        raise NotSaved(f"{file} can't be written: {error.strerror or type(error).__name__}") from None
    return Saved(file, example, _line_of(new, comment))


def mapping_file(config: Config, source: SourceConfig) -> Path:
    """Return where a source's mapping stands."""
    return config.directory / Path(source.options.mapping).expanduser()


def _line_of(text: str, comment: str) -> int:
    return text[: text.rfind(f"# {comment}")].count("\n") + 1


def _rewritten(file: Path, change: Callable[[str], str]) -> str:
    """Put a changed file in the place of another, in one step; a link stays one.

    Raises:
        OSError: when it can't be read or written.
        NoPlace: when it is not text, or was saved by somebody else in the meantime.

    """
    target = Path(os.path.realpath(file))
    old = target.read_bytes()
    new = change(_decoded(old))
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    made = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            os.fchmod(descriptor, target.stat().st_mode & 0o7777)
            stream.write(new.encode())
            stream.flush()
            os.fsync(descriptor)
        _check_unchanged(target, old)
        made.replace(target)
    finally:
        made.unlink(missing_ok=True)
    return new


def _check_unchanged(target: Path, old: bytes) -> None:
    if target.read_bytes() != old:
        raise NoPlace(f"{target.name} was saved by somebody else in the meantime; call it again")


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise NoPlace("the file is not UTF-8") from None
