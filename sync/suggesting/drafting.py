"""The draft itself: a mapping as YAML, with a comment wherever it is unsure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sync.suggesting.ads import MADE_UP
from sync.suggesting.example import example
from sync.suggesting.yaml_text import comment, scalar, value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sync.suggesting.choice import Choice, Field, Further
    from sync.suggesting.columns import Column

#: Where comments begin, if the line leaves room.
_AT = 44
_LONGEST_LINE = 110


def draft(choice: Choice, source: str) -> str:
    """Return a mapping for what was guessed.

    Args:
        choice: what was guessed; it has phoneNumber or email among its fields.
        source: what the source is called, for the comments.

    """
    return "\n".join([*_head(choice, source), *_lead(choice), *_custom(choice), *_examples(choice), ""])


def _head(choice: Choice, source: str) -> Iterator[str]:
    many = f"{choice.records} record{'' if choice.records == 1 else 's'}"
    yield f"# A first draft: guessed from the names of the columns of {comment(source)}, and from {many}."
    yield "# Read it through before anything is sent; what is not certain says so. mappings/README.md"
    yield f"# teaches the language, `leadrelay preview {comment(source)}` shows what comes of live records."
    yield ""
    for column in choice.opt_outs:
        yield f"# Who must not be texted? {comment(column.path)} seems to say so. To skip them, for example:"
        yield f"# where: {comment(scalar(_not_said(column)))}"
        yield ""
    conditions = [_not_said(column) for column in choice.test_flags]
    if choice.meta_test:
        conditions.append(f"'{MADE_UP}' not in ({_way(choice.meta_test)}|default('')|string)")
    if conditions:
        yield "# Leads that somebody made up to test a form stay behind."
        yield f"where: {scalar(' and '.join(conditions))}"
        yield ""


def _not_said(column: Column) -> str:
    return f"({_way(column)}|default('')|string|lower) not in ['true', 'yes', '1', 'x', 'y']"


def _way(column: Column) -> str:
    return "record" + "".join(f"[{part if isinstance(part, int) else _text(part)}]" for part in column.parts)


def _text(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _lead(choice: Choice) -> Iterator[str]:
    yield "lead:"
    if choice.key:
        yield _line("  # id is the record's key", ", ".join(choice.key), mark=": ")
    for name, field in choice.fields.items():
        yield from _field(name, field)
    yield ""


def _field(name: str, field: Field) -> Iterator[str]:
    keys = _keys(field)
    if field.values:
        yield _line(f"  {name}:", field.doubt)
        yield from (f"    {key}: {text}" for key, text in keys.items())
        yield _line("    values:", "on the left as the source says it, on the right as Hatch is told")
        yield from (f"      {scalar(seen)}: {scalar(seen)}" for seen, _ in field.values)
        return
    bare = set(keys) == {"from"} and len(field.columns) == 1 and "{{" not in keys["from"]
    if bare and "{%" not in keys["from"]:
        yield _line(f"  {name}: {keys['from']}", field.doubt)
    else:
        yield from _section(name, keys, field.doubt)


def _section(name: str, keys: Mapping[str, str], doubt: str) -> Iterator[str]:
    """Write a field of several keys, on one line where that is short enough."""
    flow = f"  {name}: {{ {', '.join(f'{key}: {text}' for key, text in keys.items())} }}"
    if len(flow) <= _LONGEST_LINE:
        yield _line(flow, doubt)
        return
    yield _line(f"  {name}:", doubt)
    yield from (f"    {key}: {text}" for key, text in keys.items())


def _keys(field: Field) -> dict[str, str]:
    paths = [_flow(column.path) for column in field.columns]
    keys = {"from": paths[0] if len(paths) == 1 else f"[{', '.join(paths)}]"}
    if field.region:
        keys["region"] = scalar(field.region)
    if field.format:
        keys["format"] = scalar(field.format)
    if field.part:
        keys["as"] = f"{{ name: {{ part: {field.part} }} }}"
    if field.drop:
        keys["if_invalid"] = "drop"
    return keys


def _flow(path: str) -> str:
    """Return a path as it stands in a list or in braces, where a bracket or a comma would end it."""
    written = scalar(path)
    return written if written[0] in "\"'" or not set(written) & set("[]{},") else f'"{written}"'


def _custom(choice: Choice) -> Iterator[str]:
    if not choice.further:
        return
    active = any(not each.reason for each in choice.further)
    said = "whatever else Hatch should know; a change of any sends the lead again"
    yield _line("custom:" if active else "# custom:", said)
    yield from map(_further, choice.further)
    yield ""


def _further(each: Further) -> str:
    path = _flow(each.column.path)
    origin = f"{{ from: {path} }}" if "{{" in path or "{%" in path else path
    if each.prefix:
        origin = scalar(f"{{{{ ({_way(each.column)} or '')|replace('{each.prefix}', '') }}}}")
    if each.reason:
        return comment_line(f"{scalar(each.name)}: {origin}", each.reason)
    return f"  {scalar(each.name)}: {origin}"


def comment_line(text: str, why: str) -> str:
    """Return a line that is commented out, with the reason behind it."""
    return _line(f"  # {text}", why)


def _examples(choice: Choice) -> Iterator[str]:
    record, lead = example(choice)
    yield _line("examples:", "an invented record; `leadrelay check` compares")
    yield "  - record:"
    yield from _block(record, 6)
    yield "    lead:"
    yield from (f"      {name}: {_quoted(text)}" for name, text in lead.items())


def _quoted(text: str) -> str:
    return f'"{text}"' if text.isdigit() else scalar(text)


def _block(found: Mapping[str, Any], indent: int) -> Iterator[str]:
    for name, inner in found.items():
        yield from _entry(f"{' ' * indent}{scalar(name)}:", inner, indent)


def _entry(start: str, inner: Any, indent: int) -> Iterator[str]:
    if isinstance(inner, dict):
        yield start
        yield from _block(inner, indent + 2)
    elif isinstance(inner, list):
        yield start
        yield from _items(inner, indent + 2)
    else:
        yield f"{start} {value(inner)}"


def _items(found: Sequence[Any], indent: int) -> Iterator[str]:
    for inner in found:
        if isinstance(inner, dict):
            lines: Iterable[str] = _block(inner, indent + 2)
            first, *rest = list(lines) or [""]
            yield f"{' ' * indent}- {first.lstrip()}"
            yield from rest
        else:
            yield f"{' ' * indent}- {value(inner)}"


def _line(text: str, said: str, mark: str = "  # ") -> str:
    """Return a line with a comment behind it, where there is something to say."""
    if not said:
        return text
    start = text if mark != "  # " else f"{text:<{_AT - 2}}"
    return f"{start}{mark}{comment(said)}"
