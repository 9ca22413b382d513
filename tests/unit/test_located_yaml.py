# ruff: noqa: E501 - a table of messages reads best with one to a line
from __future__ import annotations

import time

import pytest

from sync.located_yaml import ConfigError, did_you_mean, dotted, parse_yaml, read_yaml

TAB = "a tab can't be used for indentation; use spaces"
QUOTED = "must be in quotes"
COLON = (
    "a ':' is not expected here; put a value that holds ': ' in quotes, "
    "and begin every key of a section in the same column"
)
AFTER_QUOTE = "nothing may follow the closing quote; put the whole value in quotes of the other kind"
TAG = "are not supported; put text that begins with ! in quotes"
OUT = "are not supported; write the value out where it is needed"

BAD = [
    ("a:\n\tb: c", f"f:2:1: {TAB}"),
    ("a:\n  b: c\n\td: e", f"f:3:1: {TAB}"),
    ("a:\n  b: c\n  \td: e", f"f:3:3: {TAB}"),
    ("\ta: b", f"f:1:1: {TAB}"),
    ("s: */5 * * * *", f'f:1:4: a value that begins with * {QUOTED}, as in "*/5 7-19 * * mon-fri"'),
    ("a: @x", f"f:1:4: a value that begins with @ {QUOTED}"),
    ("a: `x", f"f:1:4: a value that begins with ` {QUOTED}"),
    ("a: %x", f"f:1:4: a value that begins with % {QUOTED}"),
    ("a: &", f"f:1:4: a value that begins with & {QUOTED}"),
    ("a: {{ x }}", f"f:1:4: a: a value that begins with {{{{ {QUOTED}, or YAML takes it for a mapping"),
    ("a: {{ x }} {{ y }}", f"f:1:4: a: a value that begins with {{{{ {QUOTED}, or YAML takes it for a mapping"),
    ("a: b: c", f"f:1:5: {COLON}"),
    ("a: 1\n  b: 2", f"f:2:4: {COLON}"),
    ("a: - b", "f:1:4: a '- ' is not expected here; begin the list on a line of its own"),
    ("a: 1\nb\nc: 2", "f:2:1: a ':' is missing after this key"),
    ("a: 'x\nb: c", "f:1:4: the quote that opens here is never closed (noticed at the end of the file)"),
    ("a: [1, 2\nb: 3", "f:1:4: the '[' that opens here is not closed, or a ',' is missing in it (noticed in line 2)"),
    ("a: {b: 1, c", "f:1:4: the '{' that opens here is not closed, or a ',' is missing in it (noticed at the end of the file)"),
    ("a: {b: ${X}}", "f:1:8: a value with ${NAME} in it must be in quotes inside of [ ] and { }"),
    ("a: [1, ${X}]", "f:1:8: a value with ${NAME} in it must be in quotes inside of [ ] and { }"),
    ('a: "x" and y', f"f:1:8: {AFTER_QUOTE}"),
    ("a: [1] x", "f:1:8: nothing may follow the closing ]; put the whole value in quotes if it is text"),
    ("a:\n   b: 1\n  c: 2", "f:3:3: begins in column 3, where nothing fits; the keys of the section around it begin in column 1"),
    ("  a: 1\nb: 2", "f:2:1: does not belong to what stands above it; all keys at the top of a file begin in the same column"),
    ("- a\nb: c", "f:2:1: expected another '- ' item of this list, or less indentation"),
    (": x", "f:1:1: there is no key before this ':'"),
    ('a: "\\d"', "f:1:5: unknown \\-escape in double quotes; use single quotes to keep \\ as it is"),
    ("a: |x\n y", "f:1:5: nothing may follow | or > on its line; the text begins on the next one"),
    ("? [a]\n: b", "f:1:3: a key must be plain text, found a list or a mapping"),
    ("a: 1\nb: {c: 1, c: 2}\na: 3", "f:2:11: b.c: is given twice: here and in line 2\nf:3:1: a: is given twice: here and in line 1"),
    ("a: &x 1\nb: *x", f"f:1:4: a: anchors ('&x') {OUT}\nf:2:4: b: aliases ('*x') {OUT}"),
    ("a:\n  <<: {b: 1}", f"f:2:3: a: merge keys ('<<') {OUT}"),
    ("a: !!python/object:os.system x", f'f:1:4: a: tags ("!!python/object:os.system") {TAG}'),
    ("a: [!x y]", f'f:1:5: a[0]: tags ("!x") {TAG}'),
    ("a: 1\n---\nb: 2", "f:2:1: a second document begins here; one file holds one document"),
    ("a: \x00b", 'f:1:4: contains the invisible character U+0000; delete it, or write it as "\\u0000" in double quotes'),
    ("a: x\nb: \u2028", 'f:2:4: contains the invisible character U+2028; delete it, or write it as "\\u2028" in double quotes'),
    ("[" * 60, "f:1:51: is nested more than 50 levels deep"),
    ("a: " + "[" * 5000, "f:1:1003: is nested too deeply"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), BAD)
def test_every_error_has_its_place_and_plain_words(text, expected):
    with pytest.raises(ConfigError) as caught:
        parse_yaml(text, "f")
    assert str(caught.value) == expected


PLAIN = [
    "NO", "no", "on", "off", "yes", "y", "012", "0x1F", "0o17", "1_000", "12:30:45", "2026-01-31",
    "2026-01-31T08:30:00Z", "1.10", "1e3", "1.", ".5", "+5", "+18045550123", "-0", "00", ".inf", ".nan", "007",
    "tRUE", "nULL", "=", "1.0e3", "1" * 200, "<",
]  # fmt: skip


@pytest.mark.parametrize("text", PLAIN)
def test_text_that_looks_like_something_else_stays_what_was_written(text):
    assert parse_yaml(f"a: {text}\n{text}: 1", "f").data == {"a": text, text: 1}


@pytest.mark.parametrize(
    ("text", "value"),
    [("true", True), ("FALSE", False), ("null", None), ("~", None), ("", None), ("7", 7), ("-3", -3), ("0", 0),
     ("1.5", 1.5), ("-0.25", -0.25), ("12345678901234567890", 12345678901234567890), ("'7'", "7"), ('"true"', "true")],
)  # fmt: skip
def test_what_can_not_be_mistaken_is_typed(text, value):
    found = parse_yaml(f"a: {text}", "f").data["a"]
    assert found == value
    assert type(found) is type(value)


def test_keys_are_text_as_written():
    assert parse_yaml("7: a\ntrue: b\n1.10: c\nnull: d\n012: e", "f").data == {
        "7": "a", "true": "b", "1.10": "c", "null": "d", "012": "e"
    }  # fmt: skip


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n", "\ufeff"])
def test_an_empty_file_is_empty(text):
    located = parse_yaml(text, "f")
    assert located.data is None
    assert str(located.mark()).startswith("f:")


def test_marks_point_at_values_and_keys():
    located = parse_yaml("top:\n  list:\n    - a\n    - b: c\n  flow: {x: [1, 2]}\n", "f")
    assert str(located.mark(("top", "list", 1, "b"))) == "f:4:10"
    assert str(located.key_mark(("top", "list", 1, "b"))) == "f:4:7"
    assert str(located.mark(("top", "flow", "x", 1))) == "f:5:17"
    assert str(located.key_mark(("top", "list"))) == "f:2:3"
    assert str(located.key_mark(("top", "list", 0))) == "f:3:7"


def test_what_is_absent_is_marked_at_its_nearest_parent():
    located = parse_yaml("top:\n  a: 1\n", "f")
    assert str(located.key_mark(("top", "b", "c"))) == "f:1:1"
    assert str(located.mark(("top", "a", "c"))) == "f:2:6"
    assert str(located.mark(("nothing",))) == "f:1:1"


def test_columns_count_characters_also_after_crlf():
    located = parse_yaml("é: ü\r\n'ß': [ä, ö]\r\n", "f")
    assert located.data == {"é": "ü", "ß": ["ä", "ö"]}
    assert str(located.mark(("ß", 1))) == "f:2:10"


def refused(path):
    with pytest.raises(ConfigError) as caught:
        read_yaml(path)
    return str(caught.value).replace(f"{path.parent}/", "")


def test_a_byte_order_mark_is_tolerated(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: b")
    assert read_yaml(path).data == {"a": "b"}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_told_apart(tmp_path, encoding):
    path = tmp_path / "a.yaml"
    path.write_bytes("a: b".encode(encoding))
    assert refused(path) == "a.yaml:1:1: is written in UTF-16; save it as UTF-8"


def test_what_is_not_utf_8_is_named_by_its_byte(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_bytes("a: b\nc: Müller".encode("latin-1"))
    assert refused(path) == "a.yaml:2:5: is not UTF-8: byte 10 is 0xFC; save the file as UTF-8"


def test_a_file_that_can_not_be_read_says_why(tmp_path):
    assert refused(tmp_path / "none.yaml") == "none.yaml:1:1: there is no such file"
    (tmp_path / "d.yaml").mkdir()
    assert refused(tmp_path / "d.yaml") == "d.yaml:1:1: is a directory, expected a file"


def test_ten_megabytes_are_refused_at_once(tmp_path):
    path = tmp_path / "big.yaml"
    path.write_text("a: b\n" * 2_000_000)
    start = time.monotonic()
    assert refused(path) == "big.yaml:1:1: is larger than 1024 KiB, which a file written by hand never is"
    assert time.monotonic() - start < 1


def laughs(levels: int) -> str:
    lines = ["a0: &a0 [lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, levels)]
    return "\n".join(lines)


def test_a_billion_laughs_fail_fast(tmp_path):
    start = time.monotonic()
    with pytest.raises(ConfigError) as caught:
        parse_yaml(laughs(40), "f")
    assert time.monotonic() - start < 1
    assert str(caught.value.problems[0]) == f"f:1:5: a0: anchors ('&a0') {OUT}"
    assert len(caught.value.problems) == 50
    path = tmp_path / "laughs.yaml"
    path.write_text(laughs(150_000))
    assert path.stat().st_size > 5_000_000
    assert "is larger than" in refused(path)


@pytest.mark.parametrize("text", ["[" * 200_000, "- " * 200_000, "{a: " * 100_000, "a:\n" + " " * 400_000])
def test_depth_and_width_can_not_exhaust_anything(text):
    start = time.monotonic()
    try:
        parse_yaml(text, "f")
    except ConfigError as error:
        assert len(str(error)) < 500  # noqa: PT017 - not each of them is an error
    assert time.monotonic() - start < 2


def test_names_are_relative_below_the_current_directory(tmp_path, monkeypatch):
    (tmp_path / "conf").mkdir()
    path = tmp_path / "conf" / "a.yaml"
    path.write_text("a: b")
    assert read_yaml(path).file == str(path)
    monkeypatch.chdir(tmp_path)
    assert read_yaml(path).file == "conf/a.yaml"


def test_small_helpers():
    assert did_you_mean("Shedule", ["schedule", "mapping"]) == ' (did you mean "schedule"?)'
    assert did_you_mean("zzz", ["schedule"]) == ""
    assert dotted(("a", 0, "b c", "d")) == 'a[0]["b c"].d'


def test_messages_stay_short_and_printable():
    assert dotted(("x" * 100, "\x1b[31m")) == f'["{"x" * 60}…"]["\N{REPLACEMENT CHARACTER}[31m"]'
