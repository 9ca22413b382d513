"""The storage account that a path is in, and who we are to it."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from azure.identity import ClientSecretCredential, DefaultAzureCredential
from azure.storage.blob import BlobServiceClient

from sources._rest.secrets import revealed
from sources.errors import BadConfig

if TYPE_CHECKING:
    from sources._files.azure_settings import AzureSettings

#: A container and the account's host, as paths for Hadoop and Spark have them.
_WITH_HOST = re.compile(r"(?P<container>[^@]+)@(?P<account>[\w-]+)\.(?:dfs|blob)\.(?P<cloud>[\w.-]+)")
_PIECE = 4 << 20
#: No retry: the next poll is one, and Azure may ask for any time of patience.
_OPTIONS: dict[str, Any] = {
    "retry_total": 0,
    "connection_timeout": 10,
    "read_timeout": 30,
    "max_single_get_size": _PIECE,
    "max_chunk_get_size": _PIECE,
}


def service_of(authority: str, storage: AzureSettings) -> tuple[BlobServiceClient, str]:
    """Return the account that a path and the settings name, and the container in it.

    Where the settings name no way in, the variables of Azure's own command line count, and then what
    azure-identity finds.

    Args:
        authority: a container, or ``container@account.dfs.core.windows.net``.
        storage: how to get in.

    Raises:
        BadConfig: when no account is named, or what is given can't be one.

    """
    found = _WITH_HOST.fullmatch(authority)
    container = found["container"] if found else authority
    text = revealed(storage.connection_string)
    if text is None and not found and not storage.account_name and not storage.endpoint_url:
        text = os.environ.get("AZURE_STORAGE_CONNECTION_STRING")
    try:
        if text is not None:
            return BlobServiceClient.from_connection_string(text, **_OPTIONS), container
        name, url = _account(found, storage)
        return BlobServiceClient(url, credential=_credential(name, storage), **_OPTIONS), container
    except (ValueError, KeyError, AttributeError) as error:  # not chained: it may hold the string
        if "HTTPS" in str(error):
            text = "only keys and signatures are sent without TLS; say https:// in `endpoint_url`"
            raise BadConfig(text, "storage.endpoint_url") from None
        text = "it is no connection string, key, signature or tenant of Azure's"
        raise BadConfig(text, "storage") from None


def _account(found: re.Match[str] | None, storage: AzureSettings) -> tuple[str, str]:
    """Return the name of the account and the URL of its blobs."""
    name = storage.account_name or (found["account"] if found else os.environ.get("AZURE_STORAGE_ACCOUNT"))
    if not name:
        text = "no storage account is named; say `account_name` under `storage`, or AZURE_STORAGE_ACCOUNT"
        raise BadConfig(text, "storage.account_name")
    cloud = found["cloud"] if found else "core.windows.net"
    return name, storage.endpoint_url or f"https://{name}.blob.{cloud}"


def _credential(name: str, storage: AzureSettings) -> Any:
    """Return what azure-storage-blob takes for who we are; None for nobody."""
    if storage.anonymous:
        return None
    if storage.client_secret is not None:
        secret = storage.client_secret.get_secret_value()
        return ClientSecretCredential(storage.tenant_id or "", storage.client_id or "", secret)
    key, signature = revealed(storage.account_key), revealed(storage.sas_token)
    if not (key or signature):
        key, signature = os.environ.get("AZURE_STORAGE_KEY"), os.environ.get("AZURE_STORAGE_SAS_TOKEN")
    if key:
        return {"account_name": name, "account_key": key}
    return signature.removeprefix("?") if signature else DefaultAzureCredential()
