"""P10: keys, names, phones and e-mails: where they are not to be found."""

from __future__ import annotations

import re

from sqlalchemy import create_engine, inspect, text

from tests.lead_rows import lead, leads, write_sheet

PERSONAL = re.compile(rb"Forename\d|80455501\d\d|lead\d+@example|555-01\d\d")


def kept(project):
    """Return all bytes that the project's state file, its log and its helpers hold."""
    names = [path for path in project.directory.rglob("*") if path.is_file()]
    ours = [path for path in names if "leadrelay" in str(path.relative_to(project.directory))]
    assert project.path("leadrelay.db") in ours
    return b"".join(path.read_bytes() for path in ours)


def test_p10_nothing_personal_is_kept_once_it_is_accepted(project, sheet, hatch):
    write_sheet(sheet, [*leads(50), lead(51, phone="", email=""), lead(52)])
    hatch.set_fault("status=422 lead=52")
    project.sync(code=1)
    assert PERSONAL.search(kept(project)), "what still waits for a person is kept"
    hatch.clear_faults()
    project.call("discard", "--state", "rejected", "--yes")
    project.call("discard", "--state", "invalid", "--yes")
    project.sync(code=None)
    found = kept(project)
    assert PERSONAL.search(found) is None
    assert hatch.api_key.encode() not in found


def test_p10_a_lead_is_found_by_phone_and_email_all_the_same(project, sheet, hatch):
    write_sheet(sheet, [*leads(3), lead(4, phone="(804) 555-0177", status="")])
    project.sync()
    for asked in ("(804) 555-0177", "+18045550177", "LEAD4@example.com", "crm:4", "4"):
        (found,) = project.call("trace", asked, "--json").document["leads"]
        assert (found["id"], found["state"]) == ("crm:4", "accepted")
    assert project.call("trace", "nobody@example.net", "--json", code=1).document["leads"] == []


def test_p10_nothing_personal_is_printed_however_much_is_asked_for(project, sheet, hatch):
    write_sheet(sheet, [*leads(3), lead(4, phone="804", email="lead4(at)example.com")])
    project.map(lead={"firstName": "name", "phoneNumber": "phone", "email": "email"})
    hatch.set_fault("status=422 lead=2 body=json", "errors='no Forename3 with 804-555-0103' lead=3")
    # Every call of a project looks for what is personal: see `Project.keeps_quiet`.
    project.call("-v", "sync", code=1)
    for arguments in (
        ["status"],
        ["leads"],
        ["trace", "2"],
        ["state", "export"],
        ["plan"],
        ["-v", "leads", "--json"],
    ):
        project.call(*arguments, code=None)
    project.endpoint["api_key"] = "made-up-wrong-key"
    project.secrets.append("made-up-wrong-key")
    project.save()
    write_sheet(sheet, leads(6))
    hatch.clear_faults()
    project.call("-v", "sync", code=3)
    project.call("status")
    project.call("check", code=None)


def test_p10_a_postgresql_store_keeps_no_payload_either(project, sheet, hatch, postgres_url):
    project.state = postgres_url
    project.save()
    write_sheet(sheet, leads(20))
    project.sync()
    engine = create_engine(postgres_url)
    with engine.connect() as connection:
        rows = [
            str(row)
            for table in inspect(connection).get_table_names()
            for row in connection.execute(text(f'select t::text from "{table}" t'))
        ]
    engine.dispose()
    assert len(rows) > 20
    assert PERSONAL.search("\n".join(rows).encode()) is None
