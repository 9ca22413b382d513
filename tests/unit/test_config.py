from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from sources.errors import BadConfig
from sources.units import Rate
from sync.config.options import DEFAULT_ENDPOINT
from tests.unit.config_project import ENDPOINT, SOURCE, load, write

FULL = """\
endpoints:
  west: {type: hatch, department_id: "1", api_key: a, rate_limit: 10/s}
  east: {type: http, department_id: "2", api_key: b}
state: sqlite:///data/leads.db
sources:
  crm:
    type: table
    key: [first, last]
    wait: 30s
    mapping: m.yaml
    schedule: every 1m
    timezone: America/New_York
    first_sync: 2026-01-31
    max_sends: 500/h
    lookback: 10m
    jitter: 5s
    endpoint: west
  walk-ins_2:
    type: table
    key: row
    mapping: m.yaml
    first_sync: everything
    endpoint: east
"""


def test_a_whole_file(tmp_path):
    config = load(write(tmp_path, FULL))
    assert config.directory == tmp_path
    assert list(config.endpoints) == ["west", "east"]
    assert config.endpoints["west"].settings.rate_limit == Rate(10, timedelta(seconds=1))
    assert config.endpoints["east"].type == "http"
    crm = config.sources["crm"]
    assert crm.endpoint == "west"
    assert crm.settings.key == ("first", "last")
    assert crm.settings.wait == timedelta(seconds=30)
    assert crm.options.schedule.every == timedelta(minutes=1)
    assert crm.options.max_sends == Rate(500, timedelta(hours=1))
    assert crm.options.lookback == timedelta(minutes=10)
    assert crm.options.jitter == timedelta(seconds=5)
    assert crm.options.first_sync == datetime(2026, 1, 31, tzinfo=ZoneInfo("America/New_York"))
    assert crm.mapping.reads == {"first", "phone"}
    other = config.sources["walk-ins_2"]
    assert (other.endpoint, other.options.first_sync, other.options.schedule) == ("east", "everything", None)
    assert other.options.timezone == ZoneInfo("UTC")


def test_a_single_endpoint_has_a_name_of_its_own(tmp_path):
    config = load(write(tmp_path, ENDPOINT + SOURCE))
    assert list(config.endpoints) == [DEFAULT_ENDPOINT] == [config.sources["crm"].endpoint]


def test_the_only_one_of_several_endpoints_need_not_be_named(tmp_path):
    text = "endpoints:\n  main: {type: hatch, department_id: x, api_key: y}\n" + SOURCE
    assert load(write(tmp_path, text)).sources["crm"].endpoint == "main"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-01-31T08:30:00", datetime(2026, 1, 31, 8, 30, tzinfo=ZoneInfo("Asia/Tokyo"))),
        ("2026-01-31T08:30:00Z", datetime(2026, 1, 31, 8, 30, tzinfo=UTC)),
        ("Everything", "everything"),
    ],
)
def test_first_sync(tmp_path, written, expected):
    text = (ENDPOINT + SOURCE).replace("first_sync: now", f"first_sync: {written}\n    timezone: Asia/Tokyo")
    assert load(write(tmp_path, text)).sources["crm"].options.first_sync == expected


@pytest.mark.parametrize(
    ("written", "url", "backend"),
    [
        ("sqlite:///x.db", "sqlite:///{}/x.db", "sqlite"),
        ("sqlite:////var/x.db", "sqlite:////var/x.db", "sqlite"),
        ("postgres://u:p@h/d", "postgresql+psycopg://u:p@h/d", "postgresql"),
        ("postgresql://u:p@h:5/d?x=y", "postgresql+psycopg://u:p@h:5/d?x=y", "postgresql"),
        ("postgresql+psycopg://h/d", "postgresql+psycopg://h/d", "postgresql"),
    ],
)
def test_state(tmp_path, written, url, backend):
    state = load(write(tmp_path, f"state: {written}\n{ENDPOINT}{SOURCE}")).state
    assert state.url.get_secret_value() == url.format(tmp_path)
    assert state.backend == backend


def test_state_has_a_default(tmp_path):
    assert load(write(tmp_path, ENDPOINT + SOURCE)).state.file == tmp_path / "leadrelay.db"


def test_marks_for_what_is_found_out_at_run_time(tmp_path):
    path = write(tmp_path, ENDPOINT + SOURCE)
    config = load(path)
    assert str(config.mark("sources", "crm", "key")) == f"{path}:8:10"
    assert str(config.mark("sources", "crm", "cursor")) == f"{path}:6:3"
    problem = config.source_problem("crm", BadConfig("there is no column id", "key"))
    assert str(problem) == f"{path}:8:10: sources.crm.key: there is no column id"
    assert str(config.source_problem("crm", BadConfig("no"))) == f"{path}:6:3: sources.crm: no"


def test_it_is_frozen(tmp_path):
    config = load(write(tmp_path, ENDPOINT + SOURCE))
    with pytest.raises(TypeError):
        config.sources["x"] = None
    with pytest.raises(AttributeError):
        config.state = None
    with pytest.raises(ValidationError):
        config.sources["crm"].options.mapping = "x"


def test_p10_no_repr_shows_a_secret(tmp_path):
    text = """\
endpoint: {type: hatch, department_id: "${SECRET}", api_key: pl4nted}
state: postgresql://user:pl4nted@example.com/db
sources:
  crm: {type: table, key: "${SECRET}", token: pl4nted, url: "https://u:${SECRET}@example.com",
    mapping: m.yaml, headers: {Authorization: "Bearer ${SECRET}"}, parts: {a: pl4nted}, first_sync: now}
"""
    config = load(write(tmp_path, text), SECRET="pl4nted", LEADRELAY_SOURCES__CRM__HEADERS__X="pl4nted")
    shown = f"{config!r} {config} {config.sources['crm']!r} {config.endpoints!r} {config.state!r}"
    assert "pl4nted" not in shown
    assert "crm" in shown
    assert config.sources["crm"].settings.headers == {"Authorization": "Bearer pl4nted", "x": "pl4nted"}


def test_a_normal_file_is_read_in_no_time(tmp_path):
    path = write(tmp_path, FULL)
    load(path)
    start = time.process_time()
    load(path)
    assert time.process_time() - start < 0.2  # 50 ms, and room for a busy machine


def test_importing_costs_no_heavy_module():
    heavy = "httptools apscheduler pydantic_settings sqlalchemy phonenumbers jinja2 dotenv"
    code = f"import sys, sync.config; print([name for name in {heavy.split()!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
