"""Build data with positions out of YAML events, and refuse what configuration has no use for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from yaml import events as ev

from sync.located_yaml._located import Node
from sync.located_yaml._problems import ConfigProblem, Mark, dotted, quoted
from sync.located_yaml._scalars import typed

if TYPE_CHECKING:
    from sync.located_yaml._problems import Path

#: Mappings and lists inside each other. Nothing we read needs a quarter of it.
DEPTH_LIMIT = 50
#: After so many problems the file is of another kind, and more would only bury the first.
PROBLEM_LIMIT = 50

_UNWANTED = "write the value out where it is needed"


@dataclass(slots=True)
class _Open:
    """A mapping or list that has begun and not ended."""

    node: Node
    #: Where it stands in what it is part of; None for the top.
    part: str | int | None
    #: The key whose value comes next; None when a key comes next. A list always has its next index.
    key: str | int | None = None


class Builder:
    """Takes events one by one; ``root`` is the document, ``problems`` all that was refused.

    Args:
        file: the file's name for messages.
        text: the source, to look at what was written.

    """

    def __init__(self, file: str, text: str) -> None:
        self.root: Node | None = None
        self.problems: list[ConfigProblem] = []
        #: Whether nothing that follows could make sense.
        self.stopped = False
        self._file = file
        self._text = text
        self._open: list[_Open] = []

    def take(self, event: Any) -> None:
        """Take the next event."""
        if isinstance(event, ev.NodeEvent):
            self._take_node(event)
        elif isinstance(event, ev.CollectionEndEvent):
            self._open.pop()
        elif isinstance(event, ev.DocumentStartEvent) and self.root is not None:
            self._refuse(event, "a second document begins here; one file holds one document", stop=True)
        self.stopped = self.stopped or len(self.problems) >= PROBLEM_LIMIT

    def _take_node(self, event: Any) -> None:
        self._refuse_unwanted(event)
        if self._open and self._open[-1].key is None:
            self._take_key(event)
        elif isinstance(event, ev.CollectionStartEvent):
            self._begin(event)
        else:
            self._add(self._scalar(event))

    def _scalar(self, event: Any) -> Node:
        line, column = _place(event)
        if isinstance(event, ev.AliasEvent):
            return Node(line, column)
        plain = event.implicit[0] and event.tag is None
        return Node(line, column, typed(event.value) if plain else event.value)

    def _begin(self, event: Any) -> None:
        is_list = isinstance(event, ev.SequenceStartEvent)
        node = Node(*_place(event), data=[] if is_list else {})
        part = self._open[-1].key if self._open else None
        self._add(node)
        self._open.append(_Open(node, part, 0 if is_list else None))
        if len(self._open) > DEPTH_LIMIT:
            self._refuse(event, f"is nested more than {DEPTH_LIMIT} levels deep", (), stop=True)

    def _add(self, node: Node) -> None:
        """Put a value where it belongs, and look ahead to what comes next there."""
        if not self._open:
            self.root = node
            return
        top = self._open[-1]
        if isinstance(top.key, int):
            top.node.data.append(node.data)
            top.node.children[top.key] = node
            top.key += 1
        elif top.key is not None:
            top.node.data[top.key] = node.data
            top.node.children[top.key] = node
            top.key = None

    def _take_key(self, event: Any) -> None:
        top = self._open[-1]
        if isinstance(event, ev.CollectionStartEvent):
            self._refuse_as_key(event)
            return
        key = f"*{event.anchor}" if isinstance(event, ev.AliasEvent) else event.value
        self._check_key(event, key)
        top.node.keys.setdefault(key, _place(event))
        top.key = key

    def _check_key(self, event: Any, key: str) -> None:
        path = self._path(key)
        plain = isinstance(event, ev.ScalarEvent) and event.implicit[0]
        if not key.strip():
            self._refuse(event, "there is no key before this ':'", path[:-1])
        elif plain and key == "<<":
            self._refuse(event, f"merge keys ('<<') are not supported; {_UNWANTED}", path[:-1])
        elif key in self._open[-1].node.keys:
            first = self._open[-1].node.keys[key]
            self._refuse(event, f"is given twice: here and in line {first[0]}", path)

    def _refuse_as_key(self, event: Any) -> None:
        """Refuse a key that is a list or a mapping; mostly it is a template without its quotes."""
        outer = self._open[-1].node
        written = self._text.split("\n")[outer.line - 1][outer.column - 1 :]
        if written.startswith("{{"):
            message = "a value that begins with {{ must be in quotes, or YAML takes it for a mapping"
            self.problems.append(self._problem(message, self._path(None), (outer.line, outer.column)))
            self.stopped = True
        else:
            self._refuse(event, "a key must be plain text, found a list or a mapping", stop=True)

    def _refuse_unwanted(self, event: Any) -> None:
        if isinstance(event, ev.AliasEvent):
            self._refuse(event, f"aliases ('*{event.anchor}') are not supported; {_UNWANTED}")
            return
        if event.anchor is not None:
            self._refuse(event, f"anchors ('&{event.anchor}') are not supported; {_UNWANTED}")
        if event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            self._refuse(
                event, f"tags ({quoted(tag)}) are not supported; put text that begins with ! in quotes"
            )

    def _path(self, last: str | int | None) -> Path:
        parts = [*(entry.part for entry in self._open), last]
        return tuple(part for part in parts if part is not None)

    def _refuse(self, event: Any, message: str, path: Path | None = None, *, stop: bool = False) -> None:
        if path is None:
            path = self._path(self._open[-1].key if self._open else None)
        self.problems.append(self._problem(message, path, _place(event)))
        self.stopped = self.stopped or stop

    def _problem(self, message: str, path: Path, place: tuple[int, int]) -> ConfigProblem:
        return ConfigProblem(dotted(path), message, Mark(self._file, *place))


def _place(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1
