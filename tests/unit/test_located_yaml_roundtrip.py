from __future__ import annotations

import yaml
from hypothesis import given
from hypothesis import strategies as st

from sync.located_yaml import ConfigError, parse_yaml
from tests.examples import times

PRINTABLE = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=20)
TRAPS = st.sampled_from(["NO", "on", "012", "1_000", "12:30", "null", "true", "1e3", "~", "<<", "=", "- a"])
NUMBERS = st.integers(-(10**30), 10**30) | st.floats(allow_nan=False, allow_infinity=False)
SCALARS = PRINTABLE | TRAPS | NUMBERS | st.booleans() | st.none()
KEYS = PRINTABLE.filter(str.strip) | TRAPS.filter(lambda key: key != "<<")
DATA = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


def same(written, found):
    """Compare with types. A float that YAML spells in another way than Python does is kept as text."""
    if isinstance(written, dict):
        return list(written) == list(found) and all(map(same, written.values(), found.values()))
    if isinstance(written, list):
        return len(written) == len(found) and all(map(same, written, found))
    if isinstance(written, float) and isinstance(found, str):
        return float(found) == written
    return type(written) is type(found) and written == found


@given(data=DATA, flow=st.booleans())
@times(3)
def test_whatever_yaml_writes_is_read_back_equal(data, flow):
    text = yaml.safe_dump(data, default_flow_style=flow, sort_keys=False)
    assert same(data, parse_yaml(text, "f").data)


@given(data=st.dictionaries(KEYS, st.lists(PRINTABLE, min_size=1, max_size=3), min_size=1, max_size=6))
@times(2)
def test_marks_point_at_the_right_lines(data):
    text = yaml.safe_dump(data, default_flow_style=False, sort_keys=False, width=10**6)
    located = parse_yaml(text, "f")
    lines = text.split("\n")
    for key, items in data.items():
        mark = located.key_mark((key,))
        written = lines[mark.line - 1]
        if not written.startswith("? "):
            assert yaml.safe_load(written + " 1") == {key: 1}
        for index in range(len(items)):
            mark = located.mark((key, index))
            assert lines[mark.line - 1][: mark.column - 1] == "- "


@given(text=st.text(st.sampled_from(list("ab:-?{}[],&*!|>'\"%@`#\t\n  \\.0<~=")), max_size=60))
@times(8)
def test_no_text_whatever_gives_anything_but_data_or_problems(text):
    try:
        parse_yaml(text, "f")
    except ConfigError as error:
        assert all(problem.mark and problem.mark.line >= 1 for problem in error.problems)  # noqa: PT017
