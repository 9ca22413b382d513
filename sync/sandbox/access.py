"""Who may send: departments with their keys, keys of the newer API, registered sources."""

from __future__ import annotations

from dataclasses import dataclass, field
from hmac import compare_digest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

#: What the sandbox takes when nothing else is said. Made up, and printed for that reason.
DEPARTMENT = "12345678"
API_KEY = "sandbox-key"
V1_KEY = "sandbox-v1-key"
V1_SOURCE = "custom:sandbox"


@dataclass(frozen=True, slots=True)
class Access:
    """Departments, keys and sources; the keys stay out of its repr."""

    #: API key by department id.
    departments: Mapping[str, str] = field(default_factory=lambda: {DEPARTMENT: API_KEY}, repr=False)
    #: Department by key of the newer API.
    v1_keys: Mapping[str, str] = field(default_factory=lambda: {V1_KEY: DEPARTMENT}, repr=False)
    #: Registered custom sources, as in ``custom:my-awesome-source``.
    v1_sources: frozenset[str] = frozenset({V1_SOURCE})

    def legacy(self, department: str, key: str) -> bool:
        """Whether this is the key of this department."""
        return _same(self.departments.get(department, ""), key)

    def v1(self, authorization: str) -> str | None:
        """Return the department that a header ``Bearer KEY`` stands for, None when it stands for none."""
        key = bearer(authorization)
        return next((self.v1_keys[known] for known in self.v1_keys if _same(known, key)), None)


def bearer(authorization: str) -> str:
    """Return the key of a header ``Bearer KEY``, empty when it is none."""
    scheme, _, key = authorization.partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


def _same(known: str, given: str) -> bool:
    return bool(known) and compare_digest(known.encode(), given.encode())
