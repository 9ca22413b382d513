"""A local Hatch: both APIs with every rule switchable, a page that shows what arrived, faults on demand.

It exists because a lead that arrives at Hatch texts a homeowner at once: whoever tries a mapping, a
backfill or a retry policy needs a place where nobody is texted, and where it is counted how often each
would have been. `SandboxServer` starts it; the command line does so as ``leadrelay sandbox``.
"""

from __future__ import annotations

from sync.sandbox.access import Access
from sync.sandbox.faults import Action, Fault, FaultError
from sync.sandbox.rules import Grade, Rate, RuleError, Rules
from sync.sandbox.server import SandboxServer
from sync.sandbox.state import State

__all__ = [
    "Access",
    "Action",
    "Fault",
    "FaultError",
    "Grade",
    "Rate",
    "RuleError",
    "Rules",
    "SandboxServer",
    "State",
]
