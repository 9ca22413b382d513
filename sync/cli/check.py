"""``leadrelay check``: is everything right, and can everything be reached?"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sync.cli.frame.checks import Finding, files_findings, live_findings
from sync.cli.frame.exits import ExitCode
from sync.cli.frame.session import Session
from sync.cli.frame.token_findings import token_findings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.cli.frame.printing import Printer

EXAMPLES = (
    "leadrelay check               # files, examples, and every connection",
    "leadrelay check --offline     # files and examples only",
    "leadrelay check -c other.yaml --json",
)


def check(
    context: typer.Context,
    offline: Annotated[bool, typer.Option("--offline", help="Connect to nothing.")] = False,
) -> None:
    """Validate every file, run the examples of the mappings, and try every connection.

    All that is wrong is said at once. No lead is read into the ledger, and none is sent.
    Ends with 2 when a file is wrong, 4 when the state store can't be used, 3 when a source or an
    endpoint can't be reached.
    """
    session = Session.of(context)
    config = session.config()
    findings = files_findings(config)
    if not offline:
        findings += asyncio.run(live_findings(config))
    findings += token_findings(config)
    session.answer(_document(findings), lambda printer: _show(printer, findings))
    code = _code(findings)
    if code:
        raise typer.Exit(code)


def _code(findings: Sequence[Finding]) -> ExitCode:
    """Return the code of the gravest finding: what can be mended in a file comes first."""
    codes = {finding.code for finding in findings}
    return next(
        (code for code in (ExitCode.WRONG, ExitCode.STORE, ExitCode.UNAVAILABLE) if code in codes),
        ExitCode.DONE,
    )


def _document(findings: Sequence[Finding]) -> dict[str, Any]:
    checks = [
        {"what": each.what, "ok": each.code is ExitCode.DONE, "said": list(each.said)} for each in findings
    ]
    return {"ok": not _code(findings), "code": _code(findings), "checks": checks}


def _show(printer: Printer, findings: Sequence[Finding]) -> None:
    for finding in findings:
        mark = ("ok    ", "green") if finding.code is ExitCode.DONE else ("wrong ", "bold red")
        first, *more = finding.said or ("",)
        printer.parts(mark, (finding.what, "bold"), f": {first}" if first else "")
        for line in more:
            printer.line(f"      {line}")
