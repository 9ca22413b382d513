"""What may stand in connector.yaml under `type: microsoft_excel`."""

from __future__ import annotations

import re
from typing import Annotated, Final, Self
from urllib.parse import unquote

from pydantic import AfterValidator, Field, model_validator

from sources._crm.settings import TIMEOUT, Ways, way_in
from sources._microsoft.entra import EntraSettings, SecureUrl
from sources._sheets.settings import ROW, columns_named, encoding_named
from sources.units import Duration  # noqa: TC001 pydantic reads it

#: The ways to say which workbook is meant.
_PLACES: Final[Ways] = (("workbook",), ("drive", "item"), ("site", "path"), ("user", "path"))
_SITE: Final = re.compile(r"(?:https://)?([\w-]+(?:\.[\w-]+)+)((?:/[^/?#:]+)*)/?")


def _site(value: str) -> str:
    found = _SITE.fullmatch(value.strip())
    if not found:
        raise ValueError("give the site's address, as in contoso.sharepoint.com/sites/Sales")
    return f"{found[1]}{unquote(found[2])}"  # a browser writes %20; no site has a % in its name


def _path(value: str) -> str:
    names = [name for name in value.strip().split("/") if name]
    if not names or {".", ".."} & set(names):
        raise ValueError("give the file's path below the document library, as in Leads/2026.xlsx")
    return "/".join(names)


class MicrosoftExcelSettings(EntraSettings):
    """Which workbook to read, and how to get in."""

    workbook: SecureUrl | None = Field(
        None,
        repr=False,  # whoever has the link may be let in by it
        description="A link to the workbook, as Share > Copy link gives it, or the address of the file.",
        examples=["https://contoso.sharepoint.com/:x:/s/Sales/EaBc…?e=1a2b3c"],
    )
    site: Annotated[str, AfterValidator(_site)] | None = Field(
        None,
        description="In the place of a link, with `path`: the SharePoint site, by its address.",
        examples=["contoso.sharepoint.com/sites/Sales"],
    )
    user: str | None = Field(
        None,
        min_length=1,
        description="In the place of a link, with `path`: whose OneDrive it is in, by the name to sign in "
        "with, or the id.",
        examples=["ada@contoso.example.com"],
    )
    path: Annotated[str, AfterValidator(_path)] | None = Field(
        None,
        description="The file's path below the site's default document library, without the name of that; "
        "or in the OneDrive.",
        examples=["Leads/2026.xlsx"],
    )
    drive: str | None = Field(
        None,
        min_length=1,
        description="In the place of a link, with `item`: the id of the drive, as Graph has it.",
        examples=["b!t18F8ybsHUq1z3LTz8xvZqP8zaSWjkFNhsME-Fepo75dTf9vQKfeRblBZjoSQrd7"],
    )
    item: str | None = Field(
        None,
        min_length=1,
        description="With `drive`: the id of the file.",
        examples=["01NKDM7HMOJTVYMDOSXFDK2QJDXCDI3WUK"],
    )
    key: Annotated[str | list[str], AfterValidator(columns_named)] = Field(
        min_length=1,
        description="The column that names a record for good, or a list of columns; the word `row` for "
        "the row number, for a sheet that only grows at the end. A column called row: [row].",
        examples=["Lead ID", ["Branch", "No"], "row"],
    )
    sheet: str | int | None = Field(
        None,
        description="The sheet, by its name or its number counted from 1; the first visible one.",
        examples=["Leads", 2],
    )
    header_row: int | None = Field(
        None,
        ge=1,
        description="The row that holds the column names, as Excel numbers it; detected.",
        examples=[3],
    )
    changed: str | None = Field(
        None,
        description="A column with the time of the row's last change (a date, or ISO text).",
        examples=["Last edited"],
    )
    encoding: Annotated[str, AfterValidator(encoding_named)] | None = Field(
        None,
        description="The encoding of a text file (csv), as in utf-8 or cp1252; detected.",
        examples=["cp1252"],
    )
    base_url: SecureUrl = Field(
        "https://graph.microsoft.com/v1.0",
        description="Where Microsoft Graph is; the national clouds have their own.",
        examples=["https://graph.microsoft.us/v1.0"],
    )
    timeout: Duration = TIMEOUT

    @model_validator(mode="after")
    def _in_one_place(self) -> Self:
        way_in(self, _PLACES)
        return self

    @property
    def keys_are_rows(self) -> bool:
        """Whether the row number is the key."""
        return self.key == ROW
