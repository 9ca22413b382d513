"""The quick ways give what the slow ones give: templates that only put text together, and offsets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.mapping.context import context_builder
from sync.mapping.expressions import Expression, Missing, Rejected, Template
from sync.mapping.missing import MissingWords
from sync.mapping.plain_expression import quick_expression
from sync.mapping.plain_template import joiner
from sync.mapping.text import Unfit
from sync.mapping.timestamps import time_normaliser
from tests.examples import times

_TEXTS = [
    "Ada",
    " Ada \n",
    "",
    " ",
    "ü",
    "\ufeffx\u200b",
    "a\x00b",
    "<b>&",
    "{{ a }}",
    "%s %d",
    "\ud83d",
    "1\r\n2",
]
_VALUES = st.one_of(
    st.sampled_from(_TEXTS),
    st.text(max_size=8),
    st.sampled_from([None, 7, 7.0, True, ["x"], {"b": "y"}, {"b": 1}]),
)
_FIELDS = st.dictionaries(st.sampled_from(["a", "b", "Lead ID", "range", "true", "self", "record"]), _VALUES)
_PLAIN = (
    "{{ a }}",
    "{{a}}",
    "{{ a.b }}",
    "{{ record.a }}",
    '{{ record["Lead ID"] }}',
    "{{ record['Lead ID'] }}",
)
_OTHER = (
    "{{ a|upper }}",
    "{{- a -}}",
    "{{ true }}",
    "{{ range }}",
    "{{ self }}",
    "{{ record }}",
    "{{ a or b }}",
)
_FIXED = ("{# a #}", "{{ 'a' }}", " ", ", ", "%", "%s", "{", "}", "\n", "é", "'", '"', "\\n")
_PIECES = st.sampled_from([*_PLAIN, *_OTHER, *_FIXED])


def rendered(template: Template, fields: dict[str, Any], *, quick: bool) -> object:
    build = context_builder(template.syntax.paths)
    try:
        return template.rendered(fields, lambda: build(fields)) if quick else template.render(build(fields))
    except (Missing, Unfit) as error:
        return type(error), str(error)


@given(st.lists(_PIECES, min_size=1, max_size=5).map("".join), _FIELDS)
def test_a_plain_template_gives_what_the_engine_gives(source: str, fields: dict[str, Any]) -> None:
    try:
        template = Template(source)
    except Rejected:
        return
    assert rendered(template, fields, quick=True) == rendered(template, fields, quick=False)


@pytest.mark.parametrize(
    "source",
    ["{{ a }} {{ b }}", "{{a}}", "Mr {{ a.b }}!", '{{ record["Lead ID"] }}-{{ record.a }}', "100% {{ a }}\n"],
)
def test_plain_templates_take_the_quick_way(source: str) -> None:
    assert joiner(source, Template(source).syntax.paths) is not None


@pytest.mark.parametrize(
    "source",
    [
        "a",
        "{{ a|upper }}",
        "{{ a or b }}",
        "{{- a }}",
        "{{ true }}",
        "{{ record }}",
        "{% if a %}{{ a }}{% endif %}",
    ],
)
def test_all_others_are_left_to_the_engine(source: str) -> None:
    assert joiner(source, Template(source).syntax.paths) is None


def test_the_quick_way_knows_the_limit() -> None:
    template = Template("{{ a }}")
    with pytest.raises(Unfit, match="the limit is 20000"):
        template.rendered({"a": "x" * 20_001}, lambda: {"a": "x" * 20_001})


def test_a_column_called_like_a_function_does_not_stand_in_its_way() -> None:
    record = {"range": "wide", "a": "x"}
    assert Expression("range(3)|join").evaluate(record, {**record, "record": record}) == "012"
    assert Template("{% for i in range(2) %}{{ a }}{% endfor %}").render(record) == "xx"
    assert Template("{{ range }}").render(record) == "wide"


ZONES: list[tzinfo] = [
    *map(ZoneInfo, ("UTC", "America/New_York", "Europe/Dublin", "Australia/Lord_Howe", "Asia/Kolkata")),
    *map(ZoneInfo, ("Africa/Casablanca", "America/Caracas", "Pacific/Apia", "Africa/Monrovia", "Etc/GMT+5")),
    UTC,
    timezone(timedelta(hours=5, minutes=30)),
    timezone(-timedelta(minutes=30)),
    timezone(timedelta(seconds=3661)),
]


def by_way_of_utc(moment: datetime, zone: tzinfo) -> str:
    """Return a local time as the zone itself corrects it, in the way that is right for every time."""
    found = moment.replace(tzinfo=zone, fold=0).astimezone(UTC).astimezone(zone)
    if found.utcoffset() % timedelta(minutes=1):
        found = found.astimezone(UTC)
    return found.strftime("%Y-%m-%dT%H:%M:%S%z")


@given(
    st.datetimes(datetime(1900, 1, 2), datetime(2099, 12, 30)),
    st.sampled_from(ZONES),
)
def test_local_times_get_the_offset_of_their_zone(moment: datetime, zone: tzinfo) -> None:
    assert time_normaliser(zone)(moment) == by_way_of_utc(moment, zone)


@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_around_every_change_of_the_clocks(zone: tzinfo) -> None:
    normalise = time_normaliser(zone)
    for year in (1945, 2011, 2024):
        for half_hours in range(365 * 48):
            moment = datetime(year, 1, 1) + timedelta(minutes=30 * half_hours)
            if half_hours % 48 < 10:  # the clocks change at night
                assert normalise(moment) == by_way_of_utc(moment, zone)


_LEAVES = (
    "a",
    "a.b",
    "record.a",
    'record["Lead ID"]',
    "5",
    "'Ada'",
    "1.5",
    "true",
    "'7'",
    "a|float",
    "b|int",
    "a|lower",
)
_OPERATORS = ("{} == {}", "{} != {}", "{} < {}", "{} >= {}", "{} and {}", "{} or {}", "not {}", "({})")
_LISTS = ("{} in ['Ada', '7']", "{} not in ['Ada']", "{}|upper", "{} is none", "{} + 1", "{} in [7, 8]")
_EXPRESSIONS = st.recursive(
    st.sampled_from(_LEAVES),
    lambda inner: st.builds(
        lambda form, one, other: form.format(one, other),
        st.sampled_from([*_OPERATORS, *_LISTS]),
        inner,
        inner,
    ),
    max_leaves=5,
)
_ANYTHING = st.one_of(
    _VALUES,
    st.sampled_from(
        ["7", "7.5", "Ada", " ada", "N/A", "1e5", "+7", "\u0667", "inf", False, -3, 2.5, 10**30, 1e300]
    ),
    st.floats(),
    st.integers(),
    st.decimals(),
)
_MANY = st.dictionaries(st.sampled_from(["a", "b", "Lead ID"]), _ANYTHING)


def answered(expression: Expression, fields: dict[str, Any], missing: MissingWords, *, quick: bool) -> object:
    build = context_builder(expression.syntax.paths, missing)
    try:
        found = (
            expression.evaluated(fields, lambda: build(fields))
            if quick
            else expression.evaluate(fields, build(fields))
        )
    except (Missing, Unfit) as error:
        return type(error), str(error)
    return isinstance(found, bool), found  # 7 and 7.0 are one number


@times(5)
@given(_EXPRESSIONS, _MANY, st.sampled_from([MissingWords(), MissingWords(["N/A"]), MissingWords(["7"])]))
def test_a_plain_expression_gives_what_the_engine_gives(
    source: str, fields: dict[str, Any], missing: MissingWords
) -> None:
    try:
        expression = Expression(source, missing)
    except Rejected:
        return
    ways = [answered(expression, fields, missing, quick=quick) for quick in (True, False)]
    assert ways[0] == ways[1]


@pytest.mark.parametrize(
    "source",
    [
        "stage in ['lead', 'mql'] and not test",
        "(amount and amount|float > 10000) or false",
        "properties.stage == 'won'",
        "record['Lead Status'] != 'x'",
        "a|lower in ['yes', 'y']",
    ],
)
def test_plain_expressions_take_the_quick_way(source: str) -> None:
    assert quick_expression(source, Expression(source).syntax) is not None


@pytest.mark.parametrize(
    "source", ["a + 1", "a|title", "'x' in tags", "record", "1 < a < 3", "a is none", "range(a)"]
)
def test_other_expressions_are_left_to_the_engine(source: str) -> None:
    assert quick_expression(source, Expression(source).syntax) is None
