"""Where in the text of a mapping file one more example goes, so that all else stays byte for byte."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml
from yaml import events as ev

from sync.located_yaml import ConfigError, parse_yaml
from sync.mapping.example_text import block, flow

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_KEY = "examples"
_INDENT = "  "
#: What a document is made of.
_Content = (ev.NodeEvent, ev.CollectionEndEvent)


class NoPlace(ValueError):
    """A file that is written in a way to which nothing can be added."""


def with_example(text: str, example: Mapping[str, Any], comment: str) -> str:
    """Return the text of a mapping file with one more example.

    Args:
        text: the file's, which can be read.
        example: the example, as `spec.ExampleSpec` has it.
        comment: what stands above it, without the #.

    Raises:
        NoPlace: when the file is written in a way to which nothing can be added.

    """
    newline = "\r\n" if "\r\n" in text else "\n"
    added = _added(text, example, comment)
    before, after = text[: added.at], text[added.at + added.over :]
    new = before + added.text.replace("\n", newline) + after
    _check(text, new, example)
    return new


@dataclass(frozen=True, slots=True)
class _Added:
    """A piece of text and where it goes."""

    at: int
    text: str
    #: Characters that it takes the place of.
    over: int = 0


def _added(text: str, example: Mapping[str, Any], comment: str) -> _Added:
    nodes = list(_top_level(text))
    names = [name for name, _ in nodes]
    if not names:
        raise NoPlace("it is not written as keys below one another, one a line")
    if _KEY not in names:
        at = _line_end(text, _last_written(nodes[-1][1]))
        return _Added(at, _opened(text, at) + "\n" + _whole(example, comment))
    value = dict(nodes)[_KEY]
    if isinstance(value[0], ev.ScalarEvent) or _is_empty_flow(value):
        return _instead_of_nothing(text, value, example, comment)
    if value[0].flow_style:
        return _in_brackets(value, example)
    at = _line_end(text, _last_written(value))
    dash = _dash(value)
    return _Added(at, _opened(text, at) + _item(example, comment, dash))


def _top_level(text: str) -> Iterator[tuple[str, list[Any]]]:
    """Yield the keys of the document, each with the events of its value; nothing for another document."""
    found: list[Any] = [
        each for each in yaml.parse(text, Loader=yaml.SafeLoader) if isinstance(each, _Content)
    ]
    if not found or not isinstance(found[0], ev.MappingStartEvent) or found[0].flow_style:
        return
    depth, run = 0, []
    key: str | None = None
    for event in found[1:-1]:
        depth += isinstance(event, ev.CollectionStartEvent)
        depth -= isinstance(event, ev.CollectionEndEvent)
        if key is None:
            key = event.value
            continue
        run.append(event)
        if depth == 0:
            yield key, run
            key, run = None, []


def _last_written(events: list[Any]) -> int:
    """Return where the last thing ends that is written; a block's own end is where the next thing begins."""
    return next(int(each.end_mark.index) for each in reversed(events) if _is_written(each))


def _is_written(event: Any) -> bool:
    """Tell whether there is something in the text that an event ends with: a scalar, a bracket."""
    start, end = event.start_mark.index, event.end_mark.index
    if isinstance(event, ev.CollectionEndEvent):
        return bool(end > start)
    return isinstance(event, ev.ScalarEvent)


def _line_end(text: str, index: int) -> int:
    """Return where the line of a place ends, behind its line break; a place at a line's beginning is one."""
    if index == 0 or text[index - 1] == "\n":
        return index
    end = text.find("\n", index)
    return len(text) if end < 0 else end + 1


def _opened(text: str, at: int) -> str:
    """Return the line break that the last line lacks."""
    return "" if at == 0 or text[at - 1] == "\n" else "\n"


def _whole(example: Mapping[str, Any], comment: str) -> str:
    return f"{_KEY}:\n{_item(example, comment, _INDENT)}"


def _item(example: Mapping[str, Any], comment: str, dash: str) -> str:
    return "\n".join([f"{dash}# {comment}", *block(example, dash), ""])


def _dash(value: list[Any]) -> str:
    """Return the indentation of the list's dashes."""
    return " " * int(value[0].start_mark.column)


def _is_empty_flow(value: list[Any]) -> bool:
    return bool(value[0].flow_style) and len(value) == 2  # noqa: PLR2004 - it begins and it ends


def _instead_of_nothing(text: str, value: list[Any], example: Mapping[str, Any], comment: str) -> _Added:
    """Put a list where an empty one stands, or nothing at all."""
    end = value[-1].end_mark.index
    start = len(text[: value[0].start_mark.index].rstrip(" "))
    line_end = text.find("\n", end)
    rest = text[end : len(text) if line_end < 0 else line_end]
    item = _item(example, comment, _INDENT)
    return _Added(
        start, rest.rstrip("\r") + "\n" + item.removesuffix("\n"), end - start + len(rest.rstrip("\r"))
    )


def _in_brackets(value: list[Any], example: Mapping[str, Any]) -> _Added:
    """Add to a list that is written in brackets."""
    at = int(value[-1].end_mark.index) - 1
    last = int(value[-2].end_mark.index)
    return _Added(last, f", {flow(dict(example))}") if last <= at else _Added(at, flow(dict(example)))


def _check(old: str, new: str, example: Mapping[str, Any]) -> None:
    """Hold that the new text says what the old one said, and one example more."""
    try:
        said = parse_yaml(new, "").data
    except ConfigError as error:
        raise NoPlace(f"the example could not be added: {error.problems[0].message}") from None
    expected = parse_yaml(old, "").data
    expected[_KEY] = [*(expected.get(_KEY) or []), dict(example)]
    if said != expected:
        raise NoPlace("the example can't be added without changing something else in the file")
