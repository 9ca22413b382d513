"""`preview --watch`: the records again on every save, with what has changed, until Ctrl-C."""

from __future__ import annotations

import pytest

from tests.command import COMMAND, environment
from tests.terminal import on_terminal

CONNECTOR = """endpoint: { type: hatch, department_id: "1", api_key: 12345678, source: my_company }
sources:
  crm: { type: spreadsheet, path: crm.csv, key: id, mapping: crm.yaml, first_sync: everything }
"""
MAPPING = "lead:\n  firstName: name\n  phoneNumber: phone\ncustom:\n  plan: plan\n"
BEGUN = "Ctrl-C ends"


@pytest.fixture
def project(tmp_path):
    (tmp_path / "connector.yaml").write_text(CONNECTOR)
    (tmp_path / "crm.yaml").write_text(MAPPING)
    (tmp_path / "crm.csv").write_text("id,name,phone,plan\n1,Ada,(804) 555-0161,gold\n")
    return tmp_path


@pytest.fixture
def watching(project):
    with on_terminal([*COMMAND, "preview", "crm", "--watch"], project, environment(), 120) as terminal:
        terminal.wait_for("gold", 2)
        yield terminal


def save(path, text):
    """Save as many editors do: another file in the old one's place."""
    path.with_name(f"{path.name}~").write_text(text)
    path.with_name(f"{path.name}~").replace(path)


def test_every_save_shows_what_it_has_changed(project, watching):
    assert "1 record, read once and kept in memory" in watching.text
    (project / "crm.csv").unlink()  # it is not read again
    save(project / "crm.yaml", MAPPING.replace("plan: plan", "tier: plan\n  hello: 'Dear {{ name }}'"))
    watching.wait_for("custom.hello")
    watching.wait_for("nothing gives it any more")
    shown = watching.text[watching.text.rindex(BEGUN) :]
    assert "+  custom.tier" in shown
    assert "+  custom.hello" in shown
    assert "-  custom.plan" in shown
    (project / "crm.yaml").write_text(MAPPING.replace("firstName: name", "firstName: plan"))
    watching.wait_for("was Ada")
    watching.wait_for("+  custom.plan")
    shown = watching.text[watching.text.rindex(BEGUN) :]
    assert "~  firstName" in shown
    assert "+  custom.plan" in shown


def test_a_mistake_is_shown_with_its_place_and_the_watch_goes_on(project, watching):
    save(project / "crm.yaml", MAPPING.replace("firstName", "fristName"))
    watching.wait_for("crm.yaml:2:3: lead.fristName: unknown key")
    save(project / "crm.yaml", MAPPING.replace("phoneNumber: phone", "phoneNumber: name"))
    watching.wait_for("(was goes)")
    (project / "connector.yaml").write_text(CONNECTOR.replace("crm:", "crn:"))
    watching.wait_for('there is no source "crm"')
    save(project / "connector.yaml", CONNECTOR)
    save(project / "crm.yaml", MAPPING)
    watching.wait_for("(was invalid)")
    assert "Traceback" not in watching.text


def test_it_begins_with_a_mistake_as_well(project):
    (project / "crm.yaml").write_text(MAPPING.replace("firstName", "fristName"))
    with on_terminal([*COMMAND, "preview", "crm", "--watch"], project, environment(), 120) as terminal:
        terminal.wait_for("The watch goes on")
        assert "nothing is read yet" in terminal.text
        save(project / "crm.yaml", MAPPING)
        terminal.wait_for("gold", 2)
    assert "crm.yaml:2:3: lead.fristName: unknown key" in terminal.text


def test_another_source_of_records_is_read_anew(project, watching):
    (project / "other.csv").write_text("id,name,phone,plan\n2,Grace,(804) 555-0162,gold\n")
    save(project / "connector.yaml", CONNECTOR.replace("path: crm.csv", "path: other.csv"))
    watching.wait_for("record 2")


def test_ctrl_c_ends_it_with_130_and_nothing_else(watching):
    watching.press(b"\x03")
    assert watching.end() == 130
    assert watching.text.rstrip().endswith("^C")
    assert "Traceback" not in watching.text
