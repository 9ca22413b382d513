"""The sandbox as tests use it: a Hatch that runs while a test does, and tells what reached it.

With the fixture `hatch` of conftest.py, or with departments, keys, rules and faults of one's own::

    with running_hatch(departments={"one": "k1", "two": "k2"}, rules={"dedup": "none"}) as hatch:
        ...  # POST to f"{hatch.base_url}one/newlead"
        assert [each.status for each in hatch.requests()] == [200]

It answers in a thread of this process, so a test may start any number of senders in processes of their own.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from sync.sandbox import Access, Rules, SandboxServer, State
from sync.sandbox.access import API_KEY, DEPARTMENT, V1_KEY, V1_SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from sync.sandbox import Fault
    from sync.sandbox.entries import Entry

#: The `source` that `Hatch.endpoint` puts on every lead.
SOURCE = "my_company_name"


@dataclass(frozen=True, slots=True)
class Request:
    """One request that arrived whole, in the order of arrival."""

    #: 1 for the first since the start or the last reset.
    number: int
    method: str
    path: str
    department: str
    #: The lead's id (externalID in the newer API); empty for none.
    id: str
    #: The JSON document of its body, None when it is no JSON.
    body: Any
    #: Status that was answered; None when a fault, or a client that left, got none.
    status: int | None
    #: Whether the lead was stored, whatever was answered.
    stored: bool
    #: Texts that it launched: 0 or 1.
    texts: int
    #: Why it was not stored; empty when it was.
    reason: str
    #: The faults that struck it, as they were set; empty for none.
    fault: str


class Hatch:
    """A running sandbox, and the questions a test has for it."""

    def __init__(self, state: State) -> None:
        #: The sandbox's own state, for what has no method here.
        self.state = state
        self._server = SandboxServer(state).start()
        self._port = self._server.port
        self._is_up = True

    @property
    def url(self) -> str:
        """The contacts page; the control API is below it, at ``sandbox/``."""
        return self._server.url

    @property
    def base_url(self) -> str:
        """`base_url` of an endpoint of type hatch."""
        return self._server.base_url

    @property
    def v1_url(self) -> str:
        """The one address of the newer API, ``…/v1/contacts``."""
        return self._server.v1_url

    @property
    def department(self) -> str:
        """The first department."""
        return next(iter(self.state.gate.access.departments))

    @property
    def api_key(self) -> str:
        """The key of the first department."""
        return self.state.gate.access.departments[self.department]

    @property
    def v1_key(self) -> str:
        """The bearer key of the newer API."""
        return next(iter(self.state.gate.access.v1_keys))

    @property
    def v1_source(self) -> str:
        """A registered source of the newer API."""
        return min(self.state.gate.access.v1_sources)

    def endpoint(self, **settings: Any) -> dict[str, Any]:
        """Return the `endpoint` of a connector.yaml that sends here, with further settings or other ones."""
        return {
            "type": "hatch",
            "department_id": self.department,
            "api_key": self.api_key,
            "source": SOURCE,
            "base_url": self.base_url,
            **settings,
        }

    def contacts(self) -> list[dict[str, Any]]:
        """Return the contacts as `GET /sandbox/contacts` does, in the order of their first arrival."""
        return sorted(self.state.contacts(), key=lambda each: each["number"])

    def requests(self) -> list[Request]:
        """Return every request since the start or the last reset; those in flight have no status yet."""
        return [_request(each) for each in self.state.requests()]

    def leads(self) -> list[dict[str, Any]]:
        """Return the bodies of the leads that were stored, in the order of arrival."""
        return [each.body for each in self.requests() if each.stored]

    def ids(self) -> list[str]:
        """Return the ids of the leads that were stored, in the order of arrival; repeats stay."""
        return [each.id for each in self.requests() if each.stored]

    def texts(self) -> int:
        """Return how many texts homeowners would have had."""
        return int(self.state.stats_data()["texts"])

    def stats(self) -> dict[str, Any]:
        """Return every count, as `GET /sandbox/stats` does."""
        return self.state.stats_data()

    def set_fault(self, *faults: str | Mapping[str, Any] | Fault) -> None:
        """Replace the faults, as in ``hatch.set_fault("status=503 times=3", "delay=0.1 lead=7")``.

        Raises:
            FaultError: one of them can't be understood; the old ones stay.
        """
        self.state.set_faults(faults)

    def clear_faults(self) -> None:
        """Answer as the rules say from now on."""
        self.state.set_faults([])

    def set_rules(self, **rules: Any) -> None:
        """Switch rules by name, as in ``hatch.set_rules(rate_limit="5/1s", retry_after=True)``."""
        self.state.set_rules(rules)

    def reset(self) -> None:
        """Forget contacts, requests and counts; rules and faults stay."""
        self.state.reset()

    def wait_requests(self, count: int, timeout: float = 30.0) -> None:
        """Wait until so many requests have been finished since the start or the last reset."""
        assert self.state.wait_requests(count, timeout), f"only {self.stats()['requests']} of {count} came"

    def wait_idle(self, timeout: float = 30.0) -> None:
        """Wait until no request is in flight."""
        assert self.state.wait_idle(timeout), f"{self.stats()['in_flight']} requests are still in flight"

    def go_down(self) -> None:
        """Refuse connections at the same address until `come_back`; what has arrived stays known."""
        if self._is_up:
            self._server.stop()
        self._is_up = False

    def come_back(self) -> None:
        """Answer again, at the same address and with the same contacts."""
        if not self._is_up:
            self._server = SandboxServer(self.state, port=self._port).start()
        self._is_up = True


@contextmanager
def running_hatch(
    departments: Mapping[str, str] | None = None,
    rules: Mapping[str, Any] | None = None,
    faults: Sequence[str | Mapping[str, Any] | Fault] = (),
    log: Path | None = None,
) -> Iterator[Hatch]:
    """Run a sandbox on a free port: departments with their keys, rules by name, faults, a log file."""
    departments = departments or {DEPARTMENT: API_KEY}
    access = Access(departments, {V1_KEY: next(iter(departments))}, frozenset({V1_SOURCE}))
    hatch = Hatch(State(access, Rules().but(rules or {}), log=log))
    try:
        hatch.set_fault(*faults)
        yield hatch
    finally:
        hatch.go_down()


def _request(entry: Entry) -> Request:
    return Request(
        number=entry.sequence,
        method=entry.method,
        path=entry.path,
        department=entry.department,
        id=entry.lead,
        body=_document(entry.body),
        status=entry.status,
        stored=entry.stored,
        texts=entry.texts,
        reason=entry.reason,
        fault=entry.fault,
    )


def _document(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except ValueError:
        return None
