"""``leadrelay auth``: a person authorises a source in their browser."""

from __future__ import annotations

import asyncio
import sys
import threading
import webbrowser
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

import typer

from sync.cli.frame.failures import Refused
from sync.cli.frame.session import Session
from sync.cli.frame.times import span

if TYPE_CHECKING:
    from sources.oauth import Attempt, OAuthFlow
    from sync.cli.frame.printing import Printer
    from sync.runtime.authorizing import Authorised

EXAMPLES = (
    "leadrelay auth crm                    # in the browser of this machine",
    "leadrelay auth crm --port 9000        # by another redirect URL: http://127.0.0.1:9000/callback",
    "leadrelay auth crm --no-browser       # on a server: open the address anywhere, paste where it led",
)
_PORT = 8721


def auth(
    context: typer.Context,
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="Which source.")],
    port: Annotated[
        int,
        typer.Option(
            "--port", min=0, max=65535, metavar="N", help="The browser comes back to this port; 0: any."
        ),
    ] = _PORT,
    redirect: Annotated[
        str | None,
        typer.Option(
            "--redirect", metavar="URL", help="Your app's redirect URL, if it is another than by --port."
        ),
    ] = None,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Print the address, and take the one that it led to.")
    ] = False,
) -> None:
    """Let a person authorise a source in their browser, and keep the refresh token that it brings.

    Your app at the vendor must know the redirect URL, http://127.0.0.1:8721/callback. Afterwards the
    source needs no refresh_token in connector.yaml. A token is never printed.
    """
    session = Session.of(context)
    flow = _flow(session, source)
    where = _redirect(redirect, port, no_browser=no_browser)
    granted = _pasted(session, flow, where) if no_browser else _browsed(session, flow, where)
    session.answer(_document(source, granted), lambda printer: _show(printer, source, granted))
    if granted.missing:
        session.warn(f"asked for and not granted: {', '.join(granted.missing)}")


def _flow(session: Session, name: str) -> OAuthFlow:
    from sources.errors import BadConfig
    from sync.cli.suggest import unmapped
    from sync.runtime.authorizing import flow_of

    wanted = unmapped(session, name)
    try:
        return asyncio.run(flow_of(wanted))
    except BadConfig as error:
        raise Refused(f"{session.chosen.config}: sources.{name}: {error}") from error


def _redirect(said: str | None, port: int, *, no_browser: bool) -> str:
    """Return where the vendor is to send the browser.

    Raises:
        Refused: when that is not on this machine, where it is waited for.

    """
    from sync.runtime.loopback import LOOPBACK

    if said is None:
        if no_browser and not port:
            raise Refused("--port 0 takes any port that is free; with --no-browser say which your app knows")
        return f"http://127.0.0.1:{port}/callback"
    parts = urlsplit(said)
    if not parts.hostname or parts.scheme not in ("http", "https"):
        raise Refused(f"--redirect must be an address like http://127.0.0.1:{_PORT}/callback")
    if not no_browser and (parts.hostname not in LOOPBACK or parts.scheme != "http"):
        raise Refused(f"{said} does not lead to this machine: with --no-browser you paste what it shows")
    return said


def _browsed(session: Session, flow: OAuthFlow, redirect: str) -> Authorised:
    from sync.runtime.authorizing import by_browser

    def opened(attempt: Attempt) -> None:
        _tell(session, attempt)
        session.note("Waiting for the browser to come back here. On a server use --no-browser; Ctrl-C stops.")
        # A thread of its own, since some browsers end only when they are closed.
        threading.Thread(target=webbrowser.open, args=(attempt.url,), daemon=True).start()

    return asyncio.run(by_browser(flow, redirect, opened))


def _pasted(session: Session, flow: OAuthFlow, redirect: str) -> Authorised:
    from sync.runtime.authorizing import redeemed

    attempt = flow.begun(redirect)
    _tell(session, attempt)
    typer.echo(
        "The browser ends at an address that may show an error: that is fine. Paste the address:", err=True
    )
    came_back = sys.stdin.readline()
    if not came_back.strip():
        raise Refused("no address was given; nothing was done")
    return asyncio.run(redeemed(attempt, attempt.code_of(came_back)))


def _tell(session: Session, attempt: Attempt) -> None:
    session.note(f"Your app at the vendor must know this redirect URL: {attempt.redirect}")
    typer.echo(f"Open this in a browser, if it does not open by itself:\n\n{attempt.url}\n", err=True)


def _document(source: str, granted: Authorised) -> dict[str, Any]:
    return {
        "source": source,
        "account": granted.account,
        "scopes": list(granted.scopes),
        "missing": list(granted.missing),
        "access_seconds": granted.lifetime,
        "kept": granted.kept,
    }


def _show(printer: Printer, source: str, granted: Authorised) -> None:
    printer.parts((source, "bold"), " is authorised", f" for {granted.account}" if granted.account else "")
    lasts = (
        f"{span(granted.lifetime)}, then renewed by itself"
        if granted.lifetime
        else "as long as the vendor lets it"
    )
    rows = [
        ("granted", ", ".join(granted.scopes) or "the vendor does not say what"),
        ("access", lasts),
        ("kept in", granted.kept),
    ]
    for label, text in rows:
        printer.parts((f"  {label:<10}", "dim"), text)
