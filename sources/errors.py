"""What a source may raise. The class says what the engine does about it.

    SourceError
    ├── Unavailable    try again later: the run ends, its staged pages stay, exit code 3
    │   └── RateLimited    the same, and not before `retry_after` seconds
    ├── Denied         the source refuses us: credentials, permission; said once, exit code 3
    ├── BadConfig      the settings cannot work: said with the setting's name, exit code 2
    └── BadRecord      this one record cannot be read: it is set aside, the page goes on

Anything else that escapes an adapter is a bug in the adapter; the run ends and says so.
"""

from __future__ import annotations


class SourceError(Exception):
    """Base of all that a source may raise; the message is written for the operator."""


class Unavailable(SourceError):
    """The source did not answer, or not sensibly. Trying again later may help."""


class RateLimited(Unavailable):
    """The source asked to be left alone for a while.

    Args:
        message: what the source said.
        retry_after: seconds to wait, None when the source did not say.

    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Denied(SourceError):
    """The source refused our credentials or our permissions. Trying again will not help."""


class BadConfig(SourceError):
    """The settings cannot work with this source, as in a table or a column that is not there.

    Args:
        message: what is wrong, what was expected and what is there instead.
        setting: the name of the setting at fault, so that the message can point at its line.

    """

    def __init__(self, message: str, setting: str | None = None) -> None:
        super().__init__(message)
        self.setting = setting


class BadRecord(SourceError):
    """One record cannot be read. It is set aside with this reason; the rest goes on.

    Args:
        reason: what is wrong with it, without any of its values.
        where: where a person finds it, as in ``walk-ins.xlsx, sheet Leads, row 17``.
        fields: what could be read of it, kept so that it can be looked at and tried again.
        key: its canonical key, where it has one. What is wrong with it is then over as soon as a record
            with this key can be read; without one, when a whole read does not meet it again.

    """

    def __init__(
        self, reason: str, where: str, fields: dict[str, object] | None = None, key: str | None = None
    ) -> None:
        super().__init__(f"{where}: {reason}")
        self.reason = reason
        self.where = where
        self.fields = fields or {}
        self.key = key
