# ruff: noqa: E501 - a table of messages reads best with one to a line
from __future__ import annotations

import pytest

from sync.located_yaml import ConfigError
from tests.unit.config_project import ENDPOINT, SOURCE, load, problems, write

FIRST = (
    'what to do with the leads that are there already: "now" sends only what changes from now on, '
    '"everything" sends all of them, and a date as in 2026-01-31 what changed since then'
)
KNOWN = "there are: type, mapping, schedule, timezone, first_sync, created_after, max_sends, lookback, endpoint, jitter, hook, renamed_from, key, token, url, wait, headers, parts"
TWO = "use sqlite:///leadrelay.db (a file) or postgresql://user:password@host/database"
SCHEDULE = "every 30s, every 2h, or a cron line as in */5 7-19 * * mon-fri"
NAME = "a name has letters, digits, _ and -, begins with a letter or digit, and is at most 64 long"

#: What stands in the source, and what is said of it; line 6 is "  crm:", the first line after it 11.
IN_SOURCE = [
    ("shedule: every 1m", f'11:5: sources.crm.shedule: unknown key (did you mean "schedule"?); {KNOWN}'),
    ("toekn: x", f'11:5: sources.crm.toekn: unknown key (did you mean "token"?); {KNOWN}'),
    ("wait: soon", "11:11: sources.crm.wait: 'soon' is not a duration; write it like 30s, 5m, 1h30m or 2d"),
    ("token: ''", "11:12: sources.crm.token: is empty"),
    ("schedule: hourly", f"11:15: sources.crm.schedule: is not a schedule; expected {SCHEDULE}"),
    ("schedule: 5", f"11:15: sources.crm.schedule: expected text like {SCHEDULE}"),
    ("schedule: every 0s", "11:15: sources.crm.schedule: the time after every must be between 1s and 366d"),
    ("schedule: every now", "11:15: sources.crm.schedule: 'now' is not a duration; write it like 30s, 5m, 1h30m or 2d"),
    ("schedule: 0 0 * * * *", "11:15: sources.crm.schedule: has 6 fields; a cron line has five (minute, hour, day of month, month, weekday), or write every 5m"),
    ("schedule: 60 0 * * *", "11:15: sources.crm.schedule: minute '60' must be 0 to 59"),
    ("schedule: 0 0 * * mno", "11:15: sources.crm.schedule: weekday 'mno' must be 0 to 7 or sun to sat (did you mean \"mon\"?)"),
    ("schedule: 0 0 30 2 *", "11:15: sources.crm.schedule: never comes due: there is no such day in such a month"),
    ("timezone: Amerca/New_York", "11:15: sources.crm.timezone: 'Amerca/New_York' is not a time zone (did you mean \"America/New_York\"?); expected one as in America/New_York"),
    ("timezone: chicago", "11:15: sources.crm.timezone: 'chicago' is not a time zone (did you mean \"America/Chicago\"?); expected one as in America/New_York"),
    ("timezone: EST", "11:15: sources.crm.timezone: 'EST' says nothing about daylight saving time; name a place, as in America/New_York"),
    ("timezone: ../etc", "11:15: sources.crm.timezone: '../etc' is not a time zone; expected one as in America/New_York"),
    ("max_sends: 500", "11:16: sources.crm.max_sends: 500 is not a rate; write it like 10/s, 500/h or 100/10s"),
    ("lookback: -5m", "11:15: sources.crm.lookback: '-5m' is not a duration; write it like 30s, 5m, 1h30m or 2d"),
    ("endpoint: wets", '11:15: sources.crm.endpoint: there is no endpoint "wets"; there are: default'),
]  # fmt: skip


@pytest.mark.parametrize(("line", "expected"), IN_SOURCE)
def test_what_is_wrong_in_a_source(tmp_path, line, expected):
    assert problems(write(tmp_path, f"{ENDPOINT}{SOURCE}    {line}\n")) == [f"connector.yaml:{expected}"]


WHOLE = [
    ("", "1:1: is empty; expected endpoint, state and sources"),
    ("- a", "1:1: is not a section of keys; expected endpoint, state and sources"),
    (ENDPOINT, "1:1: sources: is required: where the leads come from"),
    (ENDPOINT + "sources:", "5:1: sources: expected a section with a name for each source"),
    (ENDPOINT + "sources: [a]", "5:10: sources: expected a section with a name for each source"),
    (SOURCE, "1:1: endpoint: is required: where the leads go"),
    (ENDPOINT + SOURCE + "soruces: 1", '11:1: soruces: unknown key (did you mean "sources"?); there are: endpoint, endpoints, state, sources, hooks'),
    (ENDPOINT + SOURCE + "endpoints: {}", "11:1: endpoints: there is endpoint: as well; keep one of the two"),
    ("endpoints:\n" + SOURCE, "1:1: endpoints: expected a section with a name for each endpoint"),
    ("endpoint:\n" + SOURCE, "1:1: endpoint: is empty; expected its settings"),
    (ENDPOINT.replace("type: hatch", "type: hacth") + SOURCE, '2:9: endpoint.type: unknown type "hacth" (did you mean "hatch"?); there are: hatch, http'),
    (ENDPOINT.replace("  type: hatch\n", "") + SOURCE, "1:1: endpoint.type: is required; there are: hatch, http"),
    (ENDPOINT.replace("api_key: k3y", "api_kye: k3y") + SOURCE, '1:1: endpoint.api_key: is required|4:3: endpoint.api_kye: unknown key (did you mean "api_key"?); there are: type, department_id, api_key, rate_limit, max_in_flight, unknown_outcome'),
    (ENDPOINT.replace("'12345678'", "12345678") + SOURCE, "3:18: endpoint.department_id: expected text, found a number; put it in quotes"),
    (ENDPOINT + "  unknown_outcome: repaet\n" + SOURCE, '5:20: endpoint.unknown_outcome: must be one of: repeat, hold; found "repaet" (did you mean "repeat"?)'),
    (ENDPOINT + SOURCE.replace("type: table", "type: tabel"), '7:11: sources.crm.type: unknown type "tabel" (did you mean "table"?); there are: table, broken'),
    (ENDPOINT + SOURCE.replace("type: table", "type: broken"), "7:11: sources.crm.type: source type 'broken' cannot be imported"),
    (ENDPOINT + SOURCE.replace("    type: table\n", ""), "6:3: sources.crm.type: is required; there are: table, broken"),
    (ENDPOINT + SOURCE.replace("    first_sync: now\n", ""), f"6:3: sources.crm.first_sync: is required: {FIRST}"),
    (ENDPOINT + SOURCE.replace("first_sync: now", "first_sync: soon"), f"10:17: sources.crm.first_sync: must be now, everything or a date: {FIRST}"),
    (ENDPOINT + SOURCE.replace("first_sync: now", "first_sync: 2026-02-30"), "10:17: sources.crm.first_sync: '2026-02-30' is not a date: day is out of range for month"),
    (ENDPOINT + SOURCE.replace("    mapping: m.yaml\n", ""), "6:3: sources.crm.mapping: is required"),
    (ENDPOINT + SOURCE.replace("m.yaml", "n.yaml"), '9:14: sources.crm.mapping: there is no file n.yaml (did you mean "m.yaml"?)'),
    (ENDPOINT + SOURCE.replace("m.yaml", "."), "9:14: sources.crm.mapping: {dir} is a directory; expected a mapping file"),
    (ENDPOINT + "sources:\n  c rm: {}", f'6:3: sources["c rm"]: {NAME}'),
    (ENDPOINT + "sources:\n  crm: text", "6:8: sources.crm: expected a section of keys"),
    ("state: leadrelay.db\n" + ENDPOINT + SOURCE, f"1:8: state: is not a database URL; {TWO}"),
    ("state: mysql://u:hunter2@h/d\n" + ENDPOINT + SOURCE, f"1:8: state: can't be kept in mysql; {TWO}"),
    ("state: postgresql+asyncpg://h/d\n" + ENDPOINT + SOURCE, "1:8: state: the driver asyncpg can't be used; write postgresql://… and psycopg is taken"),
    ("state: 'sqlite://'\n" + ENDPOINT + SOURCE, "1:8: state: a file is written with three slashes, as in sqlite:///leadrelay.db"),
    ("state: 'sqlite:///:memory:'\n" + ENDPOINT + SOURCE, "1:8: state: in memory it would forget what was sent; name a file, as in sqlite:///leadrelay.db"),
    ("state:\n" + ENDPOINT + SOURCE, "1:1: state: is empty; leave it out for sqlite:///leadrelay.db"),
    ("state: [a]\n" + ENDPOINT + SOURCE, "1:8: state: expected a database URL as text"),
    (ENDPOINT + SOURCE.replace("now", "*/5 * * * *"), '10:17: a value that begins with * must be in quotes, as in "*/5 7-19 * * mon-fri"'),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), WHOLE)
def test_what_is_wrong_as_a_whole(tmp_path, text, expected):
    found = [line.removeprefix("connector.yaml:") for line in problems(write(tmp_path, text))]
    wanted = expected.replace("{dir}", str(tmp_path)).split("|")
    assert found[: len(wanted)] == wanted


def test_several_endpoints_have_to_be_chosen_from(tmp_path):
    text = "endpoints:\n  a: {type: hatch, department_id: x, api_key: y}\n  b: {type: hatch}\n" + SOURCE
    assert problems(write(tmp_path, text)) == [
        "connector.yaml:3:3: endpoints.b.department_id: is required",
        "connector.yaml:3:3: endpoints.b.api_key: is required",
        "connector.yaml:5:3: sources.crm.endpoint: is required with more than one endpoint; there are: a, b",
    ]


def test_all_errors_of_all_files_come_at_once(tmp_path):
    text = ENDPOINT + SOURCE + "    wait: soon\n" + SOURCE.removeprefix("sources:\n").replace("crm", "two")
    path = write(tmp_path, text)
    (tmp_path / "m.yaml").write_text("lead:\n  firstNmae: x\n")
    found = problems(path)
    assert found[0].startswith("connector.yaml:11:11: sources.crm.wait")
    assert found[1].startswith('m.yaml:2:3: lead.firstNmae: unknown key (did you mean "firstName"?)')
    assert len(found) == 2  # the file that two sources share is complained about once


def test_a_missing_file_says_so(tmp_path):
    with pytest.raises(ConfigError, match="there is no such file"):
        load(tmp_path / "connector.yaml")
