"""The `storage` section: how to get into a place that keeps files. Each store names its part here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sources._files.azure_settings import AzureSettings
from sources._files.gcs_settings import GcsSettings
from sources._files.s3_settings import S3Settings
from sources._files.sftp_settings import SftpSettings

if TYPE_CHECKING:
    from sources.base import SourceSettings


class StorageSettings(SftpSettings, AzureSettings, GcsSettings, S3Settings):
    """What may stand under `storage`; which of it a path takes, `SETTINGS` says."""


#: Of each scheme: the settings that mean something to it.
SETTINGS: dict[str, type[SourceSettings]] = {
    "s3": S3Settings,
    "gs": GcsSettings,
    "az": AzureSettings,
    "sftp": SftpSettings,
}


def unfit(scheme: str, storage: StorageSettings) -> str | None:
    """Return what is wrong with the settings of a path with this scheme; None when nothing is."""
    takes = SETTINGS[scheme].model_fields
    for name in StorageSettings.model_fields:
        if name in storage.model_fields_set and name not in takes:
            return f"`storage.{name}` means nothing to a path of {scheme}://; it takes {', '.join(takes)}"
    return None
