"""Where a workbook stands in Microsoft Graph: its address there, by whichever settings name it."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sources._excel.settings import MicrosoftExcelSettings


@dataclass(frozen=True, slots=True)
class Place:
    """The address of a file, and what to say when nothing is found there."""

    #: Below `base_url`. It may hold what nobody is to see: see `secret`.
    address: str = field(repr=False)
    #: What comes between it and the content.
    joint: str
    #: The setting that names the file.
    setting: str
    #: The one that says whose files `path` is among; empty: none.
    owner: str = ""
    #: What it takes to read there, as Microsoft calls it.
    permissions: tuple[str, ...] = ("Files.Read.All",)
    #: Sent with each request.
    headers: Mapping[str, str] = field(default_factory=dict)
    #: The part of the address that may let in whoever knows it; empty: none.
    secret: str = field(default="", repr=False)


def place_of(settings: MicrosoftExcelSettings) -> Place:
    """Return where the settings say that the workbook is."""
    if settings.workbook is not None:
        return _shared(settings.workbook, is_person=settings.acts_for_a_person)
    if settings.drive is not None:
        item = f"items/{quote(settings.item or '', safe='!')}"
        return Place(f"/drives/{quote(settings.drive, safe='!')}/{item}", "/", "item")
    if settings.user is not None:
        drive = f"/users/{quote(settings.user, safe='@')}/drive"
        return Place(_by_path(drive, settings), ":/", "path", "user")
    drive = f"{_site(settings.site or '')}/drive"
    permissions = ("Files.Read.All", "Sites.Read.All")
    return Place(_by_path(drive, settings), ":/", "path", "site", permissions)


def _shared(link: str, *, is_person: bool) -> Place:
    """Return the address behind a link. A person need not have opened it before; a program can't open it."""
    token = "u!" + base64.urlsafe_b64encode(link.encode()).decode().rstrip("=")
    headers = {"prefer": "redeemSharingLinkIfNecessary"} if is_person else {}
    return Place(f"/shares/{token}/driveItem", "/", "workbook", headers=headers, secret=token)


def _site(site: str) -> str:
    host, _, path = site.partition("/")
    return f"/sites/{host}:/{quote(path)}:" if path else f"/sites/{host}"


def _by_path(drive: str, settings: MicrosoftExcelSettings) -> str:
    return f"{drive}/root:/{quote(settings.path or '')}"
