"""Settings that every CRM has, and the check that one whole way of proving who we are is given."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self, TypeAlias

from pydantic import ConfigDict, Field, model_validator

from sources.base import SourceSettings

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

#: See `CrmSettings.ways`.
Ways: TypeAlias = "tuple[tuple[str, ...], ...]"
#: For `timeout: Duration`, which every adapter has, after what matters more.
TIMEOUT: Final[Any] = Field(
    timedelta(seconds=30), description="For each wait on the network.", examples=["30s"]
)


class CrmSettings(SourceSettings):
    """Base of the settings of CRMs: errors about them never repeat what was given."""

    model_config = ConfigDict(hide_input_in_errors=True)

    #: The ways to prove who we are, each with the settings that it takes; none: there is nothing to choose.
    ways: ClassVar[Ways] = ()

    @model_validator(mode="after")
    def _by_one_way(self) -> Self:
        if self.ways:
            way_in(self, self.ways)
        return self


def or_by_an_app(*others: str, public: bool = False) -> Ways:
    """Return the ways in of a vendor that takes one of these settings, or an application of ours.

    Args:
        others: settings that are a way in by themselves.
        public: whether the application need not have a secret.

    """
    app = ("client_id", "client_secret")
    apps = [app, *([("client_id",)] if public else [])]
    return (*((each,) for each in others), *apps, *((*each, "refresh_token") for each in apps))


def pace(default: str, about: str, example: str) -> Any:
    """Return the field of a `RateLimit`. Its default is text, as people write it: that is what they see."""
    return Field(default, description=about, examples=[example], validate_default=True)


def way_in(settings: SourceSettings, ways: Collection[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the names of the settings by which to prove who we are.

    Args:
        settings: where they stand; None: not given.
        ways: for each way the settings that it takes, all of them.

    Raises:
        ValueError: when they are not exactly one of the ways; says which there are and what is given.

    """
    names = dict.fromkeys(name for way in ways for name in way)
    given = [name for name in names if getattr(settings, name) is not None]
    for way in ways:
        if set(given) == set(way):
            return way
    told = _and(given) if given else "nothing of that"
    raise ValueError(f"it needs {'; or '.join(map(_and, ways))}. There is {told}")


def _and(names: Iterable[str]) -> str:
    """Return ``client_id, client_secret and refresh_token``."""
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
