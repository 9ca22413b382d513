"""OAuth as data: what is asked of a token endpoint, and what its answers mean."""

from __future__ import annotations

import math
from pathlib import Path  # noqa: TC003 pytest reads the signatures
from typing import Any

import pytest

from sources.errors import Denied, RateLimited, SourceError, Unavailable
from sources.http import Answer, Call
from sources.oauth import FileTokenStore, MemoryTokenStore, OAuthApp, read_grant, token_call, token_store
from tests.rest_server import NOW

APP = OAuthApp("https://auth.example.com/token", "us", "s3cret")


def _answer(data: Any, status: int = 200, **headers: str) -> Answer:
    return Answer(Call(APP.token_url), status, headers, b"too many requests" if data is None else b"{}", data)


def test_a_refresh_is_not_repeatable_and_client_credentials_are() -> None:
    assert token_call(APP).repeatable
    call = token_call(APP, "refresh-0")
    assert not call.repeatable
    assert call.form == {
        "grant_type": "refresh_token",
        "refresh_token": "refresh-0",
        "client_id": "us",
        "client_secret": "s3cret",
    }


def test_p10_nothing_shows_a_secret() -> None:
    granted = read_grant(_answer({"access_token": "s3cret", "refresh_token": "s3cret"}), NOW)
    for thing in (APP, token_call(APP, "s3cret"), granted):
        assert "s3cret" not in repr(thing)


@pytest.mark.parametrize(
    ("expires_in", "good_for"),
    [
        (3600, 3540),
        ("1800", 1740),
        (100, 90),
        (None, math.inf),
        (0, math.inf),
        ("x", math.inf),
        (1e999, math.inf),
    ],
)
def test_tokens_are_not_used_to_their_last_second(expires_in: Any, good_for: float) -> None:
    granted = read_grant(_answer({"access_token": "t", "expires_in": expires_in}), NOW)
    assert granted.good_for == good_for


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (_answer({"error": "invalid_client"}, 401), Denied),
        (_answer({"error": "anything_else"}), Denied),
        (_answer({"access_token": "t"}, 400), Denied),
        (_answer({"access_token": ""}), Unavailable),
        (_answer({"access_token": 7}), Unavailable),
        (_answer(["access_token"]), Unavailable),
        (_answer(None, 403), RateLimited),
        (_answer({}, 403, **{"retry-after": "9"}), RateLimited),
    ],
)
def test_refusals(answer: Answer, kind: type[SourceError]) -> None:
    with pytest.raises(SourceError) as caught:
        read_grant(answer, NOW)
    assert type(caught.value) is kind


def test_each_authorisation_has_a_file_of_its_own(tmp_path: Path) -> None:
    names = set()
    for source, token in (("a/../b", "r0"), ("a", "r0"), ("a", "r1")):
        store = token_store(tmp_path, source, APP, token)
        assert isinstance(store, FileTokenStore)
        assert store.path.parent == tmp_path
        assert token not in store.path.name
        names.add(store.path)
    assert len(names) == 3
    assert isinstance(token_store(None, "a", APP, "r0"), MemoryTokenStore)


async def test_a_save_that_fails_leaves_the_old_token(tmp_path: Path) -> None:
    store = FileTokenStore(tmp_path / "token.json")
    await store.save("one")
    store.path.unlink()
    store.path.mkdir()
    with pytest.raises(OSError, match="directory"):
        await store.save("two")
    assert [entry.name for entry in sorted(store.path.parent.iterdir())] == ["token.json"]
