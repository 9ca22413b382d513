# ruff: noqa: E501 - messages read best with one to a line
from __future__ import annotations

import pytest

from tests.unit.config_project import ENDPOINT, SOURCE, load, problems, write

BOTH = ENDPOINT + SOURCE
KEY = BOTH.replace("k3y", "${KEY}")


def api_key(config):
    return config.endpoints["default"].settings.api_key.get_secret_value()


def test_a_variable_is_put_in(tmp_path):
    path = write(tmp_path, BOTH.replace("k3y", "a${KEY}b${OTHER:-c d}$${KEY}"))
    assert api_key(load(path, KEY="-")) == "a-bc d${KEY}"


def test_env_file_is_read_and_the_environment_wins(tmp_path):
    path = write(tmp_path, KEY, dot_env="# comment\nexport KEY='from file'\nDOLLAR=pa$$w${ord}\n")
    assert api_key(load(path)) == "from file"
    assert api_key(load(path, KEY="from outside")) == "from outside"
    path.write_text(KEY.replace("${KEY}", "${DOLLAR}"))
    assert api_key(load(path)) == "pa$$w${ord}"


@pytest.mark.parametrize(
    "value", ["a: b", "[1]", "{x: y}", "*a", "#", "'", "\n- b", "!!int 3", "true", "012", "${KEY}"]
)
def test_a_variable_is_never_structure(tmp_path, value):
    assert api_key(load(write(tmp_path, KEY), KEY=value)) == value


def test_a_number_in_a_variable_is_a_number_where_one_is_wanted(tmp_path):
    path = write(tmp_path, KEY.replace("sources:", "  max_in_flight: ${N}\nsources:"))
    settings = load(path, KEY="123", N="7").endpoints["default"].settings
    assert settings.max_in_flight == 7
    assert settings.api_key.get_secret_value() == "123"


def test_every_missing_variable_is_named_at_once_and_nothing_follows_from_it(tmp_path):
    text = KEY.replace("sources:", "  max_in_flight: ${N}\n  rate_limit: ${EMPTY}\nsources:")
    path = write(tmp_path, text.replace("m.yaml", "${WHERE}").replace("now", "${}"), dot_env="KYE=1\n")
    hint = "set it in the environment or in .env beside this file"
    assert problems(path, EMPTY="") == [
        f'connector.yaml:4:12: endpoint.api_key: the variable KEY is not set (did you mean "KYE"?); {hint}',
        f"connector.yaml:5:18: endpoint.max_in_flight: the variable N is not set; {hint}",
        "connector.yaml:6:15: endpoint.rate_limit: the variable EMPTY is empty; give it a value, or write ${EMPTY:-} where none is needed",
        f"connector.yaml:11:14: sources.crm.mapping: the variable WHERE is not set; {hint}",
        "connector.yaml:12:17: sources.crm.first_sync: expected ${NAME} or ${NAME:-default}; $${ stands for a plain ${",
    ]


def test_a_secret_that_may_be_empty_still_has_to_be_there(tmp_path):
    path = write(tmp_path, BOTH.replace("k3y", '"${KEY:-}"'))
    assert problems(path) == ["connector.yaml:4:12: endpoint.api_key: is empty"]


def test_a_broken_line_of_the_env_file_is_named(tmp_path):
    path = write(tmp_path, BOTH, dot_env="A=1\n\n# x\nthis is = no 'line\nB=2\n")
    assert problems(path) == [".env:4:1: expected NAME=value; a value with spaces or # is in quotes"]


def test_what_is_wrong_with_the_env_file_does_not_hide_the_rest(tmp_path):
    text = BOTH.replace("k3y", '"${KEY}"').replace("m.yaml", "n.yaml")
    path = write(tmp_path, text, dot_env="KEY=x\nno variable\n")
    assert problems(path) == [
        'connector.yaml:9:14: sources.crm.mapping: there is no file n.yaml (did you mean "m.yaml"?)',
        ".env:2:1: expected NAME=value; a value with spaces or # is in quotes",
    ]
    (tmp_path / ".env").write_bytes(b"KEY=\xff\n")
    hint = "set it in the environment or in .env beside this file"
    assert problems(path) == [
        f"connector.yaml:4:12: endpoint.api_key: the variable KEY is not set; {hint}",
        'connector.yaml:9:14: sources.crm.mapping: there is no file n.yaml (did you mean "m.yaml"?)',
        ".env:1:5: is not UTF-8: byte 5 is 0xFF; save the file as UTF-8",
    ]


PLANTED = "pl4ntedSecret"


@pytest.mark.parametrize(
    "line",
    ["max_in_flight", "unknown_outcome", "rate_limit", "type", "department_id: [x]\n  nonsense"],
)
def test_p10_no_message_about_an_endpoint_repeats_a_variable(tmp_path, line):
    text = f"endpoint:\n  {line}: ${{KEY}}\n{SOURCE}"
    found = problems(write(tmp_path, text), KEY=PLANTED)
    assert found
    assert PLANTED not in "\n".join(found)


@pytest.mark.parametrize(
    "key",
    [
        "type",
        "mapping",
        "schedule",
        "timezone",
        "first_sync",
        "max_sends",
        "lookback",
        "endpoint",
        "wait",
        "url",
    ],
)
@pytest.mark.parametrize(
    "value", [PLANTED, f"https://bad:{PLANTED}@example.com", f"bad {PLANTED} x y z", f"2026-01-{PLANTED}"]
)
def test_p10_no_message_about_a_source_repeats_a_variable(tmp_path, key, value):
    lines = [line for line in BOTH.split("\n") if f"    {key}:" not in line]
    text = "\n".join([*lines[:-1], f"    {key}: ${{KEY}}", ""])
    for environ in ({"KEY": value}, {f"LEADRELAY_SOURCES__CRM__{key.upper()}": value, "KEY": "x"}):
        found = "\n".join(problems(write(tmp_path, text), **environ))
        assert PLANTED not in found
        assert f"sources.crm.{key}" in found or (key == "url" and "bad" not in value)


def test_p10_a_secret_in_the_file_is_not_repeated(tmp_path):
    text = f"{BOTH}    token: bad {PLANTED}\n    parts: {{a: [{PLANTED}]}}\n"
    found = problems(write(tmp_path, text))
    assert found == [
        "connector.yaml:11:12: sources.crm.token: token (hidden) is bad",
        "connector.yaml:12:16: sources.crm.parts.a: expected text, found a list",
    ]


def test_the_environment_overrides(tmp_path):
    text = BOTH.replace("crm", "walk-ins") + "    headers: {X-Api-Key: a}\n"
    config = load(
        write(tmp_path, text),
        LEADRELAY_ENDPOINT__API_KEY="[not json",
        LEADRELAY_ENDPOINT__DEPARTMENT_ID="0123",
        leadrelay_endpoint__max_in_flight="3",
        LEADRELAY_STATE="postgresql://example.com/db",
        LEADRELAY_SOURCES__WALK_INS__SCHEDULE="every 2h",
        LEADRELAY_SOURCES__WALK_INS__KEY='["a", "b"]',
        LEADRELAY_SOURCES__WALK_INS__HEADERS__X_API_KEY="b",
        LEADRELAY_SOURCES__WALK_INS__FIRST_SYNC="",
        LEADRELAY_CONFIG="elsewhere.yaml",
    )
    endpoint, source = config.endpoints["default"], config.sources["walk-ins"]
    assert api_key(config) == "[not json"
    assert (endpoint.settings.department_id, endpoint.settings.max_in_flight) == ("0123", 3)
    assert config.state.backend == "postgresql"
    assert (source.options.schedule.text, source.options.first_sync) == ("every 2h", "now")
    assert source.settings.headers == {"X-Api-Key": "b"}


def test_an_override_takes_the_place_of_a_missing_variable(tmp_path):
    assert api_key(load(write(tmp_path, KEY), LEADRELAY_ENDPOINT__API_KEY="x${Y}")) == "x${Y}"


def test_overrides_stand_in_the_env_file_too(tmp_path):
    path = write(
        tmp_path, KEY, dot_env="A=b\nLEADRELAY_ENDPOINT__API_KEY=x\nLEADRELAY_ENDPOINT__MAX_IN_FLIGHT=0\n"
    )
    assert problems(path) == [
        ".env:3:1: LEADRELAY_ENDPOINT__MAX_IN_FLIGHT: endpoint.max_in_flight: must be at least 1"
    ]


TOP = "LEADRELAY_ENDPOINT, LEADRELAY_ENDPOINTS, LEADRELAY_STATE, LEADRELAY_SOURCES, LEADRELAY_HOOKS"
WRONG = [
    ("LEADRELAY_STAET", f'overrides nothing: there is no staet (did you mean "state"?); there are: {TOP}'),
    ("LEADRELAY_SOURCES__CMR__KEY", 'overrides nothing: there is no source cmr (did you mean "crm"?); there are: crm'),
    ("LEADRELAY_ENDPOINTS__A__API_KEY", "overrides nothing: the file has no section endpoints; it has endpoint"),
    ("LEADRELAY_ENDPOINT", "names a whole section; name one setting in it, as in LEADRELAY_ENDPOINT__API_KEY"),
    ("LEADRELAY_SOURCES__CRM", "names a whole section; name one setting in it, as in LEADRELAY_SOURCES__CRM__SCHEDULE"),
    ("LEADRELAY_SOURCES__CRM__HEADERS", "sources.crm.headers: expected a section of keys, found text"),
    ("LEADRELAY_SOURCES__CRM__TYPE", "sources.crm.type: unknown type; there are: table, broken"),
    ("LEADRELAY_SOURCES__CRM__KEY__A", "names something inside of a value that is no section; a list is given whole, as JSON"),
    ("LEADRELAY_SOURCES__CRM__MAPPING", "sources.crm.mapping: there is no file of the name that its variable holds"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "expected"), WRONG)
def test_a_wrong_override_is_named(tmp_path, name, expected):
    assert problems(write(tmp_path, BOTH), **{name: "x"}) == [f"{name}: {expected}"]


def test_an_unknown_key_names_its_variable(tmp_path):
    found = problems(
        write(tmp_path, BOTH), LEADRELAY_SOURCES__CRM__TOEKN="x", LEADRELAY_ENDPOINT__FOO__BAR="y"
    )
    assert found[0].startswith("LEADRELAY_ENDPOINT__FOO__BAR: endpoint.foo: unknown key; there are: type, ")
    assert found[1].startswith(
        'LEADRELAY_SOURCES__CRM__TOEKN: sources.crm.toekn: unknown key (did you mean "token"?)'
    )


def test_names_that_a_variable_can_not_tell_apart(tmp_path):
    text = (
        BOTH
        + SOURCE.removeprefix("sources:\n").replace("crm", "a-b")
        + SOURCE.removeprefix("sources:\n").replace("crm", "a_b")
    )
    path = write(tmp_path, text)
    assert len(load(path).sources) == 3
    assert problems(path, LEADRELAY_SOURCES__A_B__KEY="x") == [
        "LEADRELAY_SOURCES__A_B__KEY: can mean each of a-b, a_b; rename one of them"
    ]


def test_variables_that_clash_are_named(tmp_path):
    path = write(tmp_path, BOTH)
    section = {"LEADRELAY_SOURCES__CRM__HEADERS": '{"A": "b"}', "LEADRELAY_SOURCES__CRM__HEADERS__C": "d"}
    clash = "clashes with another variable for the same setting or section; keep one of them"
    assert problems(path, **section) == [f"LEADRELAY_SOURCES__CRM__HEADERS__C: {clash}"]
    assert load(path, LEADRELAY_SOURCES__CRM__HEADERS='{"A": "b"}').sources["crm"].settings.headers == {
        "A": "b"
    }


@pytest.mark.parametrize(
    "name", ["LEADRELAY_SOURCES__", "LEADRELAY_SOURCES__C.R__KEY", "LEADRELAY___", "LEADRELAY_"]
)
def test_odd_names_are_errors_not_crashes(tmp_path, name):
    found = problems(write(tmp_path, BOTH), **{name: "x"})
    assert len(found) == 1
    assert found[0].startswith(f"{name}: ")
