"""What expressions read is found completely: a value overlooked is missing, and its change unseen."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from sync.mapping.context import context_builder
from sync.mapping.expressions import Expression, Missing, Template
from sync.mapping.reading import syntax_of
from sync.mapping.text import Unfit

RECORD: dict[str, Any] = {
    "a": "xyz",
    "b": 2.0,
    "name": {"first": "Ada", "last": "L", "mid dle": "K"},
    "phones": [{"kind": "cell"}, {"kind": "home"}],
    "Lead ID": 7,
    "day": date(2024, 1, 31),
    "range": "wide",
    "record": "inner",
    "items": "some",
    "loop": "hoop",
    "which": "a",
    "d|e": "odd",
}

EXPRESSIONS = {
    "a": {("a",)},
    "a[1:]": {("a",)},
    "a[:b|int]": {("a",), ("b",)},
    "a[-1]": {("a",)},
    "name.first": {("name", "first")},
    "name['mid dle']": {("name", "mid dle")},
    "name['mid dle'].x": {("name", "mid dle", "x")},
    "name": {("name",)},
    "name.first.upper()": {("name", "first")},
    "name.first[0].upper()": {("name", "first")},
    "phones[0].kind": {("phones",)},
    "phones.0.kind": {("phones",)},
    "phones[b]": {("phones",), ("b",)},
    "phones|length": {("phones",)},
    "phones|map(attribute='kind')|join": {("phones",)},
    "record['Lead ID']": {("Lead ID",)},
    'record["Lead ID"] ~ a': {("Lead ID",), ("a",)},
    "record.record": {("record",)},
    "record.items": {("items",)},
    "record['d|e']": {("d|e",)},
    "record[which]": {(), ("which",)},
    "record": {()},
    "record|length": {()},
    "record|items|length": {()},
    "record.keys()|list|length": {()},
    "day.year": {("day", "year")},
    "day.strftime('%Y')": {("day",)},
    "range": {("range",)},
    "range(3)|join": set(),
    "loop": {("loop",)},
    "'a' in a": {("a",)},
    "a if b else name.last": {("a",), ("b",), ("name", "last")},
    "none is none": set(),
    "{'k': a}.k": {("a",)},
    "[a, b][0]": {("a",), ("b",)},
    "a is defined and not (b is none)": {("a",), ("b",)},
    "a|default(name.first)": {("a",), ("name", "first")},
    "'record[a]'": set(),
    "a ~ 'it\\'s [' ~ b ~ ']'": {("a",), ("b",)},
    "1 < b < 3": {("b",)},
    "a is in ['xyz', name.first]": {("a",), ("name", "first")},
}
TEMPLATES = {
    "{% for p in phones %}{{ p.kind }}{{ loop.index }}{% endfor %}": {("phones",)},
    "{% for p in phones %}{{ p.kind }}{{ a }}{% endfor %}{{ loop }}": {("phones",), ("a",), ("loop",)},
    "{% for k in record %}{{ k }}{% endfor %}": {()},
    "{% for k, v in name|items %}{{ v }}{% endfor %}": {("name",)},
    "{% set r = record %}{{ r.a }}": {()},
    "{% set n = name %}{{ n.first }}": {("name",)},
    "{% if b %}{% set a = 'own' %}{% endif %}{{ a }}": {("a",), ("b",)},
    "{% with x = a %}{{ x }}{% endwith %}": {("a",)},
    "{% macro m(x) %}{{ x }}{{ b }}{% endmacro %}{{ m(a) }}": {("a",), ("b",)},
    "Don't [{{ a }}] {# {{ b }} #}": {("a",)},
    "{% raw %}{{ b }}{% endraw %}{{ a }}": {("a",)},
    "{%- filter upper -%}{{ a }}{%- endfilter -%}": {("a",)},
    "{% set x %}{{ a }}{% endset %}{{ x }}": {("a",)},
    "{% if b %}{% else %}{% set a = 1 %}{% endif %}{{ a[1:] }}": {("a",), ("b",)},
    "{% for a in phones %}{% endfor %}{{ a[1:] }}": {("a",), ("phones",)},
    "{% do phones.append(b) %}{{ phones|length }}": {("phones",), ("b",)},
}


@pytest.mark.parametrize(("source", "paths"), EXPRESSIONS.items())
def test_expressions_are_read_completely(source: str, paths: set[tuple[str, ...]]) -> None:
    expression = Expression(source)
    assert expression.syntax.paths == paths
    pruned, whole = (context_builder(found)(RECORD) for found in (expression.syntax.paths, [()]))
    assert expression.evaluate(RECORD, pruned) == expression.evaluate(RECORD, whole)


@pytest.mark.parametrize(("source", "paths"), TEMPLATES.items())
def test_templates_are_read_completely(source: str, paths: set[tuple[str, ...]]) -> None:
    template = Template(source)
    assert template.syntax.paths == paths
    assert template.syntax.reads_all == (() in paths)
    pruned, whole = (context_builder(found)(RECORD) for found in (template.syntax.paths, [()]))
    assert template.render(pruned) == template.render(whole)


def test_what_jinja_does_not_parse_reads_everything() -> None:
    assert syntax_of("{{ a b }}", []).reads_all


@pytest.mark.parametrize("name", ["range", "dict", "namespace", "cycler", "joiner"])
def test_a_missing_column_that_is_called_like_a_function_is_missing(name: str) -> None:
    assert Expression(name).evaluate({}, context_builder([(name,)])({})) is None
    with pytest.raises(Missing):
        Template(f"{{{{ {name} }}}}").render(context_builder([(name,)])({}))


def test_null_is_none_and_so_is_what_is_missing() -> None:
    for source in ("a is none", "a.b is none", "not (a.b is not none)"):
        assert Expression(source).evaluate({}, context_builder([("a", "b")])({"a": {"b": None}})) is (
            source != "a is none"
        )


def test_one_context_serves_all_expressions_of_a_mapping() -> None:
    build = context_builder([("name",), ("name", "first"), ("a", "b"), ("a", "c"), ("day", "year")])
    assert build({"name": {"first": " Ada ", "last": ""}, "day": date(2024, 1, 1)}) == {
        "name": {"first": "Ada"},
        "a": {},
        "day": date(2024, 1, 1),
        "record": {"name": {"first": "Ada"}, "a": {}, "day": date(2024, 1, 1)},
    }


def test_a_context_of_a_bottomless_record_is_refused() -> None:
    deep: Any = "x"
    for _ in range(90):
        deep = [deep]
    with pytest.raises(Unfit, match="nested more than 64 levels deep"):
        context_builder([("deep",)])({"deep": deep})
