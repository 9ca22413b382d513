"""Fragments that several mappings share: who wins, whose line a message names, and what a mapping is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sources.base import Record
from sync.lead import Invalid, Lead
from sync.mapping import load_mapping, mapping_from_text
from tests.mapping_kit import ZONE, compiled, mapped, wrong

if TYPE_CHECKING:
    from pathlib import Path

RECORD = {name: f"{name}@example.com" for name in "abcdef"}


def write(directory: Path, **files: str) -> None:
    for name, text in files.items():
        path = directory / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def test_the_file_wins_then_the_last_fragment(tmp_path: Path) -> None:
    write(
        tmp_path,
        one="lead: { email: a, firstName: a, lastName: a, status: a }\ncustom: { x: a, y: a, z: a }",
        two="lead: { firstName: b, lastName: b }\ncustom: { y: b, z: b }",
    )
    text = "include: [one.yaml, two.yaml]\nlead: { lastName: c }\ncustom: { z: c }"
    found = mapped(text, RECORD, tmp_path)
    assert found.standard["email"] == "a@example.com"
    assert [found.standard[name][0] for name in ("firstName", "lastName", "status")] == ["b", "c", "a"]
    assert [found.custom[name][0] for name in "xyz"] == ["a", "b", "c"]


def test_a_mapping_may_be_made_of_fragments_only(tmp_path: Path) -> None:
    write(tmp_path, one="lead: { email: a }")
    assert mapped("include: one.yaml", RECORD, tmp_path).standard["email"] == "a@example.com"


def test_words_and_ignored_changes_are_said_as_a_whole(tmp_path: Path) -> None:
    write(tmp_path, one="missing: [nix]\nignore_changes: [status]\nlead: { email: a, status: b }")
    assert "status" not in mapped("include: one.yaml", {**RECORD, "b": "nix"}, tmp_path).standard
    own = "include: one.yaml\nmissing: []\nignore_changes: []"
    assert mapped(own, {**RECORD, "b": "nix"}, tmp_path).standard["status"] == "nix"
    first, second = Record("1", RECORD), Record("1", {**RECORD, "b": "x"})
    taken, overruled = compiled("include: one.yaml", tmp_path), compiled(own, tmp_path)
    assert taken.record_digest(first) == taken.record_digest(second)
    assert overruled.record_digest(first) != overruled.record_digest(second)


def test_fragments_include_others_from_where_they_stand(tmp_path: Path) -> None:
    write(
        tmp_path / "shared" / "more",
        deep="lead: { email: a, status: { lookup: { file: t.csv, key: k, value: v } } }",
    )
    write(tmp_path / "shared", one="include: more/deep.yaml\nlead: { firstName: b }")
    (tmp_path / "shared" / "more" / "t.csv").write_text("k,v\n1,yes\n", encoding="utf-8")
    found = mapped("include: shared/one.yaml", {**RECORD, "k": 1}, tmp_path)
    assert found.standard == {
        "id": "7", "email": "a@example.com", "firstName": "b@example.com", "status": "yes",
    }  # fmt: skip


def test_where_a_field_comes_from_is_the_line_of_its_own_file(tmp_path: Path) -> None:
    write(
        tmp_path,
        one="# shared\nlead:\n  email: a\ncustom:\n  size: { from: b, values: { x: y }, otherwise: reject }",
    )
    mapping = compiled("include: one.yaml\nlead: { status: c }", tmp_path)
    ats = {output.name: output.at.rpartition("/")[2] for output in mapping.outputs}
    assert ats == {"email": "one.yaml:3:10", "status": "m.yaml:2:17", "size": "one.yaml:5:9"}
    assert str(mapping.column_marks["a"]).endswith("one.yaml:3:10")
    outcome = mapping.apply(Record("1", RECORD))
    assert isinstance(outcome, Invalid)
    assert "one.yaml:5:9: custom.size" in outcome.reason
    (missing,) = mapping.missing_columns(["b", "c"])
    assert "one.yaml:3:10: lead.email: there is no column a" in str(missing)


def test_p5_where_a_field_is_written_is_no_edit(tmp_path: Path) -> None:
    write(tmp_path, one="lead: { email: a }\ncustom: { x: { from: b, as: digits } }")
    included = compiled("include: one.yaml\nlead: { status: c }", tmp_path)
    written = compiled("lead: { status: c, email: a }\ncustom: { x: { from: b, as: [digits] } }")
    assert (included.text, included.hash) == (written.text, written.hash)
    assert mapping_from_text(included.text).apply(Record("1", RECORD)) == written.apply(Record("1", RECORD))
    write(tmp_path, one="lead: { email: b }")
    assert compiled("include: one.yaml\nlead: { status: c }", tmp_path).hash != included.hash


def test_a_fragment_alone_need_not_be_complete_but_the_whole_must(tmp_path: Path) -> None:
    write(tmp_path, one="lead: { firstName: a }")
    assert (
        wrong("include: one.yaml", tmp_path)
        == ["m.yaml:1:1: lead: maps neither phoneNumber nor email; a lead needs one of them"]
        or "maps neither" in wrong("include: one.yaml", tmp_path)[0]
    )


def test_what_is_overruled_is_not_looked_at_but_must_be_written_well(tmp_path: Path) -> None:
    write(tmp_path, one='lead: { email: a, status: "{{ a|nope }}" }')
    assert mapped("include: one.yaml\nlead: { status: b }", RECORD, tmp_path).standard["status"][0] == "b"
    write(tmp_path, one="lead: { email: a, status: { form: b } }")
    (problem,) = wrong("include: one.yaml\nlead: { status: b }", tmp_path)
    assert 'one.yaml:1:29: lead.status.form: unknown key (did you mean "from"?)' in problem or (
        "one.yaml:1:29: lead.status.form: unknown key" in problem
    )


@pytest.mark.parametrize("name", ["m.yaml", "./m.yaml"])
def test_a_file_does_not_include_itself(tmp_path: Path, name: str) -> None:
    write(tmp_path, m=f"include: {name}\nlead: {{ email: a }}")
    with pytest.raises(Exception, match=r"m.yaml:1:10: include: goes round in a circle: m.yaml → m.yaml"):
        load_mapping(tmp_path / "m.yaml", timezone=ZONE)


def test_one_fragment_may_come_by_two_ways(tmp_path: Path) -> None:
    write(
        tmp_path,
        base="lead: { email: a }",
        left="include: base.yaml\ncustom: { l: b }",
        right="include: base.yaml\ncustom: { r: c }",
    )
    found = mapped("include: [left.yaml, right.yaml]", RECORD, tmp_path)
    assert isinstance(found, Lead)
    assert found.custom.keys() == {"l", "r"}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("~nobody-of-that-name/x.yaml", "there is no file "),
        ("a" * 400 + ".yaml", "can't be read: File name too long"),
        (".", "is a directory; expected a YAML file"),
    ],
)
def test_a_name_of_no_fragment_is_a_mistake_like_any_other(tmp_path: Path, name: str, message: str) -> None:
    [said] = wrong(f'include: "{name}"\nlead: {{ email: e }}', tmp_path)
    assert said.startswith("m.yaml:1:10: include: ")
    assert message in said
