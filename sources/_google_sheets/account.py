"""A service account: a user without a person, who proves itself by a JWT signed with its key."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sources._crm.signing import Signing, marks_of, signed_jwt
from sources.errors import BadConfig

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

#: Only to read: the cells, and in Drive when the file was edited.
SCOPES: Final = (
    "https://www.googleapis.com/auth/spreadsheets.readonly",
    "https://www.googleapis.com/auth/drive.metadata.readonly",
)
#: Google takes no JWT for longer than an hour.
_LIFE: Final = timedelta(minutes=30)


class ServiceAccount:
    """Makes assertions. Its key is read when it is needed.

    Args:
        audience: who is to take them: the token endpoint.
        file: its JSON key, in a file,
        text: or as text.

    """

    def __init__(self, audience: str, file: Path | None = None, text: str = "") -> None:
        self._audience = audience
        self._file = file
        self._text = text
        self._email = ""

    def __repr__(self) -> str:
        """Return no part of the key."""
        return f"<ServiceAccount {self._email}>"

    @property
    def email(self) -> str:
        """Whom to share sheets with; empty when the key can't be read."""
        if not self._email:  # the access token is of an adapter before this one, which has read it
            with suppress(BadConfig):
                self._email, _ = self._read()
        return self._email

    def __call__(self, now: datetime) -> str:
        """Return a JWT that says who we are.

        Raises:
            BadConfig: when there is no key, or none that signs.

        """
        self._email, pem = self._read()
        claims = {
            "iss": self._email,
            "scope": " ".join(SCOPES),
            "aud": self._audience,
            "iat": int(now.timestamp()),
            "exp": int((now + _LIFE).timestamp()),
        }
        return signed_jwt(claims, pem.encode(), Signing(self._setting, "Google", "google_sheets"))

    @property
    def subject(self) -> tuple[str, ...]:
        """What tells this account from another; it may hold the key."""
        return marks_of(self._file) if self._file is not None else (self._text,)

    @property
    def _setting(self) -> str:
        return "service_account" if self._file is None else "service_account_file"

    def _read(self) -> tuple[str, str]:
        """Return e-mail address and private key."""
        try:
            found: Any = json.loads(self._source())
        except ValueError:
            raise BadConfig("it is no JSON; give the key file as Google made it", self._setting) from None
        names = ("client_email", "private_key")
        values = [found.get(name) if isinstance(found, dict) else None for name in names]
        if not all(isinstance(value, str) and value for value in values):
            text = "it is no key of a service account: it has no client_email and private_key"
            raise BadConfig(text, self._setting)
        return str(values[0]), str(values[1])

    def _source(self) -> str:
        if self._file is None:
            return self._text
        try:
            return self._file.read_text("utf-8")
        except OSError as error:
            text = f"{self._file.name} can't be read: {error.strerror}"
            raise BadConfig(text, self._setting) from error
