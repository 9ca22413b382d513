"""Names in conditions and templates that a source has no column for: a filter with a slip is no filter."""

from __future__ import annotations

import pytest

from tests.mapping_kit import compiled

COLUMNS = ["E-mail", "Stage", "Zip", "tags"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "where: \"Stag != 'x'\"\nlead: { email: E-mail }",
            'm.yaml:1:9: where: there is no column Stag (did you mean "Stage"?); here it is always missing',
        ),
        (
            "where: \"record['E-mail'] and not record['Stagg']\"\nlead: { email: E-mail }",
            'm.yaml:1:42: where: there is no column Stagg (did you mean "Stage"?); here it is always missing',
        ),
        (
            'lead: { email: E-mail }\ncustom:\n  a: "in {{ Zipp }}"',
            'm.yaml:3:6: custom.a: there is no column Zipp (did you mean "Zip"?); here it is always missing',
        ),
        (
            "lead: { email: E-mail }\ncustom:\n  a: [{ value: x, when: Zap }, { expr: Zip|int }]",
            'm.yaml:3:6: custom.a: there is no column Zap (did you mean "Zip"?); here it is always missing',
        ),
    ],
)
def test_a_name_that_no_column_has_is_said_with_its_place(text: str, said: str) -> None:
    assert list(map(str, compiled(text).doubtful_names(COLUMNS))) == [said]


@pytest.mark.parametrize(
    "written",
    [
        '"{% for tag in tags %}{{ tag }}{% endfor %}"',
        '"{% set place = Zip %}{{ place }}"',
        "{ expr: \"record['E-mail'] or record\" }",
        "{ from: Zip, when: \"Stage in ['a', 'b']\" }",
    ],
)
def test_names_of_a_template_s_own_are_no_doubt(written: str) -> None:
    text = f"where: Stage\nlead: {{ email: E-mail }}\ncustom: {{ a: {written} }}"
    assert compiled(text).doubtful_names(COLUMNS) == []
