"""What a project begins with, by type of source: the section of connector.yaml and a mapping.

Any package that registers a source type may bring both: ``starters/TYPE.source.yaml`` and
``starters/TYPE.mapping.yaml`` in the outermost package that its entry point names.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint
    from importlib.resources.abc import Traversable

_FOLDER = "starters"


@dataclass(frozen=True, slots=True)
class Starter:
    """Two pieces of YAML that work together."""

    #: The name of the source with its settings below, as it stands under ``sources:``, not indented.
    source: str
    #: The mapping that the section names.
    mapping: str


def starter_of(point: EntryPoint) -> Starter | None:
    """Return what the package of an adapter brings to begin with, None for nothing.

    Nothing of the adapter is imported but the package that it is in.
    """
    try:
        folder = files(_package(point.module)) / _FOLDER
    except (ImportError, TypeError, OSError):  # broken or a lone module: `load` says what is wrong with it
        return None
    source, mapping = (_text(folder / f"{point.name}.{what}.yaml") for what in ("source", "mapping"))
    return Starter(source, mapping) if source is not None and mapping is not None else None


def _package(module: str) -> str:
    """Return the outermost package: ``sources`` of ``sources.hubspot``, ``mycrm`` of ``mycrm``."""
    return module.partition(".")[0]


def _text(file: Traversable) -> str | None:
    return file.read_text(encoding="utf-8") if file.is_file() else None
