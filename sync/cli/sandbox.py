"""``leadrelay sandbox``: a local Hatch, where nobody is texted."""

from __future__ import annotations

import os
from itertools import zip_longest
from pathlib import Path  # noqa: TC003 - Typer reads the annotations
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sync.cli.frame.failures import Refused
from sync.cli.frame.json_output import write_json
from sync.cli.frame.session import Session

if TYPE_CHECKING:
    from sync.sandbox import Access, SandboxServer, State

EXAMPLES = (
    "leadrelay sandbox                                  # a Hatch with the page http://127.0.0.1:8710/",
    "leadrelay sandbox --rule dedup=none                # every POST makes a contact and a text",
    'leadrelay sandbox --fault "status=503 times=3"     # what the next three requests are answered',
    "leadrelay sandbox --log requests.jsonl             # and keep every request in a file",
)
_PORT = 8710
_EXPOSED = (
    "at {host} other machines can send to this sandbox, and read every lead that arrived: "
    "use made-up leads only"
)
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def sandbox(  # noqa: PLR0913 - one parameter per option
    context: typer.Context,
    *,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one and prints it.")
    ] = _PORT,
    host: Annotated[str, typer.Option(help="Address to listen at.")] = "127.0.0.1",
    department: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="Department id; may be repeated. (default 12345678)"),
    ] = None,
    api_key: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEY", help="X-API-KEY: one for all departments, or one each. (default sandbox-key)"
        ),
    ] = None,
    v1_key: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEY", help="Bearer key of /v1/contacts, one per department. (default sandbox-v1-key)"
        ),
    ] = None,
    v1_source: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Registered source of /v1/contacts; may be repeated. (default custom:sandbox)",
        ),
    ] = None,
    rule: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=VALUE", help="Switch a rule, as in dedup=none; the page /rules lists them."
        ),
    ] = None,
    fault: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FAULT", help='Set a fault, as in "status=503 times=3" or "reset when=after lead=7".'
        ),
    ] = None,
    log: Annotated[
        Path | None,
        typer.Option(
            dir_okay=False, help="Append every request to this file, a JSON line each, with its body."
        ),
    ] = None,
) -> None:
    """Run a local Hatch: it takes leads and shows what arrived, and who would have been texted how often.

    Rules and faults can be switched while it runs: its page /rules says how. Ctrl-C stops it.
    """
    session = Session.of(context)
    # Made here: the server's imports take longer than the rest of the command line together.
    access = _access(department or [], api_key or [], v1_key or [], v1_source or [])
    server = _server(_state(access, rule or [], fault or [], log), host, port)
    if host not in _LOOPBACK:
        session.warn(_EXPOSED.format(host=host))
    server.run(when_ready=lambda: _say_ready(server, as_json=session.chosen.json))


def _access(departments: list[str], keys: list[str], v1_keys: list[str], v1_sources: list[str]) -> Access:
    from sync.sandbox.access import API_KEY, DEPARTMENT, V1_KEY, V1_SOURCE, Access

    departments, keys = departments or [DEPARTMENT], keys or [API_KEY]
    v1_keys = v1_keys or [V1_KEY]
    if len(keys) not in (1, len(departments)):
        raise Refused(
            f"--api-key: {len(departments)} --department need one key or as many, found {len(keys)}"
        )
    if len(v1_keys) > len(departments):
        raise Refused(
            f"--v1-key: {len(departments)} --department take as many keys at most, found {len(v1_keys)}"
        )
    if len(set(departments)) < len(departments) or "" in departments or "" in keys:
        raise Refused("--department and --api-key must not be empty, and no department given twice")
    return Access(
        dict(zip_longest(departments, keys, fillvalue=keys[0])),
        dict(zip(v1_keys, departments, strict=False)),
        frozenset(v1_sources or [V1_SOURCE]),
    )


def _state(access: Access, rules: list[str], faults: list[str], log: Path | None) -> State:
    from sync.sandbox import FaultError, RuleError, Rules, State
    from sync.sandbox.faults import faults_of

    if wrong := [each for each in rules if "=" not in each]:
        raise Refused(f'--rule: expected NAME=VALUE, found "{wrong[0]}"')
    try:
        changes = dict(each.split("=", 1) for each in rules)
        armed = faults_of(faults)
        state = State(access, Rules().but(changes), log=log)
    except RuleError as error:
        raise Refused(f"--rule: {error}") from None
    except FaultError as error:
        raise Refused(f"--fault: {error}") from None
    except OSError as error:
        raise Refused(f"--log: {log} can't be written: {error.strerror}") from None
    state.set_faults(armed)
    return state


def _server(state: State, host: str, port: int) -> SandboxServer:
    from sync.sandbox import SandboxServer

    try:
        return SandboxServer(state, host=host, port=port)
    except OSError as error:
        state.close()
        # Python's text repeats the address; a name that can't be looked up has no text but its own.
        number = error.errno or 0
        why = os.strerror(number) if number > 0 else error.strerror
        raise Refused(
            f"can't listen at {host} port {port}: {why}; choose another with --port, or 0"
        ) from None


def _say_ready(server: SandboxServer, *, as_json: bool) -> None:
    where = _where(server)
    if as_json:
        write_json(where)
        return
    typer.echo(
        f"sandbox ready: contacts at {where['url']}; in connector.yaml: type: hatch, base_url: "
        f'{where["base_url"]}, department_id: "{where["department_id"]}", '
        f"api_key: {where['api_key'] or '(the key you gave)'} (Ctrl-C stops it)"
    )


def _where(server: SandboxServer) -> dict[str, Any]:
    """Return what a sender needs; a key that is not the made-up one stays secret."""
    from sync.sandbox.access import API_KEY

    department, key = next(iter(server.state.gate.access.departments.items()))
    return {
        "url": server.url,
        "base_url": server.base_url,
        "v1_url": server.v1_url,
        "department_id": department,
        "api_key": key if key == API_KEY else None,
    }
