"""What stands in connector.yaml under a source of type `salesforce`."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from sources._crm.settings import CrmSettings, way_in
from sources._rest.secrets import Secret  # noqa: TC001 pydantic reads it
from sources._salesforce.addresses import login_host
from sources._salesforce.soql import loose_end
from sources.units import Duration  # noqa: TC001 pydantic reads it

#: The name of an object or a field.
NAME: Final = r"^[A-Za-z]\w*$"
_LEAD = "Lead"
_WAYS = (
    ("client_id", "client_secret"),
    ("client_id", "client_secret", "authorized"),
    ("client_id", "client_secret", "refresh_token"),
    # Where the connected app does not require its secret.
    ("client_id", "authorized"),
    ("client_id", "refresh_token"),
    ("client_id", "username", "private_key_file"),
    ("client_id", "username", "private_key"),
)


def _condition(value: str) -> str:
    text = re.sub(r"^\s*where\s+", "", value, flags=re.IGNORECASE).strip()
    problem = loose_end(text)
    if problem:
        raise ValueError(f"{problem}; write a SOQL condition like LeadSource = 'Web'")
    return text


def _id(value: str) -> str:
    return "Id" if value.lower() == "id" else value


def _version(value: Any) -> Any:
    return str(value).strip().lower().removeprefix("v")


class SalesforceSettings(CrmSettings):
    """An object of a Salesforce organisation."""

    url: Annotated[str, AfterValidator(login_host)] | None = Field(
        None,
        description="The organisation's My Domain. Left out, login.salesforce.com, where client credentials "
        "are not taken.",
        examples=["https://acme.my.salesforce.com"],
    )
    sandbox: bool = Field(
        default=False,
        description="Whether it is a sandbox, which logs in at test.salesforce.com unless `url` says where.",
    )
    client_id: str | None = Field(
        None, description="The consumer key of your connected app.", examples=["${SALESFORCE_CLIENT_ID}"]
    )
    client_secret: Secret | None = Field(
        None,
        description="Its consumer secret. Not needed for what a person authorises where the app does not "
        "require it.",
        examples=["${SALESFORCE_CLIENT_SECRET}"],
    )
    refresh_token: Secret | None = Field(
        None,
        description="From the authorisation by a person. A new one that Salesforce sends is kept.",
        examples=["${SALESFORCE_REFRESH_TOKEN}"],
    )
    authorized: Literal[True] | None = Field(
        None,
        description="True: a person authorises it by `leadrelay auth`, in the place of client credentials.",
        examples=[True],
    )
    username: str | None = Field(
        None,
        description="The user to act as, for a JWT signed with a private key.",
        examples=["leads@example.com"],
    )
    private_key_file: str | None = Field(
        None,
        description="The private key (PEM) whose certificate the connected app has, relative to "
        "connector.yaml.",
        examples=["keys/salesforce.pem"],
    )
    private_key: Secret | None = Field(
        None, description="The private key itself.", examples=["${SALESFORCE_PRIVATE_KEY}"]
    )
    object: str = Field(
        _LEAD, pattern=NAME, description="The object to read.", examples=["Contact", "Walk_In__c"]
    )
    key: Annotated[str, AfterValidator(_id)] = Field(
        "Id",
        pattern=NAME,
        description="The field that names a record for good; an external id, if not the id.",
        examples=["Lead_Number__c"],
    )
    changed: str = Field(
        "SystemModstamp",
        pattern=NAME,
        description="The field that every change moves. LastModifiedDate misses changes that the system "
        "makes; some objects only have CreatedDate.",
        examples=["LastModifiedDate"],
    )
    filter: Annotated[str, AfterValidator(_condition)] | None = Field(
        None,
        min_length=1,
        description="A SOQL condition; records that fail it are never read.",
        examples=["LeadSource = 'Web' AND Country = 'US'"],
    )
    include_converted: bool = Field(
        default=True,
        description="Whether converted leads are read; IsConverted, in the mapping's `where`, tells them.",
    )
    include_deleted: bool = Field(
        default=False,
        description="Whether deleted records are read while they are in the recycle bin; IsDeleted, in the "
        "mapping's `where`, tells them.",
    )
    api_version: Annotated[str, BeforeValidator(_version)] = Field(
        "62.0",
        pattern=r"^\d{2,3}\.0$",
        description="The version of the REST API.",
        examples=["62.0"],
    )
    timeout: Duration = Field(
        timedelta(seconds=150),
        description="For each wait on the network. Salesforce itself gives up a query after two minutes.",
    )

    @model_validator(mode="after")
    def _fits_together(self) -> SalesforceSettings:
        if self.way == ("client_id", "client_secret") and self.url is None:
            raise ValueError("client credentials are taken at the My Domain only: give it as `url`")
        if not self.include_converted and self.object.lower() != _LEAD.lower():
            raise ValueError(f"`include_converted` is for Lead; {self.object} has no IsConverted")
        return self

    @property
    def way(self) -> tuple[str, ...]:
        """The settings by which to prove who we are."""
        return way_in(self, _WAYS)

    def naming(self, field: str) -> str | None:
        """Return the setting that names a field, in whatever case; None when none does."""
        folded = field.casefold()
        return next((name for name in ("key", "changed") if getattr(self, name).casefold() == folded), None)
