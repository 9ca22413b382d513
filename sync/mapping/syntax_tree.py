"""A walk over the syntax tree of a template. What it can't be sure of counts as read."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING

from jinja2 import Environment, nodes

from sync.mapping.reading import RECORD, Path, Syntax, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: Tests that ask for the type of a value before it is compared.
_TYPE_TESTS = frozenset({"number", "string", "integer", "float", "boolean"})
_IMPLICIT_IN_LOOPS = frozenset({"loop"})
_IMPLICIT_IN_MACROS = frozenset({"caller", "varargs", "kwargs"})


def read_tree(source: str, undeclared: frozenset[str]) -> Syntax | None:
    """Look into a template; None when Jinja does not take what MiniJinja has taken.

    Args:
        source: the template.
        undeclared: the names that MiniJinja lists as looked up in its context.

    """
    tree = parsed(source)
    if tree is None:
        return None
    walk = _Walk(undeclared)
    walk.node(tree)
    return walk.result()


def parsed(source: str) -> nodes.Template | None:
    """Return the tree of a template; None when Jinja does not take what MiniJinja has taken."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about escapes in strings; MiniJinja has passed them
        try:
            return _environment().parse(source)
        except Exception:  # noqa: BLE001 - whatever it did not like, MiniJinja has passed the source
            return None


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"], autoescape=True)


class _Walk:
    """One walk over a tree."""

    def __init__(self, undeclared: frozenset[str]) -> None:
        self._undeclared = undeclared
        #: Names that the template itself has set for certain, here.
        self._bound: frozenset[str] = frozenset()
        self._certain = True
        self._paths: set[Path] = set()
        self._filters: set[str] = set()
        self._tests: set[str] = set()
        self._functions: set[str] = set()
        self._flags: set[str] = set()
        self._comparisons: list[tuple[Path, frozenset[str]]] = []

    def result(self) -> Syntax:
        """Return what was found; comparisons only where no test asks for a type first."""
        return Syntax(
            paths=frozenset(self._paths),
            filters=frozenset(self._filters),
            tests=frozenset(self._tests),
            functions=frozenset(self._functions),
            calls_get="get" in self._flags,
            wants_others="others" in self._flags,
            compares_none="none" in self._flags,
            comparisons=() if self._tests & _TYPE_TESTS else tuple(self._comparisons),
        )

    def node(self, node: nodes.Node) -> None:
        """Visit one node and all below it."""
        chain = chain_of(node)
        if chain is not None:
            self._read(chain)
        elif isinstance(node, nodes.Call):
            self._call(node)
        elif isinstance(node, (nodes.For, nodes.Macro, nodes.CallBlock, nodes.With)):
            self._block(node)
        elif isinstance(node, nodes.If):
            self._branches(node)
        elif isinstance(node, (nodes.Assign, nodes.AssignBlock)):
            self._assign(node)
        else:
            self._note(node)
            self._all(node.iter_child_nodes())

    def _all(self, children: Iterable[nodes.Node]) -> None:
        for child in children:
            self.node(child)

    def _note(self, node: nodes.Node) -> None:
        if isinstance(node, nodes.Filter):
            self._filters.add(node.name)
        elif isinstance(node, nodes.Test):
            self._tests.add(node.name)
        elif isinstance(node, (nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)):
            self._flags.add("others")
        elif isinstance(node, nodes.Compare):
            self._compare(node)

    def _read(self, chain: Path) -> None:
        if chain[0] not in self._bound:
            self._paths.add(chain[1:] if chain[0] == RECORD else chain)

    def _call(self, node: nodes.Call) -> None:
        """Visit a call: a method reads all of what it is called on, a function's name is no variable."""
        if isinstance(node.node, nodes.Name):
            if node.node.name in self._undeclared:
                self._functions.add(node.node.name)
        elif isinstance(node.node, nodes.Getattr):
            if node.node.attr == "get" and len(node.args) == 1:
                self._flags.add("get")
            self.node(node.node.node)
        else:
            self.node(node.node)
        self._all(node.iter_child_nodes(exclude=("node",)))

    def _assign(self, node: nodes.Assign | nodes.AssignBlock) -> None:
        self._all(node.iter_child_nodes(exclude=("target",)))
        if self._certain:
            self._bound |= _names(node.target)

    def _branches(self, node: nodes.If) -> None:
        """Visit the branches of an `if`: what one of them sets may as well not be set."""
        certain, self._certain = self._certain, False
        self._all(node.iter_child_nodes())
        self._certain = certain

    def _block(self, node: nodes.For | nodes.Macro | nodes.CallBlock | nodes.With) -> None:
        """Visit a block that names things for its own body."""
        inner = [*node.body, *([node.test] if isinstance(node, nodes.For) and node.test else [])]
        outside = [
            child
            for child in node.iter_child_nodes(exclude=("target", "targets", "args"))
            if child not in inner
        ]
        self._all(outside)
        with self._scope(_own_names(node)):
            self._all(inner)

    @contextmanager
    def _scope(self, names: frozenset[str]) -> Iterator[None]:
        before = self._bound, self._certain
        self._bound, self._certain = self._bound | names, True
        yield
        self._bound, self._certain = before

    def _compare(self, node: nodes.Compare) -> None:
        if any(operand.op in ("eq", "ne") and _is_none(operand.expr) for operand in node.ops):
            self._flags.add("none")
        if len(node.ops) != 1:
            return
        for one, other in ((node.expr, node.ops[0].expr), (node.ops[0].expr, node.expr)):
            chain, kinds = chain_of(one), _kinds(other)
            if chain and kinds and chain[0] not in self._bound and chain != (RECORD,):
                self._comparisons.append((chain[1:] if chain[0] == RECORD else chain, kinds))


def _own_names(node: nodes.For | nodes.Macro | nodes.CallBlock | nodes.With) -> frozenset[str]:
    if isinstance(node, nodes.For):
        return _names(node.target) | _IMPLICIT_IN_LOOPS
    if isinstance(node, nodes.With):
        return frozenset(name for target in node.targets for name in _names(target))
    return frozenset(argument.name for argument in node.args) | _IMPLICIT_IN_MACROS


def _names(target: nodes.Node) -> frozenset[str]:
    """Return the names that a target sets; an attribute of something sets none."""
    if isinstance(target, nodes.Name):
        return frozenset({target.name})
    if isinstance(target, (nodes.Tuple, nodes.List)):
        return frozenset(name for item in target.items for name in _names(item))
    return frozenset()


def chain_of(node: nodes.Node) -> Path | None:
    """Return the names along ``a.b["c d"]``; an index or a name worked out ends the way before it."""
    if isinstance(node, nodes.Name):
        return (node.name,)
    if isinstance(node, nodes.Getattr):
        name = node.attr
    elif (
        isinstance(node, nodes.Getitem)
        and isinstance(node.arg, nodes.Const)
        and isinstance(node.arg.value, str)
    ):
        name = node.arg.value
    else:
        return None
    inner = chain_of(node.node)
    return None if inner is None else (*inner, name)


def _is_none(node: nodes.Expr) -> bool:
    return isinstance(node, nodes.Const) and node.value is None


def _kinds(node: nodes.Node) -> frozenset[str]:
    """Return the kinds of a constant or of a list of constants; empty when it is neither."""
    if isinstance(node, nodes.Const):
        # Comparing with "" asks whether there is anything, whatever its kind.
        return frozenset({kind_of(node.value)} - {"other"}) if node.value != "" else frozenset()
    if isinstance(node, (nodes.List, nodes.Tuple)) and all(
        isinstance(item, nodes.Const) for item in node.items
    ):
        return frozenset(kind for item in node.items for kind in _kinds(item))
    return frozenset()
