"""S3 on this machine: moto's server over real HTTP, with a door that can refuse and tells who came."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import count
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ACCESS_KEY, SECRET_KEY, SESSION_TOKEN = (
    "AKIAMADEUPMADEUP0001",
    "made-up/secret+key/0001",
    "made-up-session-0001",
)
REGION = "us-east-1"
_NUMBERS = count(1)


@dataclass
class Refusal:
    """An answer in the place of S3's, as its "Error responses" show it."""

    status: int
    code: str
    message: str
    headers: dict[str, str] = field(default_factory=dict)
    more: str = ""

    def body(self) -> bytes:
        told = f"<Code>{self.code}</Code><Message>{self.message}</Message>{self.more}"
        return (
            f'<?xml version="1.0" encoding="UTF-8"?><Error>{told}<RequestId>0A</RequestId></Error>'.encode()
        )


class S3Server:
    """A running server, and the requests that it was asked."""

    def __init__(self) -> None:
        from moto.core import DEFAULT_ACCOUNT_ID
        from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
        from moto.s3.models import s3_backends

        self.asked: list[str] = []
        #: What the next requests, or all of them, are refused by.
        self.refusals: list[Refusal] = []
        self.refuse_all: Refusal | None = None
        #: Called before a request is answered, with what it asks for.
        self.before: Callable[[str], object] = lambda _: None
        self.url = ""
        self._backend: Any = s3_backends[DEFAULT_ACCOUNT_ID]["aws"]
        self._moto = DomainDispatcherApplication(create_backend_app)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Answer a request: refused at the door, or by moto."""
        query = f"?{environ['QUERY_STRING']}" if environ["QUERY_STRING"] else ""
        asked = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}{query}"
        self.asked.append(asked)
        self.before(asked)
        refusal = self.refuse_all or (self.refusals.pop(0) if self.refusals else None)
        if refusal is None:
            return self._moto(environ, start_response)
        status = f"{refusal.status} {HTTPStatus(refusal.status).phrase}"
        start_response(status, [("Content-Type", "application/xml"), *refusal.headers.items()])
        return [refusal.body()]

    def forget(self) -> None:
        """Begin anew, for another test."""
        self.asked.clear()
        self.refusals.clear()
        self.refuse_all = None
        self.before = lambda _: None

    def bucket(self, region: str = REGION) -> Bucket:
        """Return an empty bucket of the test's own."""
        name = f"bucket-{next(_NUMBERS)}"
        self._backend.create_bucket(name, region)
        return Bucket(name, self, self._backend)


@dataclass
class Bucket:
    """A bucket, filled without a request."""

    name: str
    server: S3Server
    _backend: Any

    def put(self, key: str, content: bytes) -> None:
        self._backend.put_object(self.name, key, content)

    def delete(self, key: str) -> None:
        self._backend.delete_object(self.name, key)

    def path(self, key: str) -> str:
        return f"s3://{self.name}/{key}"

    @property
    def storage(self) -> dict[str, Any]:
        """The settings by which it is reached."""
        return {"endpoint_url": self.server.url, "access_key_id": ACCESS_KEY, "secret_access_key": SECRET_KEY}

    @property
    def asked(self) -> list[str]:
        """What this bucket was asked for: keys, and ``list`` for each part of a listing."""
        lists = f"GET /{self.name}?list-type=2"
        own = (each for each in self.server.asked if each.startswith(f"GET /{self.name}"))
        return ["list" if each.startswith(lists) else each.split("/", 2)[2] for each in own]


@contextmanager
def running_s3() -> Iterator[S3Server]:
    """Run the server on a free port of this machine."""
    from moto.moto_server.werkzeug_app import MotoRequestHandler
    from werkzeug.serving import make_server

    server = S3Server()
    web = make_server("127.0.0.1", 0, server, threaded=True, request_handler=MotoRequestHandler)
    server.url = f"http://127.0.0.1:{web.server_port}"
    thread = threading.Thread(target=web.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        web.shutdown()
        thread.join()
        web.server_close()
