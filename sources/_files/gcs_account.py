"""Who we are to Google: nobody, a service account, or whoever the machine is set up for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from google.oauth2 import service_account

from sources._files.home import expanded
from sources._rest.secrets import revealed
from sources.errors import BadConfig

if TYPE_CHECKING:
    from pathlib import Path

    from google.auth.credentials import Credentials

    from sources._files.gcs_settings import GcsSettings

_SCOPE = "https://www.googleapis.com/auth/devstorage.read_only"


def credentials_of(storage: GcsSettings, directory: Path) -> Credentials | str:
    """Return credentials, or what gcsfs calls a way to find them.

    Never None: gcsfs would then go on without any where it finds none.

    Args:
        storage: what is said of them.
        directory: where the path of a key begins.

    Raises:
        BadConfig: when the key can't be read, or is none.

    """
    if storage.anonymous:
        return "anon"
    setting, text = "storage.service_account", revealed(storage.service_account)
    if storage.service_account_file is not None:
        setting, text = "storage.service_account_file", _read(storage.service_account_file, directory)
    if text is None:
        return "google_default"
    of_key: Any = service_account.Credentials.from_service_account_info
    try:
        return cast("Credentials", of_key(json.loads(text), scopes=[_SCOPE]))
    except (ValueError, TypeError, KeyError):  # not chained: it may hold parts of the key
        raise BadConfig("it is not the JSON key of a service account, as Google gives it", setting) from None


def _read(file: str, directory: Path) -> str:
    try:
        return (directory / expanded(file)).read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        raise BadConfig(f"{file} can't be read: {why}", "storage.service_account_file") from None
