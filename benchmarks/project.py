"""A directory as a user has it: connector.yaml, a mapping and the data."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from benchmarks import leads
from benchmarks.stub import API_KEY, DEPARTMENT

if TYPE_CHECKING:
    from pathlib import Path

_CONNECTOR = """\
endpoint:
  type: hatch
  department_id: {department}
  api_key: {api_key}
  source: bench
  base_url: {base_url}
  rate_limit: none
  max_in_flight: 50
state: sqlite:///state.db
sources:
  leads:
{source}
    mapping: mappings/leads.yaml
    schedule: {schedule}
    timezone: UTC
    first_sync: {first_sync}
"""
_CSV = """\
    type: spreadsheet
    path: leads.csv
    key: id"""
_SQL = """\
    type: sql
    url: sqlite:///leads.db
    table: leads
    key: id
    cursor: updated_at
    lookback: 10m"""
_NOTIFIED = """\
    type: sql
    url: {url}
    table: leads
    key: id
    cursor: updated_at
    lookback: 10m
    notify: leads_changed"""
_MAPPING = """\
lead:
  firstName: first_name
  lastName: last_name
  phoneNumber: phone
  email: email
  status: { from: status, values: { new: open, open: open, won: closed, lost: closed } }
  createdAt: created_at
  updatedAt: updated_at
custom:
  fullName: "{{ first_name }} {{ last_name }}"
  city: city
  channel: channel
"""


def write_csv_project(
    directory: Path, base_url: str, count: int, *, first_sync: str = "everything", schedule: str = "every 1m"
) -> None:
    """Make a project with `count` leads in a CSV file, all of them to be sent unless that is said."""
    _write(directory, base_url, _CSV, first_sync, schedule)
    leads.write_csv(directory / "leads.csv", count)


def write_sql_project(directory: Path, base_url: str, count: int, *, first_sync: str) -> None:
    """Make a project with `count` leads in a SQLite table that is read by position."""
    _write(directory, base_url, _SQL, first_sync)
    leads.write_sqlite(directory / "leads.db", count)


def write_notified_project(directory: Path, base_url: str, url: str) -> None:
    """Make a project that reads a table of PostgreSQL, which tells of changes, and that is seldom polled."""
    _write(directory, base_url, _NOTIFIED.format(url=url), "now", "every 1h")


def forget_state(directory: Path) -> None:
    """Make the next sync the first one."""
    for path in directory.glob("state.db*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _write(directory: Path, base_url: str, source: str, first_sync: str, schedule: str = "every 1m") -> None:
    shutil.rmtree(directory, ignore_errors=True)
    (directory / "mappings").mkdir(parents=True)
    (directory / "mappings" / "leads.yaml").write_text(_MAPPING, encoding="utf-8")
    text = _CONNECTOR.format(
        department=DEPARTMENT,
        api_key=API_KEY,
        base_url=base_url,
        source=source,
        first_sync=first_sync,
        schedule=schedule,
    )
    (directory / "connector.yaml").write_text(text, encoding="utf-8")
