"""YAML that is broken, ambiguous or hostile: refused at its place, before anything is done."""

from __future__ import annotations

import time

import pytest

from tests.lead_rows import leads, write_sheet

MAPPING = "lead:\n  firstName: name\n  email: email\n"
LAUGHS = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10)
)

BROKEN = {
    "a tab": ("lead:\n\tfirstName: name\n", ":2:1", "a tab can't be used for indentation"),
    "a duplicate key": (MAPPING + "  email: mail\n", ":4:3", "email"),
    "an anchor": ("lead: &it\n  email: email\ncustom: *it\n", ":1:7", "anchor"),
    "an alias in a merge": (MAPPING + "custom:\n  <<: {plan: plan}\n", ":5:3", "<<"),
    "a billion laughs": (LAUGHS, ":1:5", "anchor"),
    "a tag": ("lead: !!python/object/apply:os.system [echo]\n", ":1:7", "tag"),
    "a list": ("- firstName\n", ":1:1", ""),
    "nothing": ("", ":1:1", "found nothing"),
    "a quote that is never closed": ("lead:\n  firstName: 'name\n  email: email\n", ":2:14", "never closed"),
    "bytes that are no text": (b"lead:\n  email: \xff\xfe\n", ":", ""),
    "nested without end": ("lead: " + "[" * 20_000, ":1:", ""),
}


@pytest.fixture
def good(project, sheet):
    """A project that works, and in which nothing was done yet."""
    project.path("leadrelay.db").unlink()
    write_sheet(sheet, leads(2))
    return project


def test_broken_yaml_is_refused_at_its_place(good, hatch):
    for name, (text, place, says) in BROKEN.items():
        good.path("mappings/crm.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
        said = good.call("sync", "-q", code=2).err
        assert f"mappings/crm.yaml{place}" in said, f"{name}: {said}"
        assert says in said, f"{name}: {said}"
    assert hatch.requests() == []
    assert not good.path("leadrelay.db").exists(), "nothing was done"
    good.map()
    assert good.sync().delivery["accepted"] == 2


@pytest.mark.parametrize("file", ["connector.yaml", "mappings/crm.yaml"])
def test_ten_megabytes_of_laughs_are_refused_at_once(good, hatch, file):
    laughs = LAUGHS + "".join(f"b{n}: &b{n} [*a9, *a9, *a9]\n" for n in range(300_000))
    good.write(file, laughs + "#" * (10 * 1024 * 1024 - len(laughs)))
    begun = time.monotonic()
    said = good.call("sync", "-q", code=2).err
    assert file in said
    assert len(said) < 2_000, "one message, not ten thousand"
    assert time.monotonic() - begun < 30
    assert hatch.requests() == []


def test_words_that_yaml_takes_for_something_else_stay_text(good, sheet, hatch):
    good.write(
        "mappings/crm.yaml",
        MAPPING + "custom:\n  country: {value: NO}\n  area: {value: 012}\n  lamp: {value: on}\n",
    )
    good.sync()
    assert hatch.leads()[0].items() >= {"country": "NO", "area": "012", "lamp": "on"}.items()
