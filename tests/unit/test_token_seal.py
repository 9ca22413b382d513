"""Kept refresh tokens: encrypted with a key of the environment, each for one source, private files."""

from __future__ import annotations

import base64
import json
import os
import stat
from pathlib import Path  # noqa: TC003 pytest reads the signatures

import pytest

from sources._http.token_seal import VARIABLE
from sources.errors import BadConfig, Unavailable
from sources.oauth import FileTokenStore, OAuthApp, kept_in_plain, token_store
from sync.config._override_names import TOKEN_KEY

OLD, NEW, OTHER = (base64.b64encode(bytes([number]) * 32).decode() for number in (1, 2, 3))
TOKEN = "refresh-s3cret"


@pytest.fixture
def keys(monkeypatch):
    """Set the keys of the environment; none to begin with."""
    monkeypatch.delenv(VARIABLE, raising=False)
    return lambda *given: monkeypatch.setenv(VARIABLE, ",".join(given))


@pytest.fixture
def store(tmp_path: Path, keys) -> FileTokenStore:
    return FileTokenStore(tmp_path / "oauth-crm-1.json", "crm")


async def test_with_a_key_no_file_holds_the_token(store, keys):
    keys(NEW)
    await store.save(TOKEN)
    assert TOKEN.encode() not in store.path.read_bytes()
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600
    assert await store.load() == TOKEN
    assert store.kept().endswith(", encrypted")
    assert kept_in_plain(store.path.parent) == []


async def test_a_token_kept_in_plain_is_encrypted_as_soon_as_there_is_a_key(store, keys):
    await store.save(TOKEN)
    assert kept_in_plain(store.path.parent) == [store.path]
    keys(NEW)
    assert await store.load() == TOKEN
    assert TOKEN.encode() not in store.path.read_bytes()


async def test_a_key_is_replaced_by_putting_the_new_one_first(store, keys):
    keys(OLD)
    await store.save(TOKEN)
    keys(NEW, OLD)
    assert await store.load() == TOKEN
    keys(NEW)  # it is encrypted with this one by now, so the old one may go
    assert await store.load() == TOKEN


@pytest.mark.parametrize(("given", "said"), [((OTHER,), "a key that is not in"), ((), "is not set")])
async def test_a_wrong_key_is_said_with_the_variable(store, keys, monkeypatch, given, said):
    keys(OLD)
    await store.save(TOKEN)
    before = store.path.read_bytes()
    monkeypatch.delenv(VARIABLE)
    if given:
        keys(*given)
    with pytest.raises(BadConfig, match=said) as caught:
        await store.load()
    assert VARIABLE in str(caught.value)
    assert str(store.path) in str(caught.value)
    assert OLD not in str(caught.value)
    assert store.path.read_bytes() == before


@pytest.mark.parametrize("wrong", ["secret", NEW[:-8], f"{NEW},short", base64.b64encode(b"x" * 16).decode()])
async def test_p10_what_is_no_key_is_said_before_any_token_is_asked_for(store, keys, wrong):
    keys(wrong)
    with pytest.raises(BadConfig, match=f"{VARIABLE} must be 32 random bytes") as caught:
        async with store.exclusive():
            pytest.fail("a token would be asked for that can't be kept")
    assert wrong not in str(caught.value)


async def test_a_key_may_be_written_for_urls(store, keys):
    key = base64.urlsafe_b64encode(b"\xfb\xff" * 16).decode()
    assert "-" in key
    keys(key)
    await store.save(TOKEN)
    assert await store.load() == TOKEN


@pytest.mark.parametrize("key", [None, NEW])
async def test_a_file_that_was_copied_from_another_source_is_not_used(store, keys, key):
    if key:
        keys(key)
    await store.save(TOKEN)
    copy = FileTokenStore(store.path.with_name("oauth-other-1.json"), "other")
    copy.path.write_bytes(store.path.read_bytes())
    copy.path.chmod(0o600)
    with pytest.raises(Unavailable, match="another source"):
        await copy.load()


async def test_an_altered_file_is_not_used(store, keys):
    keys(NEW)
    await store.save(TOKEN)
    document = json.loads(store.path.read_text())
    for altered in (document["sealed"][:-8] + "AAAAAAA=", "", "?"):
        store.path.write_text(json.dumps({**document, "sealed": altered}))
        with pytest.raises(Unavailable, match="altered"):
            await store.load()


@pytest.mark.skipif(os.name != "posix", reason="there are no such permissions")
async def test_a_plain_token_that_others_may_read_is_not_used(store, keys):
    await store.save(TOKEN)
    store.path.chmod(0o640)
    with pytest.raises(BadConfig, match="chmod 600"):
        await store.load()
    store.path.chmod(0o600)
    assert await store.load() == TOKEN


async def test_what_a_killed_process_left_of_a_token_is_removed(store, keys):
    left = store.path.with_name(f".{store.path.name}.killed")
    left.write_text(TOKEN)
    await store.save(TOKEN)
    assert not left.exists()


async def test_another_client_or_a_new_token_in_the_settings_wins_over_a_kept_one(tmp_path, keys):
    app = OAuthApp("https://auth.example.com/token", "us", "s")
    kept = token_store(tmp_path, "crm", app, "first")
    await kept.save(TOKEN)
    assert await token_store(tmp_path, "crm", app, "first").load() == TOKEN
    assert await token_store(tmp_path, "crm", app, "second").load() is None
    assert await token_store(tmp_path, "crm", app, None).load() is None
    other = OAuthApp(app.token_url, "them", "s")
    assert await token_store(tmp_path, "crm", other, "first").load() is None


def test_the_configuration_knows_the_same_variable():
    assert TOKEN_KEY == VARIABLE
