"""``leadrelay sources``: the adapters installed, and each one's settings."""

from __future__ import annotations

import inspect
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sync.cli.frame.failures import Refused
from sync.cli.frame.session import Session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sources.starting import Starter
    from sync.cli.frame.printing import Cell, Printer
    from sync.cli.frame.settings_rows import Setting

EXAMPLES = (
    "leadrelay sources            # which types there are",
    "leadrelay sources sql        # every setting of one of them",
)


def sources(
    context: typer.Context,
    kind: Annotated[str | None, typer.Argument(metavar="[TYPE]", help="One type, with its settings.")] = None,
) -> None:
    """List the source types that are installed, or every setting of one."""
    session = Session.of(context)
    if kind is None:
        found = [_described(name) for name in _names()]
        session.answer({"sources": found}, lambda printer: _show_all(printer, found))
        return
    adapter = _loaded(kind)
    from pydantic.errors import PydanticInvalidForJsonSchema

    from sync.cli.frame.settings_rows import settings_of
    from sync.config import SourceOptions

    try:
        own, shared = settings_of(adapter.Settings), settings_of(SourceOptions)
    except PydanticInvalidForJsonSchema as error:
        raise Refused(f"the settings of {kind} can't be described: {error.message}") from error
    starter = _starter(kind)
    document = {
        **_described(kind),
        "starter": starter.source if starter else None,
        "settings": list(map(asdict, own)),
        "shared": list(map(asdict, shared)),
    }
    session.answer(document, lambda printer: _show_one(printer, document, own, shared))


def _names() -> list[str]:
    from sources.registry import installed

    return list(installed())


def _loaded(kind: str) -> Any:
    from sources.registry import UnknownSource, load
    from sync.located_yaml import did_you_mean

    try:
        return load(kind)
    except UnknownSource as error:
        close = did_you_mean(kind, error.names)
        raise Refused(
            f'no source type "{kind}" is installed{close}; there are: {", ".join(error.names)}'
        ) from error


def _starter(kind: str) -> Starter | None:
    from sources.registry import installed
    from sources.starting import starter_of

    return starter_of(installed()[kind])


def _described(name: str) -> dict[str, Any]:
    """Describe an adapter; one that can't be imported is listed with the reason."""
    from sources.errors import BadConfig
    from sources.registry import installed, load

    point = installed()[name]
    package = point.dist.name if point.dist else None
    try:
        about = (inspect.getdoc(load(name)) or "").partition("\n")[0]
    except BadConfig as error:
        about = str(error)
    return {"type": name, "about": about, "package": package, "class": point.value}


def _show_all(printer: Printer, found: Sequence[dict[str, Any]]) -> None:
    rows: list[tuple[Cell, ...]] = [
        ((each["type"], "bold"), each["about"], each["package"] or "") for each in found
    ]
    printer.table(("TYPE", "READS", "FROM PACKAGE"), rows)
    if not printer.plain:
        printer.line()
        printer.line("`leadrelay sources TYPE` shows the settings of one.", "dim")


def _show_one(
    printer: Printer, document: dict[str, Any], own: Sequence[Setting], shared: Sequence[Setting]
) -> None:
    printer.parts((f"type: {document['type']}", "bold"), f"  {document['about']}")
    printer.line()
    if document["starter"]:
        printer.line("In connector.yaml", "bold")
        for line in document["starter"].splitlines():
            printer.line(f"  {line}")
        printer.line()
        printer.line(f"`leadrelay init DIR --source {document['type']}` writes it, with a mapping.", "dim")
        printer.line()
    for heading, settings in (("Its own settings", own), ("Settings of every source", shared)):
        printer.line(heading, "bold")
        printer.table(("SETTING", "IS", "DEFAULT", "WHAT IT DOES"), list(map(_row, settings)))
        printer.line()


def _row(setting: Setting) -> tuple[Cell, ...]:
    if setting.required:
        default: Cell = ("required", "yellow")
    else:
        default = "" if setting.default in (None, [], {}) else _written(setting.default)
    only = f"With {setting.name.rpartition('.')[0]}.type {setting.belongs_to}. " if setting.belongs_to else ""
    return ((setting.name, "cyan"), setting.kind, default, only + setting.description)


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
