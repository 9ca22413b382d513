"""What outlives an adapter: its access token, and a refresh token that could not be saved."""

from __future__ import annotations

import errno
import itertools
import os
from typing import TYPE_CHECKING, Any

import pytest

from sources._crm.signing import marks_of
from sources._http.auth import Draft
from sources._http.kept_access import Kept, kept_for
from sources._http.tokens import Granted
from sources.errors import Unavailable
from sources.oauth import MemoryTokenStore, OAuth, OAuthApp
from tests.rest_server import Asked, serving

if TYPE_CHECKING:
    from pathlib import Path

APP = OAuthApp("https://auth.example.com/token", "us", "app-s3cret")


class FullDisk(MemoryTokenStore):
    """A disk that has no room at first."""

    is_full = True

    async def save(self, token: str) -> None:
        if self.is_full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        await super().save(token)


async def signed(app: OAuthApp, store: MemoryTokenStore) -> str:
    """Return what an adapter of its own signs with."""
    auth = OAuth.refreshing(app, "first-s3cret", store)
    draft = Draft(app.token_url, {})
    try:
        await auth.sign(draft)
    finally:
        await auth.close()
    return draft.headers["authorization"]


def rotating() -> Any:
    numbers = itertools.count(1)

    def answer(asked: Asked) -> Any:
        number = next(numbers)
        return {"access_token": f"access-{number}", "refresh_token": f"refresh-{number}", "expires_in": 600}

    return answer


async def test_p1_a_refresh_token_that_could_not_be_saved_is_saved_by_the_next_adapter() -> None:
    store = FullDisk("crm")
    async with serving(rotating()) as api:
        app = OAuthApp(f"{api.base}/token", "us", "app-s3cret")
        with pytest.raises(Unavailable, match="No space left on device; it is held in memory"):
            await signed(app, store)
        store.is_full = False
        assert await signed(app, store) == "Bearer access-2"
    assert [asked.form["refresh_token"] for asked in api.asked] == ["first-s3cret", "refresh-1"]
    assert await store.load() == "refresh-2"


async def test_p1_it_is_not_saved_over_one_by_which_a_person_has_authorised_it_since() -> None:
    store = FullDisk("crm")
    async with serving(rotating()) as api:
        app = OAuthApp(f"{api.base}/token", "us", "app-s3cret")
        with pytest.raises(Unavailable):
            await signed(app, store)
        store.is_full = False
        await store.save("anew-s3cret")
        await signed(app, store)
    assert api.asked[-1].form["refresh_token"] == "anew-s3cret"


def test_who_names_no_source_shares_with_nobody() -> None:
    assert kept_for("", APP, None, is_authorised=False) is not kept_for("", APP, None, is_authorised=False)


def test_what_is_asked_with_decides_and_what_is_kept_shows_no_token() -> None:
    kept = kept_for("crm", APP, "first-s3cret", is_authorised=True)
    kept.put(Granted("access-s3cret", 100.0, "second-s3cret"), 1000.0, "first-s3cret")
    assert kept_for("crm", APP, "first-s3cret", is_authorised=True) is kept
    assert kept_for("crm", APP, "other-s3cret", is_authorised=True) is not kept
    assert "s3cret" not in repr(kept)


@pytest.mark.parametrize(
    ("now", "token", "good"),
    [
        (1089.0, "first", True),
        (1089.0, "second", True),
        (1090.0, "second", False),
        (1001.0, "third", False),
        (1001.0, None, False),
    ],
)
def test_it_is_good_until_just_before_its_end_and_for_its_own_authorisation(
    now: float, token: str | None, good: bool
) -> None:
    kept = Kept()
    kept.put(Granted("access", 100.0, "second"), 1000.0, "first")
    assert (kept.good(now, token) is not None) is good


def test_a_refused_token_is_dropped_and_not_the_one_that_has_replaced_it() -> None:
    kept = Kept()
    kept.put(Granted("newer", 100.0), 1000.0, None)
    kept.drop("older")
    assert kept.good(1001.0, None) is not None
    kept.drop("newer")
    assert kept.good(1001.0, None) is None


def test_a_key_file_that_is_replaced_is_another_key(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    missing = marks_of(file)
    file.write_text("one")
    first = marks_of(file)
    file.write_text("another")
    assert len({missing, first, marks_of(file)}) == 3
