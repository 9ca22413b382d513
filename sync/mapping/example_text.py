"""An example as YAML text that is read as exactly what was meant."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sync.located_yaml import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: Text that needs no quotes anywhere, whatever it stands beside.
_BARE = re.compile(r"[^\W\d_][\w@./+()'-]*(?: [\w@./+()'-]+)*")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_LOW, _BASIC = 0x100, 0x10000


def block(example: Mapping[str, Any], dash: str) -> list[str]:
    """Return an example as an item of a list in YAML's block style.

    Args:
        example: its keys and values; the values are scalars or one level of keys.
        dash: the indentation of the item's dash.

    """
    lines = list(_keyed(example, f"{dash}  "))
    lines[0] = f"{dash}- {lines[0][len(dash) + 2 :]}"
    return lines


def _keyed(data: Mapping[str, Any], indent: str) -> Iterator[str]:
    for name, value in data.items():
        if isinstance(value, dict) and value:
            yield f"{indent}{scalar(name, is_key=True)}:"
            for inner, each in value.items():
                yield f"{indent}  {scalar(inner, is_key=True)}: {flow(each)}"
        else:
            yield f"{indent}{scalar(name, is_key=True)}: {flow(value)}"


def flow(value: Any) -> str:
    """Return a value in one line."""
    if isinstance(value, dict):
        parts = ", ".join(f"{scalar(name, is_key=True)}: {flow(inner)}" for name, inner in value.items())
        return f"{{ {parts} }}" if parts else "{}"
    if isinstance(value, list):
        return f"[{', '.join(map(flow, value))}]"
    return scalar(value)


def scalar(value: Any, *, is_key: bool = False) -> str:
    """Return one value, in quotes where it would be read as something else without them."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        text = repr(value)
        return text if parse_yaml(text, "").data == value else _quoted(text)
    is_bare = bool(_BARE.fullmatch(value)) and (is_key or parse_yaml(value, "").data == value)
    return value if is_bare else _quoted(value)


def _quoted(text: str) -> str:
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(letter: str) -> str:
    if letter in _ESCAPES:
        return _ESCAPES[letter]
    if letter.isprintable():
        return letter
    code = ord(letter)
    return f"\\x{code:02x}" if code < _LOW else f"\\u{code:04x}" if code < _BASIC else f"\\U{code:08x}"
