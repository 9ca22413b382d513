"""What `check` looks at: the mappings' examples, the sources, the endpoints, the state store."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sources.errors import BadConfig, SourceError
from sync.cli.frame.exits import ExitCode
from sync.cli.frame.list_findings import list_findings

if TYPE_CHECKING:
    from sources.base import Source
    from sync.config import Config, EndpointConfig, SourceConfig
    from sync.store.store import Store


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check came to."""

    what: str
    #: What the command would end with for this alone.
    code: ExitCode
    said: tuple[str, ...] = ()


def files_findings(config: Config) -> list[Finding]:
    """Return what there is to say about the files, which can be read."""
    findings = [Finding(str(config.path), ExitCode.DONE, (_counted(config),))]
    for source in config.sources.values():
        problems = source.mapping.run_examples()
        code = ExitCode.WRONG if problems else ExitCode.DONE
        said = tuple(map(str, problems)) if problems else ("its examples come out as they say",)
        said = (*said, *filter(None, (source.vain_filter,)))
        findings.append(Finding(f"mapping of {source.name}", code, said))
    return [*findings, *_lists(config, in_files=True)]


async def live_findings(config: Config) -> list[Finding]:
    """Try the state store, every source and every endpoint, side by side."""
    return [
        *await asyncio.to_thread(_store, config),
        *await asyncio.to_thread(_lists, config, in_files=False),
        *await asyncio.gather(
            *(_source(config, source) for source in config.sources.values()),
            *(_endpoint(endpoint) for endpoint in config.endpoints.values()),
        ),
    ]


def _lists(config: Config, *, in_files: bool) -> list[Finding]:
    return [Finding(what, code, (said,)) for what, code, said in list_findings(config, in_files=in_files)]


def _counted(config: Config) -> str:
    kinds = ", ".join(f"{name} ({source.type})" for name, source in config.sources.items())
    return f"can be read; sources: {kinds}"


def _store(config: Config) -> list[Finding]:
    """Open the store where there is one; a file that is not there yet is not made."""
    from sync.store.errors import StoreError
    from sync.store.store import open_store

    what, file = "state store", config.state.file
    if file is not None and not file.exists():
        if os.access(file.parent, os.W_OK | os.X_OK):
            return [Finding(what, ExitCode.DONE, (f"{file} is made by the first sync",))]
        said = f"{file} can't be made: its directory is not there or not writable"
        return [Finding(what, ExitCode.STORE, (said,))]
    try:
        store = open_store(config.state.url.get_secret_value())
    except StoreError as error:
        return [Finding(what, ExitCode.STORE, (str(error),))]
    try:
        return [Finding(what, ExitCode.DONE, (f"{store.where} can be used",)), *_identities(config, store)]
    except StoreError as error:
        return [Finding(what, ExitCode.STORE, (str(error),))]
    finally:
        store.close()


def _identities(config: Config, store: Store) -> list[Finding]:
    """Find sources and endpoints that are not what they were when their ledger was written."""
    from sync.runtime.known import read_known
    from sync.runtime.verifying import verify

    verdict = store.read_now(lambda connection: verify(config, read_known(connection, config), store.clock()))
    if not verdict.problems:
        return []
    said = tuple(line for problem in verdict.problems for line in str(problem).split("\n"))
    return [Finding("what was sent before", ExitCode.WRONG, said)]


async def _source(config: Config, source: SourceConfig) -> Finding:
    from sources.base import Closes
    from sync.runtime.making import make_source

    what = f"source {source.name}"
    try:
        adapter = make_source(config, source)
    except BadConfig as error:
        return Finding(what, ExitCode.WRONG, (str(config.source_problem(source.name, error)),))
    try:
        return await _asked(config, source, adapter)
    finally:
        if isinstance(adapter, Closes):
            await adapter.close()


async def _asked(config: Config, source: SourceConfig, adapter: Source) -> Finding:
    from sources.base import KnowsFields

    what = f"source {source.name}"
    try:
        said = await adapter.check()
        fields = await adapter.fields() if isinstance(adapter, KnowsFields) else None
    except BadConfig as error:
        return Finding(what, ExitCode.WRONG, (str(config.source_problem(source.name, error)),))
    except SourceError as error:
        return Finding(what, ExitCode.UNAVAILABLE, (str(error),))
    missing = source.mapping.missing_columns(fields) if fields is not None else []
    if missing:
        return Finding(what, ExitCode.WRONG, tuple(map(str, missing)))
    doubts = source.mapping.doubtful_names(fields) if fields is not None else []
    return Finding(what, ExitCode.DONE, (said, *map(str, doubts)))


async def _endpoint(endpoint: EndpointConfig) -> Finding:
    from sync.endpoints.base import Outcome
    from sync.runtime.making import make_endpoint

    made = make_endpoint(endpoint)
    try:
        receipt = await made.probe()
    finally:
        await made.close()
    what = f"endpoint {endpoint.name}"
    if receipt.outcome is Outcome.ACCEPTED:
        return Finding(
            what, ExitCode.DONE, (f"{made.where} answers; whether it takes the key, the first lead tells",)
        )
    return Finding(what, ExitCode.UNAVAILABLE, (f"{made.where}: {receipt.detail}",))
