"""One file in Microsoft Graph, and its content at another host, as references and reports have them."""

from __future__ import annotations

import base64
import csv
import io
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import unquote

from tests.doubles.base import Asked, Double, Limit, Reply, route, running
from tests.doubles.entra import Entra
from tests.doubles.microsoft_excel_answers import CONTENT_PATH, failed, sign_in_page, throttled
from tests.rest_server import NOW, Api, serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from datetime import datetime

    from sources.http import Clock

LINK = "https://contoso.sharepoint.com/:x:/s/Sales/EaMadeUpLink_0123456789?e=1a2b3c"
DRIVE, ITEM = "b!made-up-drive", "01MADEUPITEM"
SITE, USER, PATH = "contoso.sharepoint.com/sites/Sales", "ada@contoso.example.com", "Leads/Spring 100%.xlsx"
_GUID = "{8F6A2C1E-5B0D-4C3A-9A55-0123456789AB}"


@dataclass
class File:
    """A file in a document library."""

    content: bytes = b""
    name: str = "Leads.xlsx"
    #: Counts all changes; and
    tag: int = 1
    #: those of the content.
    content_tag: int = 1
    saved: datetime = NOW - timedelta(hours=2)
    #: What is given as its content although it is older.
    stale: bytes | None = None
    #: What it has besides, or in the place of `file`.
    facets: dict[str, Any] = field(default_factory=lambda: {"file": {"mimeType": "application/octet-stream"}})

    def save(self, content: bytes) -> None:
        """Write it anew; its times and tags move."""
        self.content = content
        self.tag, self.content_tag = self.tag + 1, self.content_tag + 1
        self.saved += timedelta(seconds=1)

    def described(self) -> dict[str, Any]:
        return {
            "id": ITEM,
            "name": self.name,
            "eTag": f'"{_GUID},{self.tag}"',
            "cTag": f'"c:{_GUID},{self.content_tag}"',
            "size": len(self.content),
            "lastModifiedDateTime": f"{self.saved:%Y-%m-%dT%H:%M:%SZ}",
            "parentReference": {"driveType": "documentLibrary", "driveId": DRIVE},
            **self.facets,
        }


class GraphDouble(Double):
    """One file, and an app that may read it, for itself or for a person."""

    vendor: ClassVar[str] = "microsoft-graph"

    def __init__(self, clock: Clock | None = None) -> None:
        super().__init__(clock)
        self.file = File()
        #: The server that has the content. It is another one than Graph.
        self.elsewhere = Api(self.answer_elsewhere)
        self.roles = {"Files.Read.All"}
        self.person_may = True
        self.entra = Entra(self.clock, "")
        self.quota = Limit(1200, 60.0)
        #: Addresses of content that were given, each as it has to be asked for.
        self.given: set[str] = set()
        #: What happens before each of the next contents is given, one after another.
        self.meanwhile: list[Callable[[], None]] = []

    def refusal(self, asked: Asked) -> Reply | None:
        """Refuse requests of nobody, too many of them, and those of who may not read."""
        if not asked.path.startswith("/v1.0/"):
            return None
        if not self.entra.knows(asked.headers.get("authorization", "")):
            return failed(
                401, "InvalidAuthenticationToken", "Lifetime validation failed, the token is expired."
            )
        if self.quota.is_over(self.clock.monotonic()):
            return throttled(30)
        if not (self.person_may if self._is_of_a_person(asked) else self.roles):
            return failed(403, "accessDenied", "Access denied")
        return None

    @route("POST", "/(.+)/oauth2/v2.0/token")
    def token(self, asked: Asked, tenant: str) -> Reply:
        self.entra.resource = self.url()
        return self.entra.token(asked, tenant)

    @route("GET", "/.+/oauth2/v2.0/authorize")
    def page(self, asked: Asked) -> Reply:
        return self.entra.page(asked)

    @route("GET", r"/v1\.0(/.+?)")
    def files(self, asked: Asked, address: str) -> Reply:
        item = address.removesuffix(":/content" if "/root:/" in address else "/content")
        if not self._is_meant(item, asked):
            return failed(404, "itemNotFound", "The resource could not be found.")
        if item == address:
            return Reply(self.file.described())
        if "file" not in self.file.facets:
            return failed(400, "notAFile", "The resource is not a file.")
        return self._sent_on()

    @route("GET", CONTENT_PATH)
    def content(self, asked: Asked) -> Reply:
        """Give the content to whoever has the address, letter by letter; a token is refused there."""
        if "authorization" in asked.headers or asked.target not in self.given:
            return sign_in_page()
        if self.meanwhile:
            self.meanwhile.pop(0)()
        body = self.file.content if self.file.stale is None else self.file.stale
        return Reply(body=body, headers={"Content-Type": "application/octet-stream"})

    @property
    def downloads(self) -> list[Asked]:
        """The requests so far for content."""
        return self.elsewhere.asked

    def answer_elsewhere(self, asked: Asked) -> Reply:
        """Answer a request to the server that has the content."""
        assert asked.path == CONTENT_PATH
        return self.answer(asked)

    def _is_of_a_person(self, asked: Asked) -> bool:
        number = asked.headers["authorization"].rpartition(".")[2]
        return "offline_access" in self.entra.scopes[int(number) - 1]

    def _sent_on(self) -> Reply:
        number = len(self.given) + 1
        # Not in the order that anything would sort them in, and with what needs no escaping escaped.
        target = f"{CONTENT_PATH}?UniqueId=8f6a%2D2c1e&tempauth=v1.tempauth-made-up-{number}&ApiVersion=2.0"
        self.given.add(target)
        return Reply(status=302, headers={"Location": self.elsewhere.base + target})

    def _is_meant(self, address: str, asked: Asked) -> bool:
        """Tell whether an address is one of those of the file, which has several."""
        host, _, site = SITE.partition("/")
        by_path = (f"/sites/{host}:/{site}:/drive/root:/{PATH}", f"/users/{USER}/drive/root:/{PATH}")
        if unquote(address) in (f"/drives/{DRIVE}/items/{ITEM}", *by_path):
            return True
        token = address.removeprefix("/shares/u!").removesuffix("/driveItem")
        if len(token) + len("/shares/u!/driveItem") != len(address):
            return False
        assert not {"=", "+", "/"} & set(token)
        redeems = asked.headers.get("prefer") == "redeemSharingLinkIfNecessary"
        return base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode() == LINK and (
            redeems == self._is_of_a_person(asked)
        )


@asynccontextmanager
async def graph() -> AsyncIterator[GraphDouble]:
    """Run Graph, and on another port the server that has the content."""
    async with running(GraphDouble()) as double, serving(double.answer_elsewhere) as double.elsewhere:
        yield double


def xlsx_of(*rows: list[Any], **more: list[list[Any]]) -> bytes:
    """Return a workbook with a sheet called Leads, and more by their names."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for title, cells in {"Leads": rows, **more}.items():
        sheet = book.create_sheet(title)
        for row in cells:
            sheet.append(row)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def csv_of(*rows: list[Any]) -> bytes:
    """Return a text file."""
    held = io.StringIO()
    csv.writer(held).writerows(rows)
    return held.getvalue().encode()
