"""Google Cloud Storage as the reference of its JSON API (v1) has it: one bucket, its objects, its tokens."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import unquote

from sources._http.clock import SystemClock
from tests.doubles.base import Asked, Reply, route
from tests.doubles.google_sheets import GoogleDouble, key_file

if TYPE_CHECKING:
    from collections.abc import Callable

BUCKET = "leads-made-up"
SCOPE = "https://www.googleapis.com/auth/devstorage.read_only"
#: What the API gives at most in one part of a listing; a page may be smaller.
_MOST = 1000


@dataclass
class Stored:
    """An object in one of its states."""

    name: str
    content: bytes
    generation: int
    #: Composed of parts, it has no MD5.
    composed: bool = False

    def told(self) -> dict[str, Any]:
        md5 = base64.b64encode(hashlib.md5(self.content, usedforsecurity=False).digest()).decode()
        told = {"name": self.name, "size": str(len(self.content)), "generation": str(self.generation)}
        return told if self.composed else told | {"md5Hash": md5}


class GcsDouble(GoogleDouble):
    """A bucket of objects; each upload has a generation of its own."""

    vendor: ClassVar[str] = "gcs"

    def __init__(self) -> None:
        super().__init__(SystemClock())  # Google's library signs by the time of the machine
        self.objects: dict[str, Stored] = {}
        self.page_size = _MOST
        self.public = False
        self.allowed = True
        #: Called before a request is answered, with its path.
        self.before: Callable[[str], object] = lambda _: None
        self._generations = count(1_700_000_000_000_001)

    @property
    def audience(self) -> str:
        """Whom assertions have to be for; Google's library says this one wherever it asks."""
        return "https://oauth2.googleapis.com/token"

    def put(self, name: str, content: bytes, *, composed: bool = False) -> None:
        self.objects[name] = Stored(name, content, next(self._generations), composed)

    def path(self, name: str) -> str:
        return f"gs://{BUCKET}/{name}"

    @property
    def storage(self) -> dict[str, Any]:
        """The settings by which it is reached."""
        return {"endpoint_url": self.url(), "service_account": key_file(token_uri=self.url("/token"))}

    @property
    def fetched(self) -> list[str]:
        """Names of objects whose content was asked for, and ``list`` for each part of a listing."""
        prefix = f"/storage/v1/b/{BUCKET}/o"
        own = [each for each in self.asked(prefix) if each.path == prefix or each.query.get("alt") == "media"]
        return ["list" if each.path == prefix else unquote(each.path[len(prefix) + 1 :]) for each in own]

    def refusal(self, asked: Asked) -> Reply | None:
        """Refuse who brings no token that was granted, and who may not read."""
        self.before(asked.path)
        if asked.path == "/token" or self.public:
            return None
        token = asked.headers.get("authorization", "").removeprefix("Bearer ")
        if not token:
            text = f"Anonymous caller does not have storage.objects.list access to {BUCKET}."
            return failed(401, "required", text)
        if token not in self.tokens or self.claims[-1]["scope"] != SCOPE:
            return failed(401, "authError", "Invalid Credentials")
        if not self.allowed:
            return failed(403, "forbidden", "leads@made-up.iam.gserviceaccount.com does not have access.")
        return None

    @route("GET", f"/storage/v1/b/{BUCKET}/o")
    def listing(self, asked: Asked) -> Any:
        query = asked.query
        prefix, delimiter = query.get("prefix", ""), query.get("delimiter")
        names = [name for name in sorted(self.objects) if name.startswith(prefix)]
        if delimiter:
            names = [name for name in names if delimiter not in name[len(prefix) :]]
        start = int(query.get("pageToken", "0"))
        part = names[start : start + self.page_size]
        told: dict[str, Any] = {"items": [self.objects[name].told() for name in part]} if part else {}
        more = start + len(part)
        return told | ({"nextPageToken": str(more)} if more < len(names) else {})

    @route("GET", f"/storage/v1/b/{BUCKET}/o/([^/]+)")
    def one(self, asked: Asked, name: str) -> Any:
        stored = self.objects.get(unquote(name))
        media = asked.query.get("alt") == "media"
        if stored is None:
            text = f"No such object: {BUCKET}/{unquote(name)}"
            # Content is refused in plain text.
            return Reply(body=text.encode(), status=404) if media else failed(404, "notFound", text)
        wanted = asked.query.get("ifGenerationMatch")
        if wanted is not None and wanted != str(stored.generation):
            return failed(412, "conditionNotMet", "At least one of the pre-conditions did not hold.")
        return Reply(body=stored.content) if media else stored.told()

    def unknown(self, asked: Asked) -> Reply:
        """Refuse a bucket that is not there."""
        del asked
        return failed(404, "notFound", "The specified bucket does not exist.")


def failed(status: int, reason: str, message: str) -> Reply:
    """Return an error as the JSON API writes it."""
    errors = [{"message": message, "domain": "global", "reason": reason}]
    body = json.dumps({"error": {"code": status, "message": message, "errors": errors}})
    return Reply(body=body.encode(), status=status, headers={"Content-Type": "application/json"})
