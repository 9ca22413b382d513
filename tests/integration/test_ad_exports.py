"""Leads of ad platforms, from the file that is downloaded to the lead that goes.

What the files look like: Meta's by its developers' page on retrieving leads (tabs, `is_organic`) and by what
importers on GitHub are written for (the letters before numbers, the made-up answers); Google's by the fields
of its webhook, spelled out. LinkedIn publishes no list of columns: these are the fields of its Lead Sync API,
and the usual names of questions.
"""

from __future__ import annotations

import asyncio
import codecs
import re
from pathlib import Path

import pytest

from sync.lead import Lead, Skip
from sync.mapping import parse_mapping
from sync.runtime.suggesting import suggest_for
from tests.sheet_files import NEW_YORK, records, source

TESTS = Path(__file__).parents[1]
COOKBOOK = TESTS.parent / "mappings" / "COOKBOOK.md"
PEOPLE = (
    {"firstName": "Ada", "lastName": "Lovelace", "phoneNumber": "8045550123", "email": "ada@example.com"},
    {"firstName": "José", "lastName": "Núñez", "phoneNumber": "8045550150", "email": "jose@example.com"},
)
CODES = ("02134", "23220")
UTC_TIMES = ("2026-01-31T21:04:05+0000", "2026-02-01T15:10:11+0000")
META_TIMES = ("2026-01-31T15:04:05-0600", "2026-02-01T09:10:11-0600")
KEYS = {
    "meta": ("l:1203334455660042", "l:1203334455660043"),
    "google": ("CiQBGb1mJ3x9aA", "CiQBGb1mJ3x9aB"),
    "linkedin": ("7b1c2d3e-1", "7b1c2d3e-2"),
}


@pytest.fixture
def downloaded(tmp_path):
    """Put the files where somebody downloads them, each in its platform's encoding and ends of lines."""
    meta, google, linkedin = (
        (TESTS / "ad_exports" / name).read_text("utf-8")
        for name in ("meta.tsv", "google.csv", "linkedin.csv")
    )
    (tmp_path / "meta.csv").write_bytes(codecs.BOM_UTF16_LE + meta.encode("utf-16-le"))
    (tmp_path / "google.csv").write_bytes(google.encode())
    (tmp_path / "linkedin.csv").write_bytes(codecs.BOM_UTF8 + linkedin.replace("\n", "\r\n").encode())
    return tmp_path


def made(name, directory, mapping_text, key):
    """Read a file as the source does, and return what the mapping makes of it."""
    mapping = parse_mapping(mapping_text, "x.yaml", timezone=NEW_YORK)
    assert list(map(str, mapping.run_examples())) == []
    return [mapping.apply(each) for each in asyncio.run(records(source(directory, f"{name}.csv", key)))]


@pytest.mark.parametrize(
    ("name", "times", "tests"),
    [("meta", META_TIMES, 1), ("google", UTC_TIMES, 0), ("linkedin", UTC_TIMES, 1)],
)
def test_a_draft_makes_the_leads_a_user_would_want(downloaded, name, times, tests):
    """Leads that only test a form stay behind: they stand among the others, with an e-mail or a phone."""
    guessed = asyncio.run(suggest_for(source(downloaded, f"{name}.csv", "row"), name, 200))
    found = made(name, downloaded, guessed.text, list(guessed.choice.key))
    leads = [each for each in found if isinstance(each, Lead)]
    assert [each.warnings for each in leads] == [(), ()]
    assert sum(isinstance(each, Skip) for each in found) == tests == len(found) - len(leads)
    for lead, key, person, time, code in zip(leads, KEYS[name], PEOPLE, times, CODES, strict=True):
        sent = {field: value for field, value in lead.standard.items() if field != "status"}
        assert sent == {"id": key, **person, "createdAt": time}
        assert lead.custom["zipCode" if name == "meta" else "postalCode"] == code


def test_the_recipe_for_lead_ads_of_meta_fits_the_file_as_it_comes(downloaded):
    section = COOKBOOK.read_text("utf-8").partition("## Lead ads of Meta")[2]
    recipe = re.search(r"```yaml\n(.+?)```", section, re.DOTALL)[1]
    with_contact = recipe.replace("lead:\n", "lead:\n  contactID: \"{{ id|replace('l:', '') }}\"\n", 1)
    ada, jose, test = made("meta", downloaded, with_contact, "id")
    key = KEYS["meta"][0]
    identity = {"id": key, "contactID": key.removeprefix("l:")}
    assert ada.standard == {**identity, **PEOPLE[0], "status": "new", "createdAt": META_TIMES[0]}
    assert ada.custom == {"campaign": "Spring roofs", "service": "new_roof", "platform": "Facebook"}
    assert jose.custom == {"service": "repair", "platform": "Instagram"}
    assert isinstance(test, Skip)


def test_a_new_form_with_nothing_but_a_test_gives_a_draft_for_the_leads_to_come(downloaded):
    file = downloaded / "meta.csv"
    header, *_, made_up = file.read_text("utf-16").splitlines()
    file.write_text(f"{header}\n{made_up}\n", "utf-16")
    guessed = asyncio.run(suggest_for(source(downloaded, "meta.csv", "row"), "meta", 200))
    assert {name: field.columns[0].path for name, field in guessed.choice.fields.items()} == {
        "firstName": "full_name",
        "lastName": "full_name",
        "phoneNumber": "phone_number",
        "email": "email",
        "status": "lead_status",
        "createdAt": "created_time",
    }
    assert [type(each) for each in made("meta", downloaded, guessed.text, "id")] == [Skip]
