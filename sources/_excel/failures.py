"""How Microsoft Graph says "slow down", "denied", "locked" and "not there"."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from sources._crm.saying import denied, said
from sources._http.wording import sentence
from sources._wording import listed
from sources.errors import BadConfig, Denied, RateLimited, SourceError, Unavailable
from sources.http import error_codes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sources._excel.place import Place
    from sources.http import Answer

_UNAUTHORIZED: Final = 401
_GONE: Final = frozenset({404, 410})
_LOCKED: Final = 423
_HINTS: Final = {
    "workbook": "the link was withdrawn, or the file deleted; copy the link again",
    "item": "there is no file with this id in this drive",
    "path": "there is no such file there; a path begins below the document library, without its name",
    "site": "there is no such site; it ends before the library, as in contoso.sharepoint.com/sites/Sales",
    "user": "nobody has this name, or they have no OneDrive",
}
#: Words of a refusal that is about the owner of the files, and not about the path among them.
_OF_OWNER: Final = {
    "site": re.compile(r"\bsite\b|hostname", re.IGNORECASE),
    "user": re.compile(r"\buser|\bmysite\b", re.IGNORECASE),
}


def explaining(place: Place, *, is_person: bool) -> Callable[[Answer, SourceError], SourceError]:
    """Return what turns a failed answer into what Graph means by it.

    Args:
        place: where the file is.
        is_person: whether a person has let us in, or our app acts for itself.

    """

    def explain(answer: Answer, failure: SourceError) -> SourceError:
        if isinstance(failure, Denied):
            return _denial(answer, place, is_person=is_person)
        if answer.status == _LOCKED:
            return Unavailable(f"{said(answer)}: the file is locked; it is read again later")
        setting = _setting(answer, place)
        if answer.status in _GONE:
            return BadConfig(f"{said(answer)}: {_HINTS[setting]}", setting)
        if isinstance(failure, BadConfig):
            return BadConfig(str(failure), setting)
        return failure

    return explain


def _setting(answer: Answer, place: Place) -> str:
    """Return which setting a refusal is about, by what Graph says of it."""
    words = _OF_OWNER.get(place.owner)
    return place.owner if words is not None and words.search(sentence(answer.data, ())) else place.setting


def _denial(answer: Answer, place: Place, *, is_person: bool) -> Denied:
    codes = error_codes(answer.data)
    if answer.status == _UNAUTHORIZED and "InvalidAuthenticationToken" in codes:
        return denied(answer, "the access token is not taken; was the authorisation revoked?")
    if any("malware" in code.lower() for code in codes):
        return denied(answer, "Microsoft has found malware in the file, and gives it to nobody")
    needed = listed(place.permissions)
    if is_person:
        text = f"the person who authorised us can't read the file, or the app may not ask for {needed}"
        return denied(answer, text)
    text = f"the app may not read the file; it needs the application permission {needed}, with the consent"
    return denied(answer, f"{text} of an administrator, or Sites.Selected and a grant for this site")


@contextmanager
def hiding(secret: str) -> Iterator[None]:
    """Take a secret out of the errors of this block: addresses of shared files hold their link."""
    try:
        yield
    except SourceError as error:
        if secret:
            error.args = (str(error).replace(secret, "…"), *error.args[1:])
        raise


@contextmanager
def arriving(name: str) -> Iterator[None]:
    """Say of content that does not come, from the server that Graph names for it, whose content it is."""
    try:
        yield
    except RateLimited:
        raise
    except (Denied, BadConfig):
        text = "the server that Microsoft Graph names for its content does not give it"
        raise Unavailable(f"{name}: {text}; if that lasts, a policy may forbid downloads") from None


@contextmanager
def naming(setting: str) -> Iterator[None]:
    """Name our own setting in errors about the file, which a spreadsheet on disk has in `path`."""
    try:
        yield
    except BadConfig as error:
        if error.setting == "path":
            error.setting = setting
        raise
