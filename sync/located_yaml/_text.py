"""From the bytes of a file to text that YAML can be read from."""

from __future__ import annotations

import re
from pathlib import Path

from sync.located_yaml._problems import ConfigError, ConfigProblem, Mark

#: Bytes. Far more than people write by hand; what is bigger is another kind of file.
SIZE_LIMIT = 1 << 20

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")


def shown(path: Path) -> str:
    """Return a file's name for messages: relative when it is below the current directory."""
    try:
        return str(path.resolve().relative_to(Path.cwd().resolve())) if path.is_absolute() else str(path)
    except (ValueError, OSError):
        return str(path)


def read_text(path: Path) -> str:
    """Return a file's text.

    Raises:
        ConfigError: when it can't be read, is too big, or is not UTF-8.

    """
    file = shown(path)
    try:
        with path.open("rb") as stream:
            raw = stream.read(SIZE_LIMIT + 1)
    except OSError as error:
        raise ConfigError([ConfigProblem("", _unreadable(error), Mark(file, 1, 1))]) from None
    if len(raw) > SIZE_LIMIT:
        raise _error(file, f"is larger than {SIZE_LIMIT // 1024} KiB, which a file written by hand never is")
    return _decoded(raw, file)


def check_characters(text: str, file: str) -> None:
    """Refuse characters that no editor shows and that YAML has no place for.

    Raises:
        ConfigError: naming the first one.

    """
    if len(text) > SIZE_LIMIT:
        raise _error(file, f"is larger than {SIZE_LIMIT // 1024} KiB, which a file written by hand never is")
    found = _NOT_TEXT.search(text)
    if not found:
        return
    before = text[: found.start()]
    line, column = before.count("\n") + 1, found.start() - before.rfind("\n")
    code = ord(found[0])
    what = f"contains the invisible character U+{code:04X}"
    hint = f'; delete it, or write it as "\\u{code:04X}" in double quotes'
    raise ConfigError([ConfigProblem("", what + hint, Mark(file, line, column))])


def _decoded(raw: bytes, file: str) -> str:
    if raw.startswith(_UTF16) or (len(raw) > 1 and 0 in raw[:2]):
        raise _error(file, "is written in UTF-16; save it as UTF-8")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        message = f"is not UTF-8: byte {error.start + 1} is 0x{raw[error.start]:02X}; save the file as UTF-8"
        raise ConfigError([ConfigProblem("", message, Mark(file, line, column))]) from None


def _unreadable(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "there is no such file"
    if isinstance(error, IsADirectoryError):
        return "is a directory, expected a file"
    if isinstance(error, PermissionError):
        return "can't be read: permission denied"
    return f"can't be read: {error.strerror or type(error).__name__}"


def _error(file: str, message: str) -> ConfigError:
    return ConfigError([ConfigProblem("", message, Mark(file, 1, 1))])
