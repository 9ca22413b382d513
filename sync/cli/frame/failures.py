"""What is said when a command fails: one line a problem, and the right exit code."""

from __future__ import annotations

import sys
import traceback
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import typer

from sources.errors import BadConfig, Denied, SourceError
from sync.cli.frame.exits import ExitCode
from sync.cli.frame.json_output import write_json

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sync.cli.frame.options import Chosen
    from sync.located_yaml import ConfigProblem


class Refused(Exception):
    """A command can't do what it was told; nothing was done.

    Args:
        message: what is wrong and what to do.
        code: what the command ends with.

    """

    def __init__(self, message: str, code: ExitCode = ExitCode.WRONG) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Failure:
    """A failure in words."""

    code: int
    #: For programs: ``usage``, ``config``, ``store``, ``unavailable``, ``denied``, ``interrupted``, ``bug``.
    kind: str
    lines: Sequence[str]
    problems: Sequence[ConfigProblem] = field(default=())


def tell(error: BaseException, chosen: Chosen) -> int:
    """Say what went wrong, and return the exit code."""
    failure = explain(error)
    if failure.kind == "bug" and chosen.verbose:
        traceback.print_exception(error)
    for line in failure.lines:
        typer.echo(line, err=True)
    if chosen.json:
        write_json({"error": _document(failure)})
    return failure.code


def explain(error: BaseException) -> Failure:
    """Return what an error means for the user."""
    for matches, describe in _MEANINGS:
        if matches(error):
            return describe(error)
    return _bug(error)


def _document(failure: Failure) -> dict[str, Any]:
    found: dict[str, Any] = {"kind": failure.kind, "code": failure.code, "message": "\n".join(failure.lines)}
    if failure.problems:
        found["problems"] = [_problem(each) for each in failure.problems]
    return found


def _problem(problem: ConfigProblem) -> dict[str, Any]:
    mark = problem.mark
    place = {"file": mark.file, "line": mark.line, "column": mark.column} if mark else {}
    return {**place, "path": problem.path, "message": problem.message, "variable": problem.variable}


def _is(module: str, name: str) -> Callable[[BaseException], bool]:
    """Tell an error by its class without importing its module: where it was never loaded, it can't be."""

    def matches(error: BaseException) -> bool:
        found = getattr(sys.modules.get(module), name, None)
        return isinstance(found, type) and isinstance(error, found)

    return matches


def _usage(error: Any) -> Failure:
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "leadrelay"
    return Failure(ExitCode.WRONG, "usage", [f"leadrelay: {error.format_message()}", f"See `{path} --help`."])


def _config(error: Any) -> Failure:
    return Failure(ExitCode.WRONG, "config", [str(each) for each in error.problems], error.problems)


def _bug(error: BaseException) -> Failure:
    version = _own_version()
    line = (
        f"leadrelay {version} failed in a way it should not have: {type(error).__name__}. Nothing that was "
        "staged is lost. Run it again with -v and report what it prints."
    )
    return Failure(ExitCode.BUG, "bug", [line])


def _own_version() -> str:
    from importlib.metadata import version

    return version("leadrelay")


def _with(code: ExitCode, kind: str) -> Callable[[Any], Failure]:
    return lambda error: Failure(code, kind, [f"leadrelay: {error}"])


def _refused(error: Any) -> Failure:
    return Failure(
        error.code, "usage" if error.code == ExitCode.WRONG else "refused", [f"leadrelay: {error}"]
    )


#: What errors mean; the first that fits.
_MEANINGS: tuple[tuple[Callable[[BaseException], bool], Callable[[Any], Failure]], ...] = (
    (lambda e: isinstance(e, typer.TyperException), _usage),
    (lambda e: isinstance(e, Refused), _refused),
    (
        lambda e: isinstance(e, KeyboardInterrupt | typer.Abort),
        lambda _: Failure(ExitCode.INTERRUPTED, "interrupted", ["leadrelay: interrupted"]),
    ),
    (_is("sync.located_yaml", "ConfigError"), _config),
    (_is("sync.store.errors", "StoreError"), _with(ExitCode.STORE, "store")),
    (_is("sync.store.actions.resetting", "InUse"), _with(ExitCode.UNAVAILABLE, "in use")),
    (lambda e: isinstance(e, BadConfig), _with(ExitCode.WRONG, "config")),
    (lambda e: isinstance(e, Denied), _with(ExitCode.UNAVAILABLE, "denied")),
    (lambda e: isinstance(e, SourceError), _with(ExitCode.UNAVAILABLE, "unavailable")),
)
