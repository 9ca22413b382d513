"""What a file of known hosts says of a server: as in "SSH_KNOWN_HOSTS FILE FORMAT" of sshd(8).

A line that is none is passed over, as ssh does.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from typing import TYPE_CHECKING

from sources._files.sftp_fingerprint import Known, known_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_REVOKED = "@revoked"
_HASHED = "|1|"


def known_in(lines: Iterable[str], host: str) -> tuple[list[Known], set[str]]:
    """Return the keys of a host, and the fingerprints of its keys that were revoked.

    Args:
        lines: of the file.
        host: as the file spells it: ``example.com``, or with another port than 22 ``[example.com]:2222``.

    """
    expected: list[Known] = []
    revoked: set[str] = set()
    for marker, hosts, key in _entries(lines):
        if marker in ("", _REVOKED) and _means(hosts, host):
            if marker:
                revoked.add(key.fingerprint)
            else:
                expected.append(key)
    return expected, revoked


def _entries(lines: Iterable[str]) -> Iterator[tuple[str, str, Known]]:
    for line in lines:
        if not line.strip() or line.startswith("#"):
            continue
        first, _, rest = line.strip().partition(" ")
        marker, hosts = (first, "") if first.startswith("@") else ("", first)
        if marker:
            hosts, _, rest = rest.strip().partition(" ")
        try:
            yield marker, hosts, known_by(rest)
        except ValueError:
            continue


def _means(hosts: str, host: str) -> bool:
    if hosts.startswith(_HASHED):
        return _is_hash_of(hosts, host)
    patterns = hosts.split(",")
    meant = any(_fits(host, pattern) for pattern in patterns if not pattern.startswith("!"))
    return meant and not any(_fits(host, pattern[1:]) for pattern in patterns if pattern.startswith("!"))


def _is_hash_of(hashed: str, host: str) -> bool:
    salt, _, digest = hashed.removeprefix(_HASHED).partition("|")
    try:
        made = hmac.digest(base64.b64decode(salt), host.encode(), "sha1")
        return hmac.compare_digest(made, base64.b64decode(digest))
    except binascii.Error:
        return False


def _fits(host: str, pattern: str) -> bool:
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(expression, host, re.IGNORECASE) is not None
