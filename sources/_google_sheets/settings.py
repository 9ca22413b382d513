"""What may stand in connector.yaml under `type: google_sheets`."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, ClassVar, Final

from pydantic import AfterValidator, Field

from sources._crm.settings import CrmSettings, Ways, or_by_an_app, pace
from sources._rest.secrets import Secret  # noqa: TC001 pydantic reads it
from sources._rest.urls import Url  # noqa: TC001 pydantic reads it
from sources._sheets.settings import ROW, columns_named
from sources.units import Duration, RateLimit  # noqa: TC001 pydantic reads it

_URL: Final = re.compile(r"https?://[\w.]+/spreadsheets/(?:u/\d+/)?d/([\w-]+)")
_PUBLISHED: Final = "e"
_ID: Final = re.compile(r"[\w-]+")
_GID: Final = re.compile(r"[#&?]gid=(\d+)")


def _spreadsheet(value: str) -> str:
    text = value.strip()
    found = _URL.match(text)
    if found and found[1] == _PUBLISHED:
        raise ValueError("that is the address of a published copy; give the one that you edit it at")
    if not found and not _ID.fullmatch(text):
        raise ValueError("give the spreadsheet's address, or its id: what follows /d/ in the address")
    return text


class GoogleSheetsSettings(CrmSettings):
    """Which sheet to read, and how to get in."""

    ways: ClassVar[Ways] = or_by_an_app("service_account_file", "service_account")

    spreadsheet: Annotated[str, AfterValidator(_spreadsheet)] = Field(
        description="The spreadsheet's address as the browser shows it, or its id in there.",
        examples=["https://docs.google.com/spreadsheets/d/1Ab…/edit#gid=0"],
    )
    key: Annotated[str | list[str], AfterValidator(columns_named)] = Field(
        min_length=1,
        description="The column that names a record for good, or a list of columns; the word `row` for "
        "the row number, for a sheet that only grows at the end. A column called row: [row].",
        examples=["Lead ID", ["Branch", "No"], "row"],
    )
    sheet: str | int | None = Field(
        None,
        description="The sheet, by its name or its number counted from 1. Left out, that of the address "
        "(gid), or the first visible one.",
        examples=["Leads"],
    )
    header_row: int | None = Field(
        None,
        ge=1,
        description="The row that holds the column names, as Google numbers it; detected.",
        examples=[3],
    )
    changed: str | None = Field(
        None,
        description="A column with the time of the row's last change (a date, or ISO text).",
        examples=["Last edited"],
    )
    service_account_file: str | None = Field(
        None,
        description="The JSON key of a service account, relative to connector.yaml. Share the sheet with "
        "the account's e-mail address.",
        examples=["keys/google.json"],
    )
    service_account: Secret | None = Field(
        None, description="The JSON key itself.", examples=["${GOOGLE_SERVICE_ACCOUNT}"]
    )
    client_id: str | None = Field(
        None,
        description="With OAuth in the place of a service account: the id of your client.",
        examples=["${GOOGLE_CLIENT_ID}"],
    )
    client_secret: Secret | None = Field(
        None, description="With OAuth: the client's secret.", examples=["${GOOGLE_CLIENT_SECRET}"]
    )
    refresh_token: Secret | None = Field(
        None,
        description="With OAuth: from the authorisation by a person who can open the sheet. Not needed after "
        "`leadrelay auth`.",
        examples=["${GOOGLE_REFRESH_TOKEN}"],
    )
    read_anyway: Duration = Field(
        timedelta(hours=1),
        description="A sheet that was not edited is read all the same after so long: formulas that bring "
        "rows from elsewhere (IMPORTRANGE) change it without Google Drive's telling.",
        examples=["10m"],
    )
    base_url: Url = Field(
        "https://sheets.googleapis.com",
        description="Where the Sheets API is.",
        examples=["https://sheets.googleapis.com"],
    )
    drive_url: Url = Field(
        "https://www.googleapis.com",
        description="Where the Drive API is, which is asked whether the sheet was edited.",
        examples=["https://www.googleapis.com"],
    )
    token_url: Url = Field(
        "https://oauth2.googleapis.com/token",
        description="Where access tokens come from.",
        examples=["https://oauth2.googleapis.com/token"],
    )
    authorize_url: Url = Field(
        "https://accounts.google.com/o/oauth2/v2/auth",
        description="The page that `leadrelay auth` opens.",
        examples=["https://accounts.google.com/o/oauth2/v2/auth"],
    )
    rate_limit: RateLimit = pace(
        "60/m", "At most so many requests in so long; Google allows an account 60 in a minute.", "30/m"
    )
    timeout: Duration = Field(
        timedelta(seconds=180),
        description="For each wait on the network. Google itself gives up after three minutes.",
    )

    @property
    def id(self) -> str:
        """The spreadsheet's id."""
        found = _URL.match(self.spreadsheet)
        return found[1] if found else self.spreadsheet

    @property
    def gid(self) -> int | None:
        """The id of the sheet that the address points to."""
        found = _GID.search(self.spreadsheet)
        return int(found[1]) if found else None

    @property
    def keys_are_rows(self) -> bool:
        """Whether the row number is the key."""
        return self.key == ROW
