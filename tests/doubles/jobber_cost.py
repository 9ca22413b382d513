"""What a query costs at Jobber, by its documents: a point a field, times `first` in lists that have it."""

from __future__ import annotations

from typing import Any

from graphql import FieldNode, IntValueNode, OperationDefinitionNode, VariableNode

#: Fields that cost nothing, and what stands for `first` where nobody says.
_FREE = {"edges", "nodes", "node"}
_UNSAID = 100


def cost_of(operation: OperationDefinitionNode, variables: dict[str, Any]) -> int:
    """Return the points of a query, as many as it may take at most."""
    return _of(operation.selection_set, variables)


def _of(selections: Any, variables: dict[str, Any]) -> int:
    return sum(_one(each, variables) for each in selections.selections) if selections else 0


def _one(node: Any, variables: dict[str, Any]) -> int:
    if not isinstance(node, FieldNode):  # a fragment costs what is in it
        return _of(node.selection_set, variables)
    inner = node.selection_set.selections if node.selection_set else ()
    lists = [each for each in inner if isinstance(each, FieldNode) and each.name.value in _FREE]
    others = sum(_one(each, variables) for each in inner if each not in lists)
    held = sum(_of(each.selection_set, variables) for each in lists)
    return 1 + others + _first(node, variables) * held


def _first(node: FieldNode, variables: dict[str, Any]) -> int:
    for argument in node.arguments or ():
        if argument.name.value == "first":
            value = argument.value
            if isinstance(value, VariableNode):
                return int(variables.get(value.name.value) or _UNSAID)
            assert isinstance(value, IntValueNode)
            return int(value.value)
    return _UNSAID
