"""Google Sheets, Drive and Google's token endpoint as their references and client libraries have them."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import unquote

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from sources._sheets.wording import index_of
from tests.doubles.base import Asked, Double, Limit, Reply, route

if TYPE_CHECKING:
    from collections.abc import Callable

    from sources.http import Clock

ID = "1AbMadeUp_Spreadsheet-0123456789"
EMAIL = "leads@made-up.iam.gserviceaccount.com"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
CLIENT = ("client-made-up.apps.googleusercontent.com", "GOCSPX-made-up")
REFRESH = "1//refresh-made-up"
_DAY_ZERO = datetime(1899, 12, 30)
_RANGE = re.compile(r"'(?P<title>(?:[^']|'')+)'(?:!(?P<c1>[A-Z]*)(?P<r1>\d+):(?P<c2>[A-Z]*)(?P<r2>\d*))?")


@cache
def pem() -> str:
    """Return the private key of the service account."""
    form = serialization.PrivateFormat.PKCS8
    secured = serialization.NoEncryption()
    return KEY.private_bytes(serialization.Encoding.PEM, form, secured).decode()


def key_file(**said: Any) -> str:
    """Return the JSON key of the service account."""
    return json.dumps({"type": "service_account", "client_email": EMAIL, "private_key": pem(), **said})


@dataclass
class Tab:
    """A sheet. Cells are text, numbers, bools, dates, datetimes, times and timedeltas; "" is blank."""

    title: str
    id: int
    cells: list[list[Any]] = field(default_factory=list)
    hidden: bool = False
    kind: str = "GRID"
    #: Blank rows that the grid has below those with cells, and its columns.
    spare: int = 1000
    columns: int = 26

    def described(self, index: int) -> dict[str, Any]:
        size = {
            "rowCount": len(self.cells) + self.spare,
            "columnCount": max([self.columns, *map(len, self.cells)]),
        }
        told = {"sheetId": self.id, "title": self.title, "index": index, "sheetType": self.kind}
        return {"properties": {**told, "gridProperties": size, **({"hidden": True} if self.hidden else {})}}


class GoogleDouble(Double):
    """One spreadsheet in a Google Drive."""

    vendor: ClassVar[str] = "google"

    def __init__(self, clock: Clock | None = None) -> None:
        super().__init__(clock)
        self.tabs = [Tab("Leads", 0)]
        self.zone = "America/New_York"
        self.version = 1
        self.quota = Limit(60, 60.0)
        self.shared = True
        self.scopes = {"sheets", "drive"}
        self.tokens: set[str] = set()
        self.claims: list[dict[str, Any]] = []
        #: What happens after each of the next readings of cells, one after another.
        self.meanwhile: list[Callable[[], None]] = []

    @property
    def audience(self) -> str:
        """Whom assertions have to be for."""
        return self.url("/token")

    def edit(self, cells: list[list[Any]], at: int = 0) -> None:
        """Write all cells of a sheet anew; Drive hears of it."""
        self.tabs[at].cells = cells
        self.version += 1

    def refusal(self, asked: Asked) -> Reply | None:
        """Refuse requests without a token that was granted, and those that are too many."""
        if asked.path == "/token":
            return None
        if asked.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return failed(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
        if asked.path.startswith("/v4/") and self.quota.is_over(self.clock.monotonic()):
            return over_quota()
        return None

    @route("POST", "/token")
    def grant(self, asked: Asked) -> Reply:
        form = asked.form
        if form["grant_type"] == "refresh_token":
            if (form["client_id"], form["client_secret"]) != CLIENT:
                return Reply({"error": "invalid_client", "error_description": "Unauthorized"}, status=401)
            bad = None if form["refresh_token"] == REFRESH else "Token has been expired or revoked."
        else:
            bad = self._refused(form["assertion"])
        if bad:
            return Reply({"error": "invalid_grant", "error_description": bad}, status=400)
        token = f"ya29.made-up-{len(self.tokens) + 1}"
        self.tokens.add(token)
        return Reply({"access_token": token, "expires_in": 3599, "token_type": "Bearer"})

    @route("GET", f"/drive/v3/files/{ID}")
    def file(self, asked: Asked) -> Any:
        assert asked.query["fields"] == "version,modifiedTime"
        if "drive" not in self.scopes:
            return _insufficient_for_drive()
        edited = datetime(2026, 3, 4, 11) + timedelta(seconds=self.version)
        return {"version": str(self.version), "modifiedTime": f"{edited:%Y-%m-%dT%H:%M:%S}.000Z"}

    @route("GET", f"/v4/spreadsheets/{ID}")
    def book(self, asked: Asked) -> Any:
        del asked
        if not self.shared:
            return failed(403, "PERMISSION_DENIED", "The caller does not have permission")
        properties = {"title": "Leads of 2026", "timeZone": self.zone}
        return {"properties": properties, "sheets": [tab.described(at) for at, tab in enumerate(self.tabs)]}

    @route("GET", f"/v4/spreadsheets/{ID}/values/(.+)")
    def values(self, asked: Asked, where: str) -> Any:
        found = _RANGE.fullmatch(unquote(where))
        title = found["title"].replace("''", "'") if found else ""
        tab = next((tab for tab in self.tabs if tab.title == title), None)
        if found is None or tab is None:
            return failed(400, "INVALID_ARGUMENT", f"Unable to parse range: {unquote(where)}")
        rows = tab.cells
        if found["r1"]:
            rows = rows[int(found["r1"]) - 1 : int(found["r2"]) if found["r2"] else None]
        if found["r1"] and found["c2"]:
            rows = [row[: index_of(found["c2"]) + 1] for row in rows]
        shown = _trimmed([[_shown(cell, asked.query) for cell in row] for row in rows])
        reply = Reply(
            {"range": unquote(where), "majorDimension": "ROWS", **({"values": shown} if shown else {})}
        )
        reply.body = json.dumps(reply.data).encode()  # as it is now
        if self.meanwhile:
            self.meanwhile.pop(0)()
        return reply

    def unknown(self, asked: Asked) -> Reply:
        """Answer as Google does for an id that it does not know."""
        del asked
        return failed(404, "NOT_FOUND", "Requested entity was not found.")

    def _refused(self, assertion: str) -> str | None:
        header, claims, signature = assertion.split(".")
        said = json.loads(_decoded(claims))
        self.claims.append(said)
        now = self.clock.now().timestamp()
        try:
            signed = f"{header}.{claims}".encode()
            KEY.public_key().verify(_decoded(signature), signed, padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            return "Invalid JWT Signature."
        if said["iss"] != EMAIL:
            return "Invalid grant: account not found"
        if not (said["iat"] <= now + 60 and now < said["exp"] <= said["iat"] + 3600):
            return "Invalid JWT: Token must be a short-lived token (60 minutes), in a reasonable timeframe."
        return None if said["aud"] == self.audience else "Invalid JWT: audience is wrong."


def failed(code: int, status: str, message: str, reason: str | None = None) -> Reply:
    """Return an error as the Sheets API writes it."""
    details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason}] if reason else []
    error = {"code": code, "message": message, "status": status, **({"details": details} if details else {})}
    return Reply({"error": error}, status=code)


def over_quota() -> Reply:
    """Return what comes in the place of the 61st answer of a minute, without any Retry-After."""
    text = (
        "Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute per user' "
        "of service 'sheets.googleapis.com' for consumer 'project_number:1'."
    )
    return failed(429, "RESOURCE_EXHAUSTED", text, "RATE_LIMIT_EXCEEDED")


def _insufficient_for_drive() -> Reply:
    """Return an error as the Drive API writes it."""
    errors = [{"domain": "global", "reason": "insufficientPermissions", "message": "Insufficient Permission"}]
    return Reply({"error": {"errors": errors, "code": 403, "message": "Insufficient Permission"}}, status=403)


def _shown(cell: Any, query: dict[str, str]) -> Any:
    """Return a cell as it is asked for: by default everything is text in the locale's form."""
    if isinstance(cell, bool) or not isinstance(cell, (int, float, date, time, timedelta)):
        return cell
    formatted = query.get("valueRenderOption", "FORMATTED_VALUE") == "FORMATTED_VALUE"
    if isinstance(cell, (int, float)):
        return f"{cell:,}" if formatted else cell
    if formatted or query.get("dateTimeRenderOption") == "FORMATTED_STRING":
        return _written(cell)
    return _serial(cell)


def _written(cell: date | time | timedelta) -> str:
    if isinstance(cell, timedelta):
        return f"{cell // timedelta(hours=1)}:{cell.seconds // 60 % 60:02}:{cell.seconds % 60:02}"
    if isinstance(cell, time):
        return f"{cell:%I:%M:%S %p}"
    return f"{cell:%m/%d/%Y %H:%M:%S}" if isinstance(cell, datetime) else f"{cell:%m/%d/%Y}"


def _serial(cell: date | time | timedelta) -> float:
    if isinstance(cell, time):
        cell = timedelta(hours=cell.hour, minutes=cell.minute, seconds=cell.second)
    elif not isinstance(cell, timedelta):
        at = cell if isinstance(cell, datetime) else datetime.combine(cell, time())
        cell = at - _DAY_ZERO
    days = cell / timedelta(days=1)
    return int(days) if days.is_integer() else days


def _trimmed(rows: list[list[Any]]) -> list[list[Any]]:
    """Leave out blank cells at the end of rows, and blank rows at the end."""
    for row in rows:
        while row and row[-1] == "":
            row.pop()
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
