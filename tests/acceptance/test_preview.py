"""Editing a mapping with `preview`, as it is installed: seen, saved as an example, held by `check`."""

from __future__ import annotations

from tests.lead_rows import leads


def test_a_record_is_looked_at_and_kept_as_an_example(project, table, hatch):
    table.insert(*leads(5))
    shown = project.call("preview", "crm", "--key", "3", "--json").document["records"]
    assert [each["key"] for each in shown] == ["3"]
    assert shown[0]["came_from"]["firstName"]["at"].startswith("mappings/crm.yaml:")
    person = shown[0]["record"]
    before = project.path("mappings/crm.yaml").read_text()
    project.call("preview", "crm", "--key", "3", "--save-example", "1")
    after = project.path("mappings/crm.yaml").read_text()
    assert after.startswith(before)
    assert [word for word in ("name", "phone", "email") if person[word] in after] == []
    assert "its examples come out as they say" in project.call("check", "--offline").out
    project.map(where="status == 'never'")
    project.write("mappings/crm.yaml", project.path("mappings/crm.yaml").read_text() + after[len(before) :])
    assert "expected a lead, got a skipped record" in project.call("check", "--offline", code=2).out
    assert hatch.requests() == []
