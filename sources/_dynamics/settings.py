"""What may stand in connector.yaml under `type: dynamics`."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field

from sources._crm.settings import pace
from sources._dynamics.addresses import environment
from sources._microsoft.entra import EntraSettings, SecureUrl
from sources.units import Duration, RateLimit  # noqa: TC001 pydantic reads it

#: The name of a table or a column: always in lower case.
_NAME: Final = r"^[a-z_][a-z0-9_]*$"


class DynamicsSettings(EntraSettings):
    """Which table of which environment to read, and how to get in."""

    url: Annotated[str, AfterValidator(environment)] = Field(
        description="The address of the environment, as the browser shows it in the app.",
        examples=["https://contoso.crm.dynamics.com"],
    )
    table: str = Field(
        "leads",
        pattern=_NAME,
        description="The table to read: leads, contacts, or any other, by the name of its entity set or its "
        "logical name.",
        examples=["contacts", "new_walkins"],
    )
    state: Literal["all", "open"] = Field(
        "all",
        description="`open` reads only what is open or active (statecode 0), and says nothing of a lead that "
        "is qualified, lost or deactivated. With `all`, statecode tells them in the mapping's `where`.",
        examples=["open"],
    )
    key: str | None = Field(
        None,
        pattern=_NAME,
        description="The column that names a record for good, if not its id.",
        examples=["new_leadnumber"],
    )
    base_url: SecureUrl | None = Field(
        None,
        description="Where the API is, if not at `url`: a gateway of yours, for example.",
        examples=["https://gateway.example.com"],
    )
    rate_limit: RateLimit = pace(
        "10/s", "At most so many requests in so long; Dataverse allows a user 6,000 in five minutes.", "5/s"
    )
    timeout: Duration = Field(
        timedelta(seconds=150),
        description="For each wait on the network. Dataverse itself gives up a query after two minutes.",
    )

    @property
    def base(self) -> str:
        """Where the API is, without a slash at the end."""
        return self.base_url or self.url
