"""Expressions and templates: Jinja's syntax, evaluated by MiniJinja in a sandbox.

Expressions are forgiving (what isn't there is null, and so is any part of it). Templates are not: what
isn't there makes the whole template missing, unless it is asked for first, as in ``{% if x %}``,
``x or y``, ``x|default("…")``. Both run on a budget of steps, which also bounds the memory they take.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from minijinja import Environment, TemplateError

from sync.mapping.context import Context, reduced
from sync.mapping.engine_names import meant
from sync.mapping.missing import NONE, MissingWords
from sync.mapping.paths import subtree_reader
from sync.mapping.plain_template import joiner
from sync.mapping.quick_ways import LONGEST, AskTheEngine
from sync.mapping.reading import Path, Syntax, kind_of, syntax_of
from sync.mapping.text import Unfit, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

#: Steps of the engine; a template for a lead takes some tens of them.
_FUEL = 20_000
#: What the result of an expression is handed to. No column is called like that.
_RESULT = "__leadrelay_result__"
_SAFE_DETAIL = re.compile(r"tried to use \S+ operator on unsupported types \w+ and \w+|invalid \w+ literal")
_OTHERS = re.compile(r"\{%-?\s*(?:include|import|from|extends)\b")
_COMPARES_NONE = re.compile(r"[!=]=\s*none\b|\bnone\s*[!=]=", re.IGNORECASE)
_GET = re.compile(r"\.get\(")
_ASSIGNS = re.compile(r"=(?!=)")
_NAMES_ONLY = frozenset({"UnknownMethod", "UnknownFilter", "UnknownTest", "UnknownFunction", "SyntaxError"})


class Missing(Exception):
    """A part of a template isn't there. The message names it."""


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """What is wrong with an expression or a template before it has run."""

    message: str
    #: Characters before the fault.
    offset: int


class Rejected(Exception):
    """An expression or a template that can't be used."""

    def __init__(self, problem: SyntaxProblem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def _environment(undefined: Any, finalizer: Callable[[Any], Any] | None = None) -> Environment:
    environment = Environment(
        undefined_behavior=undefined, fuel=_FUEL, finalizer=finalizer, keep_trailing_newline=True
    )
    environment.remove_global("debug")  # it prints all there is, names of people too
    environment.add_test("none", _is_none)
    return environment


def _is_none(value: Any, *_further: Any) -> bool:
    """Null and missing are one thing; to MiniJinja's own test they are two."""
    return value is None


def _printed(value: Any) -> str:
    """Give a part of a template the same text form as a plain field."""
    if type(value) is str:
        return value
    if value is None:
        raise Missing("a part gives nothing; an `if` inside of {{ }} needs an `else`")
    return text_of(value) or ""


class Expression:
    """A compiled expression. `evaluate` returns its value, None for null.

    Args:
        source: the expression.
        missing: the words that count as nothing.

    Raises:
        Rejected: when its syntax is wrong or it uses a filter, test or function that isn't there.

    """

    def __init__(self, source: str, missing: MissingWords = NONE) -> None:
        self.source = source
        self._environment = _environment("chainable")
        _check_syntax(lambda: self._environment.eval_expr(source), source)
        self.syntax = _syntax(self._environment, f"{{{{ {source} }}}}", len("{{ "))
        self._missing = missing
        self._guards = [(subtree_reader(path), path, kinds) for path, kinds in self.syntax.comparisons]
        self._own = self.syntax.functions - {path[0] for path in self.syntax.paths if path}
        self._environment.add_template("expression", f"{{{{ {_RESULT}({source}\n) }}}}")
        self._quick = _quick(source, self.syntax, missing)

    def evaluated(self, fields: Mapping[str, Any], context: Callable[[], Context]) -> Any:
        """Evaluate it for a record, whose context is only worked out when it is needed.

        Raises:
            Unfit: as `evaluate` does.

        """
        if self._quick is not None:
            try:
                return self._quick(fields)
            except AskTheEngine:
                return self.evaluate(fields, context())
        return self.evaluate(fields, context())

    def evaluate(self, fields: Mapping[str, Any], context: Context) -> Any:
        """Evaluate it for a record.

        Raises:
            Unfit: when it fails at run time.

        """
        for read, path, kinds in self._guards:
            _check_kinds(reduced(read(fields), self._missing), path, kinds)
        result: list[Any] = []
        names = {**_without(context, self._own), _RESULT: result.append}
        try:
            _run(lambda: self._environment.render_template("expression", **names))
        except Missing as error:
            raise Unfit(f"{error}; ask for it first, as in `amount and amount|float * 2`") from error
        return result[0]


def _quick(source: str, syntax: Syntax, missing: MissingWords) -> Callable[[Mapping[str, Any]], Any] | None:
    from sync.mapping.plain_expression import quick_expression  # with Jinja, as the syntax is

    return quick_expression(source, syntax, missing)


class Template:
    """A compiled template. `render` returns its text.

    Args:
        source: the template.
        missing: the words that count as nothing.

    Raises:
        Rejected: when its syntax is wrong or it uses a filter, test or function that isn't there.

    """

    def __init__(self, source: str, missing: MissingWords = NONE) -> None:
        self.source = source
        self._environment = _environment("semi_strict", _printed)
        _check_syntax(lambda: self._environment.add_template("template", source), source)
        self.syntax = _syntax(self._environment, source, 0)
        if self.syntax.calls_get:
            said = '".get(…)" gives null where nothing is, which would be written out; use ["name"] instead'
            _reject(said, _offset(_GET, source))
        self._own = self.syntax.functions - {path[0] for path in self.syntax.paths if path}
        #: Renders it without the engine, or returns None; itself None when it does more than join.
        self.join = joiner(source, self.syntax.paths, missing)

    def rendered(self, fields: Mapping[str, Any], context: Callable[[], Context]) -> str:
        """Render it for a record, whose context is only worked out when it is needed.

        Raises:
            Missing, Unfit: as `render` does.

        """
        text = self.join(fields) if self.join else None
        return self.render(context()) if text is None else text

    def render(self, context: Context) -> str:
        """Render it for a record.

        Raises:
            Missing: when a part of it isn't there.
            Unfit: when it fails at run time.

        """
        names = _without(context, self._own)
        text = _run(lambda: self._environment.render_template("template", **names))
        if len(text) > LONGEST:
            raise Unfit(f"the template made a text of {len(text)} characters; the limit is {LONGEST}")
        return text


def _without(context: Context, own: frozenset[str]) -> Context:
    """Leave out columns that happen to be called like a function that is called, as `range(3)` is."""
    if own.isdisjoint(context):
        return context
    return {name: value for name, value in context.items() if name not in own}


def _check_kinds(value: Any, path: Path, kinds: frozenset[str]) -> None:
    """Refuse to compare what never compares, as the text "500" with the number 1000: it has no truth."""
    kind = kind_of(value)
    if value is None or kind == "other" or kind in kinds:
        return
    wanted = " or ".join(sorted(kinds))
    name = ".".join(path)
    hint = "" if "a number" not in kinds or kind != "text" else f"; write {name}|float or {name}|int"
    hint = f"; write {name}|string" if kinds == {"text"} else hint
    raise Unfit(f"compares {name}, which is {kind} in this record, with {wanted}{hint}")


def _run(call: Callable[[], str]) -> str:
    try:
        return call()
    except TemplateError as error:
        raise _failure(error) from error
    except (Missing, Unfit):
        raise
    except Exception as error:  # a method of a value was called in a way it can't be
        raise Unfit(f"fails: {type(error).__name__}") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # how a bug in the engine shows
            raise
        raise Unfit("fails inside the template engine") from error


def _failure(error: TemplateError) -> Missing | Unfit:
    detail = error.detail or ""
    if error.kind == "UndefinedError":
        return Missing(detail.replace("is undefined", "is missing"))
    if "undefined" in detail:
        return Missing("it calculates with a value that is missing")
    if error.kind == "OutOfFuel":
        return Unfit(f"takes more than {_FUEL} steps")
    # Any other detail may quote a value of the record.
    known = error.kind in _NAMES_ONLY or _SAFE_DETAIL.fullmatch(detail)
    return Unfit(f"fails: {detail if known and detail else error.kind}")


def _check_syntax(call: Callable[[], object], source: str) -> None:
    try:
        call()
    except TemplateError as error:
        if error.kind in ("SyntaxError", "BadEscape"):
            raise Rejected(_located(error, source)) from error


def _located(error: TemplateError, source: str) -> SyntaxProblem:
    bytes_before = (error.range or (0, 0))[0]
    offset = len(source.encode("utf-8", "replace")[:bytes_before].decode("utf-8", "ignore"))
    hint = "; to compare, write ==" if _ASSIGNS.match(source, offset) else ""
    return SyntaxProblem((error.detail or error.kind) + hint, offset)


def _syntax(environment: Environment, source: str, before: int) -> Syntax:
    """Look into a source that parses, and refuse names that nothing stands behind."""
    try:
        undeclared = environment.undeclared_variables_in_str(source)
    except TemplateError as error:
        problem = _located(error, source)
        raise Rejected(SyntaxProblem(problem.message, max(problem.offset - before, 0))) from error
    syntax = syntax_of(source, undeclared)
    if syntax.wants_others:
        offset = _offset(_OTHERS, source, before)
        _reject("there are no other templates to include, import or extend", offset)
    if syntax.compares_none:
        offset = _offset(_COMPARES_NONE, source, before)
        _reject("nothing equals none; ask `x is none` or `x is not none`", offset)
    for kind, names in (("filter", syntax.filters), ("test", syntax.tests), ("function", syntax.functions)):
        for name in sorted(names):
            if not _exists(kind, name):
                offset = _offset(re.compile(rf"\b{re.escape(name)}\b"), source, before)
                _reject(f"there is no {kind} {name}{meant(kind, name)}", offset)
    for name in environment.globals.keys() - syntax.functions:
        environment.remove_global(name)  # or a missing column of that name would be the function
    return syntax


def _offset(pattern: re.Pattern[str], source: str, before: int = 0) -> int:
    """Return where something first stands in a source; its beginning when it is written in another way."""
    found = pattern.search(source)
    return max(found.start() - before, 0) if found else 0


def _reject(message: str, offset: int = 0) -> None:
    raise Rejected(SyntaxProblem(message, offset))


@lru_cache(maxsize=256)
def _exists(kind: str, name: str) -> bool:
    """Ask the engine, which keeps no list, by using the name."""
    environment = _environment("chainable")
    uses = {"filter": f"none|{name}", "test": f"none is {name}", "function": f"{name}()"}
    try:
        environment.eval_expr(uses[kind])
    except TemplateError as error:
        return error.kind not in ("UnknownFilter", "UnknownTest", "UnknownFunction")
    except Exception:  # noqa: BLE001 - it is there and did not like how it was used
        return True
    return True
