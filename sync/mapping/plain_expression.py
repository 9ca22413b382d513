"""Expressions that only compare, as ``stage in ['lead'] and amount|float > 100``, without asking the engine.

They are what most conditions are. Each becomes one Python function, made of nothing but names that are
given here. It is taken only while every value is of a kind on which there can be no two opinions; for any
other the engine answers, and it alone says what is wrong with a value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from jinja2 import nodes

from sync.mapping.missing import NONE, MissingWords
from sync.mapping.quick_values import FILTERS, HELPERS, value_reader
from sync.mapping.reading import RECORD, Path, Syntax
from sync.mapping.syntax_tree import chain_of, parsed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

#: Returns the value of an expression, or raises `AskTheEngine`.
Quick: TypeAlias = "Callable[[Mapping[str, Any]], Any]"

_EXACT = 2**53
_TYPES: dict[str, tuple[type, ...]] = {"text": (str,), "a number": (int, float), "true or false": (bool,)}
_ORDER = {"lt": "<", "lteq": "<=", "gt": ">", "gteq": ">="}


class _TooMuch(Exception):
    """An expression does more than compare."""


def quick_expression(source: str, syntax: Syntax, missing: MissingWords = NONE) -> Quick | None:
    """Return a function that evaluates an expression, None when it does more than compare.

    Args:
        source: the expression.
        syntax: what stands in it.
        missing: the words that count as nothing.

    """
    tree = None if "\\" in source else parsed(f"{{{{ {source} }}}}")
    if tree is None or len(tree.body) != 1 or not isinstance(tree.body[0], nodes.Output):
        return None
    writer = _Writer(missing)
    try:
        (node,) = tree.body[0].nodes
        body = writer.written(node)
    except (_TooMuch, ValueError, RecursionError):
        return None
    return writer.function(body, syntax) if writer.paths.keys() == syntax.paths else None


class _Writer:
    """Writes the body of a function; `paths` are the names under which it has what it reads."""

    def __init__(self, missing: MissingWords) -> None:
        self.paths: dict[Path, str] = {}
        self._missing = missing
        self._names: dict[str, Any] = dict(HELPERS)

    def function(self, body: str, syntax: Syntax) -> Quick:
        """Return the function: it reads everything, refuses kinds that never compare, and compares."""
        lines = ["def quick(fields):"]
        for path, name in self.paths.items():
            lines.append(f" {name} = {self._named(value_reader(path, self._missing))}(fields)")
        for path, kinds in syntax.comparisons:
            lines.append(f" if type({self.paths[path]}) not in {self._named(_allowed(kinds))}: raise Ask")
        found: dict[str, Any] = {}
        code = compile("\n".join([*lines, f" return {body}"]), "<a plain expression>", "exec")
        exec(code, self._names, found)  # noqa: S102 - it holds operators and names of this class only
        quick: Quick = found["quick"]
        return quick

    def _named(self, value: Any) -> str:
        """Return a name for a value."""
        name = f"n{len(self._names)}"
        self._names[name] = value
        return name

    def written(self, node: nodes.Node) -> str:
        """Return a node as Python."""
        chain = chain_of(node)
        if chain is not None:
            return self._read(chain[1:] if chain[0] == RECORD else chain)
        if isinstance(node, nodes.Const):
            return self._named(_constant(node))
        if isinstance(node, (nodes.And, nodes.Or)):
            word = "and" if isinstance(node, nodes.And) else "or"
            return f"({self.written(node.left)} {word} {self.written(node.right)})"
        if isinstance(node, nodes.Not):
            return f"(not {self.written(node.node)})"
        if isinstance(node, nodes.Compare) and len(node.ops) == 1:
            return self._compared(node.expr, node.ops[0])
        return self._filtered(node)

    def _read(self, path: Path) -> str:
        if not path:
            raise _TooMuch
        return self.paths.setdefault(path, f"v{len(self.paths)}")

    def _compared(self, expr: nodes.Node, operand: nodes.Operand) -> str:
        left = self.written(expr)
        if operand.op in ("in", "notin"):
            found = f"(text_or_none({left}) in {self._named(_texts(operand.expr))})"
            return found if operand.op == "in" else f"(not {found})"
        right = self.written(operand.expr)
        if operand.op in ("eq", "ne"):
            return f"equal({left}, {right})" if operand.op == "eq" else f"(not equal({left}, {right}))"
        if _is_float(expr) and _is_number(operand.expr):
            return f"({left} {_ORDER[operand.op]} {right})"
        return f"{operand.op}({left}, {right})"

    def _filtered(self, node: nodes.Node) -> str:
        known = isinstance(node, nodes.Filter) and node.name in FILTERS and node.node is not None
        if not known or node.args or node.kwargs or node.dyn_args or node.dyn_kwargs:  # type: ignore[attr-defined] # it is a filter
            raise _TooMuch
        return f"to_{node.name}({self.written(node.node)})"  # type: ignore[attr-defined] # the same


def _is_float(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Filter) and node.name in ("float", "int")


def _is_number(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Const) and type(node.value) in (int, float)


def _allowed(kinds: Iterable[str]) -> frozenset[type]:
    return frozenset(kind for name in kinds for kind in _TYPES.get(name, ())) | {type(None)}


def _constant(node: Any) -> Any:
    value = node.value
    if type(value) in (str, bool) or (type(value) in (int, float) and -_EXACT < value < _EXACT):
        return value
    raise _TooMuch


def _texts(node: nodes.Node) -> frozenset[str]:
    items = node.items if isinstance(node, (nodes.List, nodes.Tuple)) else [None]
    if not all(isinstance(item, nodes.Const) and type(item.value) is str for item in items):
        raise _TooMuch
    return frozenset(_constant(item) for item in items)
