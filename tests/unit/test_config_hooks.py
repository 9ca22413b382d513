# ruff: noqa: E501 - a table of messages reads best with one to a line
"""`hooks:` and the `hook:` of a source in connector.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sync.hooks.kinds import HmacHook, HubspotHook
from tests.unit.config_project import ENDPOINT, SOURCE, load, problems, write

if TYPE_CHECKING:
    from pathlib import Path

POLLED = SOURCE + "    schedule: every 1m\n"
HMAC = "    hook: { type: hmac, secret: s3cret, header: X-Signature }\n"
HUBSPOT = "    hook: { type: hubspot, secret: s3cret }\n"
HOOKS = "hooks: { listen: '127.0.0.1:8800', url: 'https://hooks.example.com' }\n"


def test_without_a_word_about_it_the_defaults_hold(tmp_path: Path) -> None:
    config = load(write(tmp_path, ENDPOINT + POLLED + HMAC))
    assert (config.hooks.listen, config.hooks.url) == (("127.0.0.1", 8720), None)
    hook = config.sources["crm"].options.hook
    assert isinstance(hook, HmacHook)
    assert hook.secret.get_secret_value() == "s3cret"
    assert "s3cret" not in repr(config)


def test_the_section_says_where_and_what_is_called(tmp_path: Path) -> None:
    config = load(write(tmp_path, ENDPOINT + POLLED + HUBSPOT + HOOKS))
    assert (config.hooks.listen, config.hooks.url) == (("127.0.0.1", 8800), "https://hooks.example.com")
    assert isinstance(config.sources["crm"].options.hook, HubspotHook)


def test_variables_override_both(tmp_path: Path) -> None:
    file = write(tmp_path, ENDPOINT + POLLED + HMAC + HOOKS)
    config = load(
        file, LEADRELAY_HOOKS__LISTEN="0.0.0.0:9000", LEADRELAY_SOURCES__CRM__HOOK__SECRET="another"
    )
    assert config.hooks.listen == ("0.0.0.0", 9000)
    hook = config.sources["crm"].options.hook
    assert isinstance(hook, HmacHook)
    assert hook.secret.get_secret_value() == "another"


WRONG = [
    (SOURCE + HMAC, "11:5: sources.crm.hook: needs a `schedule` as well: a call can get lost, and polling makes up for it"),
    (POLLED + HUBSPOT, "12:5: sources.crm.hook: hubspot signs the address that it calls: say what that is, as in `hooks: { url: https://hooks.example.com }`"),
    (POLLED + HUBSPOT + "hooks: { listen: 8800 }\n", "13:18: hooks.listen: expected an address and a port, as in 127.0.0.1:8720 or 0.0.0.0:8720"),
    (POLLED + HMAC + "hooks: { lisen: a }\n", '13:10: hooks.lisen: unknown key (did you mean "listen"?); there are: listen, url'),
    (POLLED + HMAC + "hooks:\n", "13:1: hooks: is empty; expected its settings"),
    (POLLED + HMAC.replace("s3cret", "''"), "12:33: sources.crm.hook.secret: is empty"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), WRONG)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, text: str, expected: str) -> None:
    assert problems(write(tmp_path, ENDPOINT + text)) == [f"connector.yaml:{expected}"]


def test_an_unknown_kind_names_those_there_are(tmp_path: Path) -> None:
    (said,) = problems(write(tmp_path, ENDPOINT + POLLED + HMAC.replace("hmac", "hmca")))
    assert "sources.crm.hook: must be one of" in said
    for kind in ("hubspot", "pipedrive", "gohighlevel", "hmac"):
        assert kind in said
