"""The order in which rules are asked: path, method, key, rate, size, then the body."""

from __future__ import annotations

from collections import defaultdict
from math import ceil
from typing import TYPE_CHECKING

from sync.sandbox import legacy, v1
from sync.sandbox.access import bearer
from sync.sandbox.arrival import Answer, Arrival, Refused
from sync.sandbox.limits import Window

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.sandbox.access import Access
    from sync.sandbox.calls import Call
    from sync.sandbox.limits import Rate
    from sync.sandbox.rules import Rules


class Gate:
    """Lets a call through as a lead, or refuses it."""

    def __init__(self, access: Access, ticks: Callable[[], float]) -> None:
        """Take who may send, and a clock of monotonic seconds."""
        self.access = access
        self._ticks = ticks
        self._windows: dict[tuple[str, str], Window] = defaultdict(Window)

    def department(self, call: Call) -> str:
        """Return the department a call is for, empty when neither path nor key names one."""
        if call.route.api == "v1":
            return self.access.v1(call.headers.get("authorization", "")) or ""
        return call.route.department

    def read(self, call: Call, rules: Rules) -> Arrival:
        """Return the lead that a call brings.

        Raises:
            Refused: with the answer.
        """
        if call.route.api == "legacy":
            return self._legacy(call, rules)
        if call.route.api == "v1":
            return self._v1(call, rules)
        raise Refused(legacy.refusal(404, "there is nothing at this path"))

    def reset(self) -> None:
        """Forget what the rate limits have counted."""
        self._windows.clear()

    def _legacy(self, call: Call, rules: Rules) -> Arrival:
        department, key = call.route.department, call.headers.get("x-api-key", "")
        if department not in self.access.departments:
            raise Refused(legacy.refusal(404, "there is no such department"))
        if call.method != "POST":
            raise Refused(legacy.refusal(405, "the method must be POST", ("allow", "POST")))
        if not self.access.legacy(department, key):
            raise Refused(legacy.refusal(401, "X-API-KEY is missing or not the department's"))
        if wait := self._wait("legacy", key, rules.rate_limit):
            raise Refused(legacy.refusal(429, "the rate limit is reached", *_retry_after(rules, wait)))
        if call.size > rules.body_limit:
            raise Refused(legacy.refusal(413, f"the body is larger than {rules.body_limit} bytes"))
        return legacy.read(call.body, call.headers.get("content-type", ""), rules)

    def _v1(self, call: Call, rules: Rules) -> Arrival:
        department = self.department(call)
        if call.method not in ("POST", "PUT"):
            raise Refused(v1.NOT_FOUND)
        if not department:
            raise Refused(v1.UNAUTHORIZED)
        if wait := self._wait("v1", bearer(call.headers["authorization"]), rules.v1_rate_limit):
            raise Refused(v1.too_many(_retry_after(rules, wait)))
        if call.size > rules.body_limit:
            raise Refused(v1.TOO_LARGE)
        return v1.read(call.body, call.headers.get("content-type"), rules, self.access.v1_sources)

    def _wait(self, api: str, key: str, rate: Rate) -> float:
        return self._windows[api, key].admit(rate, self._ticks())


def accepted(call: Call, contact: str, rules: Rules) -> Answer:
    """Return what a stored lead is answered by the API it came to."""
    return v1.accepted(contact) if call.route.api == "v1" else legacy.accepted(rules)


def _retry_after(rules: Rules, wait: float) -> tuple[tuple[str, str], ...]:
    return (("retry-after", str(ceil(wait))),) if rules.retry_after else ()
