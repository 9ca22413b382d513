"""Azure Blob Storage as its REST reference has it: one account with one container, its blobs and its key."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import unquote
from xml.sax.saxutils import escape

from sources._http.clock import SystemClock
from tests.doubles.base import Asked, Double, Reply, route

if TYPE_CHECKING:
    from collections.abc import Callable

ACCOUNT, CONTAINER = "leadsmadeup", "exports"
KEY = base64.b64encode(b"made-up account key of leads").decode()
SAS = "sv=2025-01-05&sp=rl&sig=made-up-signature"
_MODIFIED = "Wed, 04 Mar 2026 12:00:00 GMT"
#: Headers that are signed, in this order ("Authorize with Shared Key").
_SIGNED = "content-encoding content-language content-length content-md5 content-type date if-modified-since"
_SIGNED += " if-match if-none-match if-unmodified-since range"


@dataclass
class Blob:
    """A blob in one of its states."""

    name: str
    content: bytes
    etag: str
    metadata: dict[str, str] = field(default_factory=dict)

    def listed(self) -> str:
        told = {"Last-Modified": _MODIFIED, "Etag": self.etag, "Content-Length": len(self.content)}
        properties = "".join(f"<{name}>{value}</{name}>" for name, value in told.items())
        metadata = "".join(f"<{name}>{value}</{name}>" for name, value in self.metadata.items())
        parts = f"<Properties>{properties}<BlobType>BlockBlob</BlobType></Properties>"
        return f"<Blob><Name>{escape(self.name)}</Name>{parts}<Metadata>{metadata}</Metadata></Blob>"

    @property
    def headers(self) -> dict[str, str]:
        told = {"ETag": f'"{self.etag}"', "Last-Modified": _MODIFIED, "x-ms-blob-type": "BlockBlob"}
        return told | {"Content-Length": str(len(self.content)), "Content-Type": "text/csv"}


class AzureBlobDouble(Double):
    """An account whose address has its name in the path, as Azurite's has."""

    vendor: ClassVar[str] = "azure"

    def __init__(self) -> None:
        super().__init__(SystemClock())
        self.blobs: dict[str, Blob] = {}
        self.page_size = 5000
        self.public = False
        #: Called before a request is answered.
        self.before: Callable[[Asked], object] = lambda _: None
        self._etags = count(0x8DE79F0C0000001)

    def put(self, name: str, content: bytes, **metadata: str) -> None:
        self.blobs[name] = Blob(name, content, f"0x{next(self._etags):X}", metadata)

    def path(self, name: str) -> str:
        return f"az://{CONTAINER}/{name}"

    @property
    def storage(self) -> dict[str, Any]:
        """The settings by which it is reached."""
        account = f"DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={KEY}"
        return {"connection_string": f"{account};BlobEndpoint={self.url(f'/{ACCOUNT}')};"}

    @property
    def fetched(self) -> list[str]:
        """Names of blobs whose content was asked for, and ``list`` for each part of a listing."""
        prefix = f"/{ACCOUNT}/{CONTAINER}"
        own = [each for each in self.asked(prefix) if each.method == "GET"]
        return ["list" if each.path == prefix else unquote(each.path[len(prefix) + 1 :]) for each in own]

    def refusal(self, asked: Asked) -> Reply | None:
        """Refuse who does not sign with the account's key."""
        self.before(asked)
        said = asked.headers.get("authorization")
        if self.public or (said is None and asked.query.get("sig") == "made-up-signature"):
            return None
        if said is None:
            return failed(401, "NoAuthenticationInformation", "Server failed to authenticate the request.")
        if said != f"SharedKey {ACCOUNT}:{_signature(asked)}":
            text = "Server failed to authenticate the request.\nString to sign used was GET secret"
            return failed(403, "AuthenticationFailed", text)
        return None

    @route("GET", f"/{ACCOUNT}/{CONTAINER}")
    def listing(self, asked: Asked) -> Reply:
        query = asked.query
        assert (query["restype"], query["comp"]) == ("container", "list")
        prefix, delimiter = query.get("prefix", ""), query.get("delimiter")
        found: dict[str, str] = {}
        for name in sorted(self.blobs):
            if name.startswith(prefix):
                inner, slash, _ = name[len(prefix) :].partition(delimiter or "\0")
                below = f"<BlobPrefix><Name>{escape(prefix + inner + slash)}</Name></BlobPrefix>"
                found[prefix + inner + slash] = below if slash else self.blobs[name].listed()
        start = int(query.get("marker") or "0")
        part = list(found.values())[start : start + self.page_size]
        more = start + len(part)
        following = str(more) if more < len(found) else ""
        asked_for = f"<Prefix>{escape(prefix)}</Prefix>" + (
            f"<Delimiter>{delimiter}</Delimiter>" if delimiter else ""
        )
        body = f"{asked_for}<Blobs>{''.join(part)}</Blobs><NextMarker>{following}</NextMarker>"
        place = f'ServiceEndpoint="{self.url()}" ContainerName="{CONTAINER}"'
        return _xml(f"<EnumerationResults {place}>{body}</EnumerationResults>", 200, {})

    @route("HEAD", f"/{ACCOUNT}/{CONTAINER}/(.+)")
    def properties(self, asked: Asked, name: str) -> Reply:
        del asked
        blob = self.blobs.get(unquote(name))
        if blob is None:
            return Reply(status=404, headers={"x-ms-error-code": "BlobNotFound"})
        return Reply(body=b"", headers=blob.headers)

    @route("GET", f"/{ACCOUNT}/{CONTAINER}/(.+)")
    def content(self, asked: Asked, name: str) -> Reply:
        blob = self.blobs.get(unquote(name))
        if blob is None:
            return failed(404, "BlobNotFound", "The specified blob does not exist.")
        if asked.headers.get("if-match") not in (None, "*", f'"{blob.etag}"'):
            return failed(412, "ConditionNotMet", "The condition specified was not met.")
        span = asked.headers.get("x-ms-range")
        if span is None:
            return Reply(body=blob.content, headers=blob.headers)
        first, last = map(int, span.removeprefix("bytes=").split("-"))
        if first >= len(blob.content):
            return failed(416, "InvalidRange", "The range specified is invalid.")
        part = blob.content[first : last + 1]
        told = {"Content-Range": f"bytes {first}-{first + len(part) - 1}/{len(blob.content)}"}
        return Reply(body=part, status=206, headers=blob.headers | told | {"Content-Length": str(len(part))})

    def unknown(self, asked: Asked) -> Reply:
        """Refuse a container that is not there."""
        code = "ContainerNotFound"
        if asked.method == "HEAD":
            return Reply(status=404, headers={"x-ms-error-code": code})
        return failed(404, code, "The specified container does not exist.")


def _signature(asked: Asked) -> str:
    """Return what a request is signed by, as "Authorize with Shared Key" has it."""
    signed = [asked.method, *(asked.headers.get(name, "") for name in _SIGNED.split())]
    signed += [f"{name}:{value}" for name, value in sorted(asked.headers.items()) if name.startswith("x-ms-")]
    query = "".join(f"\n{name}:{value}" for name, value in sorted(asked.query.items()))
    text = "\n".join(signed) + f"\n/{ACCOUNT}{asked.path}{query}"
    return base64.b64encode(hmac.digest(base64.b64decode(KEY), text.encode(), hashlib.sha256)).decode()


def failed(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> Reply:
    """Return an error as the Blob service writes it."""
    body = f"<Error><Code>{code}</Code><Message>{message}\nRequestId:0</Message></Error>"
    return _xml(body, status, {"x-ms-error-code": code, **(headers or {})})


def _xml(body: str, status: int, headers: dict[str, str]) -> Reply:
    text = f'<?xml version="1.0" encoding="utf-8"?>{body}'
    return Reply(body=text.encode(), status=status, headers={"Content-Type": "application/xml", **headers})
