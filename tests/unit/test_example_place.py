"""One example more in a mapping file: all else stays byte for byte, and what is read is what was meant."""

from __future__ import annotations

import re
from itertools import takewhile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.located_yaml import parse_yaml
from sync.mapping.example_place import NoPlace, with_example
from sync.mapping.example_text import flow

EXAMPLE = {
    "key": "7",
    "record": {"First Name": "Robin", "No.": 7, "phones": [{"number": "+1 212"}], "x: y": None},
    "lead": {"id": "7", "email": "person1@example.com"},
}
HEAD = "# about it\nlead:\n  email: E-mail     # as the header says\n"


def added(text):
    return with_example(text, EXAMPLE, "real")


def test_a_file_without_examples_gets_some():
    assert added(HEAD) == HEAD + (
        "\n"
        "examples:\n"
        "  # real\n"
        '  - key: "7"\n'
        "    record:\n"
        "      First Name: Robin\n"
        "      No.: 7\n"
        '      phones: [{ number: "+1 212" }]\n'
        '      "x: y": null\n'
        "    lead:\n"
        '      id: "7"\n'
        "      email: person1@example.com\n"
    )


ITEM = "- record: { E-mail: a@example.com }   # first\n"


@pytest.mark.parametrize(
    "tail",
    [
        f"examples:\n  {ITEM}",
        f"examples:\n{ITEM}",
        f"examples:\n      {ITEM}        lead: {{ email: }}\n",
        f"examples:\n  {ITEM}\n\n# the end\n",
        f"examples:\n  {ITEM}ignore_changes: updatedAt\n",
        f"examples:\n  {ITEM}\n# what may change\nignore_changes: updatedAt\n",
        "examples:\n  - record:\n      note: |\n        two\n        lines\nignore_changes: updatedAt\n",
        "examples: []\nignore_changes: updatedAt\n",
        "examples: []   # none yet\n",
        "examples:   # none yet\nignore_changes: updatedAt\n",
        "examples:",
        'examples: [{ record: { E-mail: "a" } }]\n',
        'examples: [\n  { record: { E-mail: "a" } },   # first\n]\nignore_changes: updatedAt\n',
        "ignore_changes: [\n  updatedAt,\n]   # last",
        "custom: { a: b, c: }\n# the end",
        "custom:\n  note: >\n    {{ folded }}\n\n\n",
        "ignore_changes: updatedAt\n...\n",
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_all_else_stays_and_the_example_is_the_last(tail, newline, mark):
    old = mark + (HEAD + tail).replace("\n", newline)
    new = added(old)
    before, after = parse_yaml(old, "").data, parse_yaml(new, "").data
    assert after.pop("examples") == [*(before.pop("examples", None) or []), EXAMPLE]
    assert after == before
    kept = re.sub(r" *\[\]", "", old)
    begins = same(kept, new)
    ends = same(kept[begins:][::-1], new[begins:][::-1])
    assert not kept[begins : len(kept) - ends].strip()
    assert newline == "\n" or "\n" not in new.replace("\r\n", "")


def same(one, other):
    """Count the characters at the beginning that are the same."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def test_one_after_another():
    text = added(added(HEAD))
    assert parse_yaml(text, "").data["examples"] == [EXAMPLE, EXAMPLE]
    assert text.startswith(HEAD)


def test_a_file_in_brackets_has_no_place():
    with pytest.raises(NoPlace, match="keys below one another"):
        added("{ lead: { email: E-mail } }\n")


ANY = st.characters(exclude_categories=["Cs"])
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(ANY, max_size=12)
)
KEYS = st.text(ANY, min_size=1, max_size=8).filter(lambda text: bool(text.strip()))
VALUES = SCALARS | st.lists(SCALARS, max_size=3) | st.dictionaries(KEYS, SCALARS, max_size=2)


# A busy machine draws slowly.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(KEYS, VALUES, max_size=3))
def test_what_is_written_is_read(data):
    read = parse_yaml(f"a: {flow(data)}\n", "").data["a"]
    assert as_text(read) == as_text(data)


def as_text(value):
    """Numbers that YAML could take for others are written as text."""
    if isinstance(value, dict):
        return {name: as_text(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return list(map(as_text, value))
    return repr(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value
