"""What a checked connector.yaml says, frozen. No ``repr`` here shows a setting's value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from sync.hooks import HooksSettings
from sync.located_yaml import ConfigProblem, dotted

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sources.base import Source, SourceSettings
    from sources.errors import BadConfig
    from sync.config.options import SourceOptions
    from sync.config.state import State
    from sync.located_yaml import Located, Mark
    from sync.mapping import Mapping as LeadMapping

    AnyClass: TypeAlias = type[Any]
    SourceClass: TypeAlias = type[Source]


@dataclass(frozen=True, slots=True)
class EndpointConfig:
    """One endpoint: where leads go."""

    #: The name in ``endpoints:``; of a single ``endpoint:`` it is `DEFAULT_ENDPOINT`.
    name: str
    type: str
    #: The endpoint's class, to be made with ``adapter(settings)``.
    adapter: AnyClass
    #: An instance of ``adapter.Settings``.
    settings: Any = field(repr=False)
    mark: Mark


@dataclass(frozen=True, slots=True)
class SourceConfig:
    """One source: where leads come from."""

    name: str
    type: str
    #: The adapter's class, to be made with ``adapter(settings, context)``.
    adapter: SourceClass
    #: What every source can be told.
    options: SourceOptions = field(repr=False)
    #: An instance of ``adapter.Settings``.
    settings: SourceSettings = field(repr=False)
    #: The compiled mapping.
    mapping: LeadMapping = field(repr=False)
    #: The name of the endpoint its leads go to.
    endpoint: str
    mark: Mark

    @property
    def vain_filter(self) -> str | None:
        """Say that `created_after` filters nothing, where no lead says when it was created."""
        if self.options.created_after is None or "createdAt" in self.mapping.fills:
            return None
        return "created_after filters nothing: the mapping has no createdAt"


@dataclass(frozen=True, slots=True)
class Config:
    """The whole file."""

    path: Path
    #: What relative paths in the file are relative to.
    directory: Path
    endpoints: Mapping[str, EndpointConfig]
    state: State
    sources: Mapping[str, SourceConfig]
    located: Located = field(repr=False)
    #: Where webhooks are taken, once a source has a `hook`.
    hooks: HooksSettings = field(default_factory=HooksSettings)

    def mark(self, *path: str | int) -> Mark:
        """Return where a setting stands, as in ``mark("sources", "crm", "key")``, or its section."""
        value = self.located.value(path)
        whole = value is None or isinstance(value, dict)
        return self.located.key_mark(path) if whole else self.located.mark(path)

    def source_problem(self, name: str, error: BadConfig) -> ConfigProblem:
        """Return what an adapter found wrong with its settings, with the place of the setting."""
        path = ("sources", name, *(error.setting.split(".") if error.setting else ()))
        return ConfigProblem(dotted(path), str(error), self.mark(*path))
