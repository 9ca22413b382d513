"""The section `hooks:`, and what the `hook` of a source needs besides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.config._section import section_at
from sync.hooks import HooksSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sync.config._config import SourceConfig
    from sync.config._document import Document

_AT = ("hooks",)


def read_hooks(document: Document, sources: Mapping[str, SourceConfig]) -> HooksSettings | None:
    """Return where webhooks are taken; None, with the reason noted, when the section is wrong."""
    hooks: HooksSettings | None = HooksSettings()
    if document.located.has(_AT):
        data = section_at(document, _AT)
        hooks = None if data is None else document.validate(HooksSettings, data, _AT)
    if hooks is not None:
        for name, source in sources.items():
            _check(document, name, source, hooks)
    return hooks


def _check(document: Document, name: str, source: SourceConfig, hooks: HooksSettings) -> None:
    hook, at = source.options.hook, ("sources", name, "hook")
    if hook is None:
        return
    if source.options.schedule is None:
        document.refuse(at, "needs a `schedule` as well: a call can get lost, and polling makes up for it")
    if hook.signs_url and hooks.url is None:
        document.refuse(
            at,
            f"{hook.type} signs the address that it calls: say what that is, as in "
            "`hooks: { url: https://hooks.example.com }`",
        )
