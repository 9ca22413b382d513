"""The company's CRM: an HTTP API with a bearer token, pages, and ``updated_since``."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from demo.people import people

#: What the API wants to be shown.
TOKEN = "demo-token"  # noqa: S105 - it opens nothing but this demo
#: Records that the API gives at once, whatever is asked for.
PAGE_SIZE = 10
COUNT = 24
#: Stages that are dealt out in turn.
_STAGES = ("new", "open", "won")
_LOST = (705, 716)
#: Whose phone number was noted without its area code.
SHORT_PHONE = 709
_FIRST_ID = 701


class Crm:
    """A CRM with its records, and the server that gives them out. Used as a context manager."""

    def __init__(self, now: datetime) -> None:
        """Take the time that it is, an aware datetime: the records are some days old then."""
        self._records = {record["id"]: record for record in _records(now)}
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Self:
        """Begin to answer."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        """The address that lists the records."""
        return f"http://127.0.0.1:{self._server.server_port}/api/v1/leads"

    def change(self, key: int, now: datetime, **changes: Any) -> None:
        """Change fields of a record, or of its person."""
        with self._lock:
            record = self._records[key]
            for name, value in changes.items():
                (record if name in record else record["person"])[name] = value
            record["updated_at"] = _written(now)

    def page(self, since: str | None, cursor: str | None) -> dict[str, Any]:
        """Return a page of what changed at a time or later, and the cursor of the next page.

        Args:
            since: an ISO time, None for everything.
            cursor: as the page before gave it, None for the first page.

        """
        begin = int(cursor or 0)
        with self._lock:
            wanted = sorted(self._records.values(), key=lambda record: (record["updated_at"], record["id"]))
            if since:
                wanted = [record for record in wanted if _time(record["updated_at"]) >= _time(since)]
            shown = json.loads(json.dumps(wanted[begin : begin + PAGE_SIZE]))
        more = begin + PAGE_SIZE < len(wanted)
        return {"data": shown, "meta": {"next_cursor": str(begin + PAGE_SIZE) if more else None}}


def _records(now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "id": key,
            "stage": "lost" if key in _LOST else _STAGES[key % len(_STAGES)],
            "person": {
                "id": f"c-{key}",
                "first_name": person.first,
                "last_name": person.last,
                "phone": "555-0108" if key == SHORT_PHONE else person.phone_as_written,
                "email": person.email,
            },
            "campaign": {"channel": ("radio", "search", None)[key % 3]},
            "service": ("roofing", "siding")[key % 2],
            "estimate": key % 7 * 2500 or None,
            "created_at": _written(now - timedelta(days=40 - number, hours=3)),
            "updated_at": _written(now - timedelta(days=30 - number)),
        }
        for number, (key, person) in enumerate(
            zip(range(_FIRST_ID, _FIRST_ID + COUNT), people(COUNT, "804"), strict=True)
        )
    ]


def _written(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _handler(crm: Crm) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.headers.get("Authorization") != f"Bearer {TOKEN}":
                self._answer(401, {"error": "a bearer token is needed"})
                return
            query = {name: values[-1] for name, values in parse_qs(urlsplit(self.path).query).items()}
            self._answer(200, crm.page(query.get("updated_since"), query.get("cursor")))

        def _answer(self, status: int, document: dict[str, Any]) -> None:
            body = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing: what is read is told by leadrelay."""

    return Handler
