"""How to get into a container of Azure Blob Storage."""

from __future__ import annotations

from pydantic import Field, model_validator

from sources._files.common_settings import AnonymousSettings, EndpointSettings
from sources._rest.secrets import Secret  # noqa: TC001 pydantic reads it


class AzureSettings(EndpointSettings, AnonymousSettings):
    """The settings of ``az://``."""

    account_name: str | None = Field(
        None,
        min_length=1,
        description="az://: the storage account, where the path does not name it as in "
        "abfss://container@account.dfs.core.windows.net/leads.csv.",
        examples=["contosoleads"],
    )
    account_key: Secret | None = Field(
        None,
        description="az://: a key of the account. Without a way in: Azure's own ways (AZURE_STORAGE_KEY and "
        "the like, managed identity, az login).",
        examples=["${AZURE_STORAGE_KEY}"],
    )
    sas_token: Secret | None = Field(
        None,
        description="az://: a shared access signature with the permissions read and list.",
        examples=["${AZURE_STORAGE_SAS_TOKEN}"],
    )
    connection_string: Secret | None = Field(
        None,
        description="az://: the connection string of the account, which names it too.",
        examples=["${AZURE_STORAGE_CONNECTION_STRING}"],
    )
    tenant_id: str | None = Field(
        None,
        min_length=1,
        description="az://: the directory (tenant) of an app registered in Entra, with the two below.",
        examples=["contoso.onmicrosoft.com"],
    )
    client_id: str | None = Field(
        None, min_length=1, description="az://: its application (client) ID.", examples=["${ENTRA_CLIENT_ID}"]
    )
    client_secret: Secret | None = Field(
        None, description="az://: a client secret of it.", examples=["${ENTRA_CLIENT_SECRET}"]
    )

    @model_validator(mode="after")
    def _one_way_into_azure(self) -> AzureSettings:
        """Refuse half an app, and two ways in."""
        app = (self.tenant_id, self.client_id, self.client_secret)
        if any(app) and not all(app):
            raise ValueError("`tenant_id`, `client_id` and `client_secret` belong together: give all or none")
        ways = ("anonymous", "account_key", "sas_token", "connection_string", "client_secret")
        given = [name for name in ways if getattr(self, name)]
        if len(given) > 1:
            raise ValueError(f"`{given[0]}` and `{given[1]}` are two ways in: give one")
        if self.connection_string is not None and (self.account_name or self.endpoint_url):
            raise ValueError("`connection_string` names the account and its address: leave out the others")
        return self
