"""The data of a YAML file, and where each part of it stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sync.located_yaml._problems import Mark

if TYPE_CHECKING:
    from sync.located_yaml._problems import Path


@dataclass(slots=True)
class Node:
    """One value with its place; line and column count from 1."""

    line: int
    column: int
    data: Any = None
    #: By key or index; empty for a scalar.
    children: dict[str | int, Node] = field(default_factory=dict)
    #: Where each key of a mapping stands.
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)


class Located:
    """Data with positions.

    Args:
        node: the top of the document.
        text: the source text.
        file: the file's name for messages.

    """

    def __init__(self, node: Node, text: str, file: str) -> None:
        self._node = node
        self.text = text
        self.file = file
        #: The document as plain dict, list, str, int, float, bool and None; None when it is empty.
        self.data: Any = node.data

    def with_data(self, data: Any) -> Located:
        """Return these places with other data, as after variables were put in; this one stays."""
        other = Located(self._node, self.text, self.file)
        other.data = data
        return other

    def mark(self, path: Path = ()) -> Mark:
        """Return where the value of a path stands, or its nearest parent that exists."""
        nodes = self._nodes(path)
        return Mark(self.file, nodes[-1].line, nodes[-1].column)

    def key_mark(self, path: Path = ()) -> Mark:
        """Return where the key of a path stands, or that of its nearest parent that exists.

        An item of a list has no key: it stands where its value does.
        """
        nodes = self._nodes(path)
        if len(nodes) > 1:
            place = nodes[-2].keys.get(str(path[len(nodes) - 2]))
            if place:
                return Mark(self.file, *place)
        return Mark(self.file, nodes[-1].line, nodes[-1].column)

    def has(self, path: Path) -> bool:
        """Tell whether there is a value at this path."""
        return self._find(path)[0]

    def value(self, path: Path) -> Any:
        """Return the value at a path; None when there is none."""
        return self._find(path)[1]

    def _find(self, path: Path) -> tuple[bool, Any]:
        value = self.data
        for part in path:
            if not _holds(value, part):
                return False, None
            value = value[part]
        return True, value

    def _nodes(self, path: Path) -> list[Node]:
        """Return the nodes along a path, from the top, as far as it exists."""
        nodes = [self._node]
        for part in path:
            child = nodes[-1].children.get(part)
            if child is None:
                break
            nodes.append(child)
        return nodes


def _holds(value: Any, part: str | int) -> bool:
    if isinstance(value, list):
        return isinstance(part, int) and part < len(value)
    return isinstance(value, dict) and part in value
