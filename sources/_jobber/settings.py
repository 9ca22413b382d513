"""What may stand in connector.yaml under `type: jobber`."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal, Self, TypeAlias

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from sources._crm.settings import TIMEOUT, CrmSettings, pace
from sources._rest.secrets import Secret  # noqa: TC001 pydantic reads it
from sources._rest.urls import Url  # noqa: TC001 pydantic reads it
from sources.units import Duration, RateLimit  # noqa: TC001 pydantic reads it

#: The newest version of the API that is known to be answered. A removed one is not refused by Jobber: it
#: answers by the next one, and says so.
VERSION: Final = "2025-04-16"
_NAME: Final = r"^[_A-Za-z][_0-9A-Za-z]*$"


def _whole(text: str) -> str:
    """Refuse a selection that would end the query around it."""
    depth = 0
    for mark in re.findall(r"[{}]", text):
        depth += 1 if mark == "{" else -1
        if depth < 0:
            break
    if depth or not text.rstrip().endswith("}"):
        raise ValueError("it must be what stands behind the field in a query, as in { sourceText }")
    return text


_Field: TypeAlias = Annotated[str, StringConstraints(pattern=_NAME)]
_Selection: TypeAlias = Annotated[str, AfterValidator(_whole)]


class JobberSettings(CrmSettings):
    """What to read of which account, and how to get in."""

    client_id: str = Field(
        description="The id of your app, from Jobber's Developer Center.", examples=["${JOBBER_CLIENT_ID}"]
    )
    client_secret: Secret = Field(description="The secret of your app.", examples=["${JOBBER_CLIENT_SECRET}"])
    refresh_token: Secret | None = Field(
        None,
        description=(
            "From the authorisation. It is good for one use; its successors are kept. "
            "Not needed after `leadrelay auth`."
        ),
        examples=["${JOBBER_REFRESH_TOKEN}"],
    )
    object: Literal["clients", "requests"] = Field(
        "clients",
        description="What to read: clients, leads among them, or the requests for work that people send.",
        examples=["requests"],
    )
    leads_only: bool = Field(
        default=False,
        description=(
            "Of clients only those that are leads still (`isLead`). Who becomes a customer is not read any "
            "more from then on."
        ),
    )
    include_archived: bool = Field(
        default=False, description="Whether to read archived clients and requests too."
    )
    selections: dict[_Field, _Selection] = Field(
        default_factory=dict,
        description=(
            "For fields with fields of their own that this adapter does not know: which of these to ask for, "
            "by the name of the field, in GraphQL. They count in the cost of a query."
        ),
        examples=[{"sourceAttribution": "{ sourceText }"}],
    )
    api_version: str = Field(
        VERSION,
        pattern=r"^\d{4}-\d{2}-\d{2}$",
        description="The version of Jobber's API to be answered by, from its changelog.",
        examples=[VERSION],
    )
    base_url: Url = Field(
        "https://api.getjobber.com/api",
        description="Where the API is.",
        examples=["https://api.getjobber.com/api"],
    )
    authorize_url: Url = Field(
        "https://api.getjobber.com/api/oauth/authorize",
        description="The page that `leadrelay auth` opens.",
        examples=["https://api.getjobber.com/api/oauth/authorize"],
    )
    rate_limit: RateLimit = pace(
        "8/s", "At most so many requests in so long; 2,500 in 5 minutes are allowed.", "4/s"
    )
    timeout: Duration = TIMEOUT

    @model_validator(mode="after")
    def _leads_are_clients(self) -> Self:
        if self.leads_only and self.object != "clients":
            raise ValueError("`leads_only` is about clients; `object` says requests")
        return self

    @property
    def base(self) -> str:
        """Where the API is, without a slash at the end."""
        return self.base_url.rstrip("/")
