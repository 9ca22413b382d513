"""What the code says that a source type can do, and its tests that they were run against."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, get_args

from sources import base
from sources.registry import installed, load
from sources.testing import Denies, Limits, Loops, PositionContract, SnapshotContract, SourceContract
from sync.hooks import kinds
from tests.doubles.base import Double

if TYPE_CHECKING:
    from datetime import timedelta
    from types import ModuleType

PACKAGE = "leadrelay"
#: The methods that an adapter need not have, by their names there.
ABILITIES: dict[str, type[Any]] = {
    "latest": base.KnowsLatest,
    "fetch": base.FetchesByKey,
    "fields": base.KnowsFields,
    "authorization": base.Authorizes,
    "hints": base.TellsOfChanges,
}
#: What a rig need not bring about, and the suite then skips.
_SKIPPED: dict[str, tuple[str, type[Any]]] = {
    "rate limits": ("limit", Limits),
    "refused credentials": ("deny", Denies),
    "endless pages": ("loop", Loops),
}
#: The databases of `tests.sql_databases`, by the fixtures that start them.
_SERVERS = {"sqlite_source_url": "SQLite", "postgres_url": "PostgreSQL", "mariadb_url": "MariaDB"}


@dataclass(frozen=True, slots=True)
class Evidence:
    """One source type, as its code and its contract test have it."""

    name: str
    adapter: type[Any]
    #: The module of its contract test.
    test: ModuleType

    @classmethod
    def of(cls, name: str) -> Evidence:
        """Gather what there is of an installed type."""
        return cls(name, load(name), import_module(f"tests.contract.test_contract_{name}"))

    @property
    def reads(self) -> str:
        """What `leadrelay sources` says of it, without the verb."""
        return (inspect.getdoc(self.adapter) or "").partition("\n")[0].removeprefix("Reads ").rstrip(".")

    @property
    def lookback(self) -> timedelta | None:
        return getattr(self.adapter, "default_lookback", None)

    @property
    def abilities(self) -> list[str]:
        return [word for word, protocol in ABILITIES.items() if issubclass(self.adapter, protocol)]

    @property
    def has_hook(self) -> bool:
        """Whether the vendor's own way of signing webhooks is known."""
        settings = (each for _, each in inspect.getmembers(kinds, inspect.isclass))
        return any(_type_said(each) == self.name for each in settings)

    @property
    def contracts(self) -> list[type[SourceContract]]:
        """The contract of every class of tests, in the file's order."""
        own = (each for each in self._classes() if each.__module__ == self.test.__name__)
        return [_contract(each) for each in own if issubclass(each, SourceContract)]

    @property
    def double(self) -> type[Double] | None:
        """The double of the vendor's API that the suite reads from."""
        return next((each for each in self._classes() if issubclass(each, Double)), None)

    @property
    def servers(self) -> list[str]:
        """The databases that its tests are run on, each a real server or file."""
        return [_SERVERS[fixture] for fixture in getattr(self.test, "SERVERS", ())]

    @property
    def rigs(self) -> list[type[Any]]:
        """What the suite fills, breaks and reads."""
        return [each for each in self._classes() if hasattr(each, "put") and hasattr(each, "source")]

    @property
    def skipped(self) -> list[str]:
        """What the suite does not try, since no rig of this type can bring it about, each with the reason."""
        return [
            f"{word} ({'; '.join(dict.fromkeys(rig.lacks[method] for rig in self.rigs))})"
            for word, (method, part) in _SKIPPED.items()
            if not any(issubclass(rig, part) for rig in self.rigs)
        ]

    def _classes(self) -> list[type[Any]]:
        return [each for each in vars(self.test).values() if inspect.isclass(each)]


def builtin() -> list[str]:
    """Return the types that this package brings along."""
    return [name for name, point in installed().items() if point.dist and point.dist.name == PACKAGE]


def _contract(tests: type[SourceContract]) -> type[SourceContract]:
    for contract in (PositionContract, SnapshotContract):
        if issubclass(tests, contract):
            return contract
    return SourceContract


def _type_said(settings: type[Any]) -> str | None:
    """Return what `type` of a hook's settings has to say."""
    said = getattr(settings, "model_fields", {}).get("type")
    return next(iter(get_args(said.annotation)), None) if said else None
