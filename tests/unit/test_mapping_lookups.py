"""Tables in files beside the mapping: read once with it, kept with it, and part of what it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from sources.base import Record
from sync.lead import Invalid, Lead
from sync.mapping import UnknownLanguage, load_mapping, mapping_from_text
from sync.mapping.lookup_files import ENTRIES, Faulty, read_table
from tests.mapping_kit import ZONE, compiled, field, refused, wrong

if TYPE_CHECKING:
    from pathlib import Path

REPS = "\ufeffowner_id;rep_name ;Region\n7;Chloe Martin;North\n 8 ;;South\n;nobody;\naB;One;\nAB;Two;\n9\n"
BY_OWNER = "lookup: { file: reps.csv, key: owner_id, value: rep_name }"


@pytest.fixture
def beside(tmp_path: Path) -> Path:
    (tmp_path / "reps.csv").write_text(REPS, encoding="utf-8")
    (tmp_path / "plain.yaml").write_text("N: North\n7: South\nx:\ntrue: yes\n", encoding="utf-8")
    (tmp_path / "sections.yaml").write_text("7: { name: Chloe, floor: 2 }\n8: { name: }\n", encoding="utf-8")
    (tmp_path / "list.yaml").write_text(
        "- { id: 7, name: Chloe }\n- { id: a b, name: 5 }\n", encoding="utf-8"
    )
    return tmp_path


@pytest.mark.parametrize(
    ("lookup", "value", "expected"),
    [
        (BY_OWNER, 7, "Chloe Martin"),
        (BY_OWNER, "7 ", "Chloe Martin"),
        (BY_OWNER, 7.0, "Chloe Martin"),
        (BY_OWNER, "8", None),
        (BY_OWNER, "9", None),
        (BY_OWNER, "10", None),
        (BY_OWNER, None, None),
        (BY_OWNER, "AB", "Two"),
        (BY_OWNER, "ab", None),
        (f"{BY_OWNER}, otherwise: keep", "10", "10"),
        (f"{BY_OWNER}, default: nobody", "10", "nobody"),
        (f"{BY_OWNER}, default: nobody", "8", None),
        (f"{BY_OWNER}, values: {{ Chloe Martin: C }}", 7, "C"),
        (f"split: ',', {BY_OWNER}, join: '; '", "7, AB, 99", "Chloe Martin; Two"),
        ("lookup: { file: plain.yaml }", "n", "North"),
        ("lookup: { file: plain.yaml }", 7, "South"),
        ("lookup: { file: plain.yaml }", "x", None),
        ("lookup: { file: sections.yaml, value: floor }, otherwise: keep", 7, "2"),
        ("lookup: { file: list.yaml, key: id, value: name }", "A B", "5"),
    ],
)
def test_a_value_is_looked_up(beside: Path, lookup: str, value: Any, expected: str | None) -> None:
    if "floor" in lookup:
        (beside / "sections.yaml").write_text("7: { floor: 2 }\n", encoding="utf-8")
    assert field(f"{{ from: a, {lookup} }}", {"a": value}, directory=beside) == expected


def test_the_column_of_the_key_is_read_when_nothing_else_is_said(beside: Path) -> None:
    mapping = compiled(f"lead: {{ email: e, status: {{ {BY_OWNER} }} }}", beside)
    outcome = mapping.apply(Record("1", {"e": "ada@example.com", "owner_id": 7}))
    assert isinstance(outcome, Lead)
    assert outcome.standard["status"] == "Chloe Martin"
    assert mapping.reads == {"e", "owner_id"}
    assert mapping.needs_columns == {"e", "owner_id"}
    assert str(mapping.column_marks["owner_id"]) == "m.yaml:1:60"


def test_what_is_not_listed_may_set_the_record_aside(beside: Path) -> None:
    reason = refused(f"{{ from: a, {BY_OWNER}, otherwise: reject }}", {"a": "secret"}, directory=beside)
    assert reason.endswith("custom.it: text of 6 characters: not listed in the file of its lookup")


def test_p5_an_edit_of_the_table_is_an_edit_of_the_mapping(beside: Path) -> None:
    text = f"lead: {{ email: e, status: {{ {BY_OWNER} }} }}"
    before = compiled(text, beside)
    (beside / "reps.csv").write_text(REPS.replace(";Region", ";Area"), encoding="utf-8")
    assert compiled(text, beside).hash == before.hash
    (beside / "reps.csv").write_text(REPS.replace("Chloe", "Zoe"), encoding="utf-8")
    after = compiled(text, beside)
    assert after.hash != before.hash
    record = Record("1", {"e": "ada@example.com", "owner_id": 7})
    assert after.record_digest(record) == before.record_digest(record)


def test_a_kept_mapping_needs_no_file(beside: Path) -> None:
    text = (
        f"lead: {{ email: e, status: [{{ {BY_OWNER} }}, {{ from: b, {BY_OWNER} }}] }}\n"
        "custom: { n: { from: b, lookup: { file: plain.yaml } } }"
    )
    mapping = compiled(text, beside)
    for name in ("reps.csv", "plain.yaml"):
        (beside / name).unlink()
    kept = mapping_from_text(mapping.text)
    assert (kept.text, kept.hash, kept.reads) == (mapping.text, mapping.hash, mapping.reads)
    for record in ({"owner_id": 7}, {"b": "AB"}, {"b": "N"}, {}):
        whole = Record("1", {"e": "ada@example.com", **record})
        assert kept.apply(whole) == mapping.apply(whole)
        assert kept.record_digest(whole) == mapping.record_digest(whole)


def test_a_kept_mapping_without_its_table_is_one_thing_to_expect(beside: Path) -> None:
    text = compiled(f"lead: {{ email: e, status: {{ {BY_OWNER} }} }}", beside).text
    with pytest.raises(UnknownLanguage, match="there is no table"):
        mapping_from_text(text.replace('"tables"', '"tabels"'))


def test_a_renamed_file_is_no_edit(beside: Path) -> None:
    text = f"lead: {{ email: e, status: {{ {BY_OWNER} }} }}"
    (beside / "people.csv").write_bytes((beside / "reps.csv").read_bytes())
    assert compiled(text, beside).hash == compiled(text.replace("reps.csv", "people.csv"), beside).hash


def test_files_are_found_from_the_mapping_not_from_where_one_stands(
    beside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (beside / "m.yaml").write_text(f"lead: {{ email: e, status: {{ {BY_OWNER} }} }}", encoding="utf-8")
    monkeypatch.chdir("/")
    outcome = load_mapping(beside / "m.yaml", timezone=ZONE).apply(Record("1", {"owner_id": 7}))
    assert isinstance(outcome, Invalid)  # nobody to reach; the table was found


def test_no_file_is_read_while_records_are_mapped(beside: Path) -> None:
    mapping = compiled(f"lead: {{ email: e, status: {{ {BY_OWNER} }} }}", beside)
    (beside / "reps.csv").unlink()
    outcome = mapping.apply(Record("1", {"e": "ada@example.com", "owner_id": 7}))
    assert isinstance(outcome, Lead)
    assert outcome.standard["status"] == "Chloe Martin"


def test_a_table_that_is_no_table_for_its_mapping(tmp_path: Path) -> None:
    text = f"lead: {{ email: e, status: {{ {BY_OWNER} }} }}"
    assert wrong(text, tmp_path)[0].startswith("m.yaml:1:45: lead.status.lookup.file: there is no file ")


def test_a_lookup_has_a_limit(tmp_path: Path) -> None:
    rows = "\n".join(f"{number},x" for number in range(ENTRIES + 1))
    (tmp_path / "many.csv").write_text(f"k,v\n{rows}\n", encoding="utf-8")
    with pytest.raises(Faulty, match=r"many.csv has more than 20000 entries, which is the limit"):
        read_table(tmp_path / "many.csv", "k", "v")
    (tmp_path / "big.csv").write_text("k,v\n1," + "x" * 2_000_000, encoding="utf-8")
    with pytest.raises(Faulty, match=r"big.csv is larger than 2 MB, which is the limit"):
        read_table(tmp_path / "big.csv", "k", "v")


def test_the_same_line_twice_is_one_entry(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text('k,v\n1,"a, b"\n1,"a, b"\n\n', encoding="utf-8")
    assert read_table(tmp_path / "t.csv", "k", "v") == {"1": "a, b"}


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("~nobody-of-that-name/reps.csv", "there is no file "),
        ("a" * 400 + ".csv", "can't be read: File name too long"),
        ("a\\0b.csv", "there is no file "),
        ("rep.csv", 'there is no file {there}/rep.csv (did you mean "reps.csv"?)'),
        (".", "is a directory; expected a CSV or YAML file"),
    ],
)
def test_a_name_of_no_file_is_a_mistake_like_any_other(beside: Path, file: str, message: str) -> None:
    lookup = f'{{ file: "{file}", key: owner_id, value: rep_name }}'
    [said] = wrong(f"lead: {{ email: e }}\ncustom: {{ x: {{ lookup: {lookup} }} }}", beside)
    assert said.startswith("m.yaml:2:32: custom.x.lookup.file: ")
    assert message.format(there=beside) in said


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('k,v\n1,"a\n2,b\n', "t.csv is no CSV at line 3: unexpected end of data"),
        ('k,v\n1,"a" b\n', "t.csv is no CSV at line 2: "),
        ("k,v\n1," + "x" * 200_000 + "\n", "t.csv is no CSV at line 2: field larger than field limit"),
    ],
)
def test_a_table_that_is_no_csv_names_the_line(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    with pytest.raises(Faulty, match=re.escape(message)):
        read_table(tmp_path / "t.csv", "k", "v")


def test_of_a_file_that_is_no_table_nothing_is_said(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("API_KEY=not-to-be-shown\n", encoding="utf-8")
    with pytest.raises(Faulty) as refusal:
        read_table(tmp_path / ".env", "k", "v")
    assert str(refusal.value) == ".env has no header of columns, separated by commas, in its first line"


def test_an_empty_key_in_a_list_is_no_word(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text('- { k: "", v: nothing }\n', encoding="utf-8")
    with pytest.raises(Faulty, match=r"an item of t.yaml has no k, in line 1"):
        read_table(tmp_path / "t.yaml", "k", "v")
