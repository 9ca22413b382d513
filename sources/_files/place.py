"""A URL such as ``s3://bucket/exports/leads-*.csv``, taken apart.

What stands in it is meant as it is written: nothing is percent-decoded, and a ``?`` or ``#`` belongs to the
path. Object keys may hold any of these, and people copy them as they are shown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_URL = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]+)://(?P<authority>[^/]*)/*(?P<path>.*)", re.DOTALL)
#: Other spellings of a scheme.
_SAME = {"gcs": "gs", "abfs": "az", "abfss": "az"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where files are, without how to get there."""

    #: As `schemes` calls it: lower case, one for all its spellings.
    scheme: str
    #: What stands before the path: a bucket, a container, or a server with perhaps a user and a port.
    authority: str
    #: A path or a glob, without the ``/`` before it.
    path: str

    @property
    def shown(self) -> str:
        """The authority for messages, without a password."""
        user, at, host = self.authority.rpartition("@")
        return f"{user.partition(':')[0]}{at}{host}"


def place_of(url: str) -> Place | None:
    """Return the parts of a URL; None for what has no scheme."""
    found = _URL.fullmatch(url.strip())
    if found is None:
        return None
    scheme = found["scheme"].lower()
    return Place(_SAME.get(scheme, scheme), found["authority"], found["path"])
