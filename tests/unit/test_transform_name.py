"""Names of people: taken apart, turned round, and never mangled."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.mapping.text import clean
from sync.mapping.transforms.name import name


@pytest.mark.parametrize(
    ("value", "first", "middle", "last"),
    [
        ("Ada Lovelace", "Ada", None, "Lovelace"),
        ("Ada King Lovelace", "Ada", "King", "Lovelace"),
        ("Lovelace, Ada", "Ada", None, "Lovelace"),
        ("Lovelace, Ada King", "Ada", "King", "Lovelace"),
        ("Lovelace Jr., Ada", "Ada", None, "Lovelace Jr."),
        ("Lovelace, Ada, Jr.", "Ada", None, "Lovelace Jr."),
        ("Dr. Ada Lovelace Jr.", "Ada", None, "Lovelace Jr."),
        ("Prof. Dr. Ada Lovelace, PhD", "Ada", None, "Lovelace"),
        ("Ada Lovelace III", "Ada", None, "Lovelace III"),
        ("Cher", "Cher", None, None),
        ("O'Brien", "O'Brien", None, None),
        ("O\u2019Brien, Seán", "Seán", None, "O\u2019Brien"),
        ("Dr. Lovelace", None, None, "Lovelace"),
        ("Mr. & Mrs. Smith", None, None, "Smith"),
        ("Mr and Mrs John Smith", "John", None, "Smith"),
        ("John & Jane Smith", "John & Jane", None, "Smith"),
        ("Smith, John & Jane", "John & Jane", None, "Smith"),
        ("John Smith and Jane Doe", "John", None, "Smith"),
        ("J. R. R. Tolkien", "J. R. R.", None, "Tolkien"),
        ("Ludwig van der Berg", "Ludwig", None, "van der Berg"),
        ("van der Berg, Ludwig", "Ludwig", None, "van der Berg"),
        ("van der Berg", None, None, "van der Berg"),
        ("Van Morrison", "Van", None, "Morrison"),
        ("María de la Cruz", "María", None, "de la Cruz"),
        ('Robert "Bob" Smith', "Robert", '"Bob"', "Smith"),
        ("Jennifer Null", "Jennifer", None, "Null"),
        ("NA", "NA", None, None),
        ("אדה לבלייס", "אדה", None, "לבלייס"),
        ("🎉 Ada Lovelace 👩\u200d🔧", "🎉 Ada", None, "Lovelace 👩\u200d🔧"),
        ("Smith, John, Mary", "John", "Mary", "Smith"),
        ("Smith,", "Smith", None, None),
        ("Jr.", "Jr.", None, None),
        ("Dr.", "Dr.", None, None),
    ],
)
def test_parts(value: str, first: str | None, middle: str | None, last: str | None) -> None:
    assert (name(value, part="first"), name(value, part="middle"), name(value, part="last")) == (
        first,
        middle,
        last,
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Lovelace, Ada", "Ada Lovelace"),
        ("Lovelace, Dr. Ada, Jr.", "Dr. Ada Lovelace Jr."),
        ("Ada Lovelace, Jr.", "Ada Lovelace, Jr."),
        ("Acme Roofing, Inc.", "Acme Roofing, Inc."),
        ("Smith, John, Mary", "Smith, John, Mary"),
        ("  Ada\xa0\xa0Lovelace ", "Ada Lovelace"),
        ("山田 太郎", "山田 太郎"),
        ("🎉", "🎉"),
    ],
)
def test_the_whole_is_turned_round_only_when_a_comma_says_so(value: str, expected: str) -> None:
    assert name(value) == expected
    assert name(expected) == expected


def test_order() -> None:
    assert name("Yamada Taro", order="last_first") == "Taro Yamada"
    assert name("van der Berg Ludwig", part="last", order="last_first") == "van der Berg"
    assert name("Ada, Lovelace", part="first", order="first_last") == "Ada"
    assert name("Lovelace, Ada", part="first", order="last_first") == "Ada"
    assert name("John Smith & Jane Doe", order="last_first") == "John Smith & Jane Doe"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("ADA LOVELACE", "Ada Lovelace"),
        ("ada lovelace", "Ada Lovelace"),
        ("O'BRIEN", "O'Brien"),
        ("o\u2019brien", "O\u2019Brien"),
        ("ANNA-MARIA D'ANGELO", "Anna-Maria D'Angelo"),
        ("JOHN'S", "John's"),
        ("MCDONALD", "McDonald"),
        ("MC", "Mc"),
        ("MACK", "Mack"),
        ("LUDWIG VAN DER BERG", "Ludwig van der Berg"),
        ("VAN DER BERG", "van der Berg"),
        ("VAN DYKE", "Van Dyke"),
        ("DE LUCA", "De Luca"),
        ("MARIA DE LA CRUZ", "Maria de la Cruz"),
        ("ANNA LE", "Anna Le"),
        ("MARY ST. CLAIR", "Mary St. Clair"),
        ("J.R. SMITH III", "J.R. Smith III"),
        ("JANE DOE, MD", "Jane Doe, MD"),
        ("JOHN AND JANE SMITH", "John and Jane Smith"),
        ("LOVELACE, ADA", "Ada Lovelace"),
        ("SEÁN ÓG", "Seán Óg"),
        ("ОЛЬГА", "Ольга"),
        ("ada 🎉", "Ada 🎉"),
        ("McDonald", "McDonald"),
        ("van der Berg", "van der Berg"),
        ("Ada LOVELACE", "Ada LOVELACE"),
        ("אדה", "אדה"),
    ],
)
def test_capitals_are_given_only_where_there_are_all_or_none(value: str, expected: str) -> None:
    assert name(value, case="title") == expected
    assert name(expected, case="title") == expected


@given(st.text(st.characters(categories=["L", "Zs", "Po", "So"]), max_size=40))
def test_no_letter_is_lost(value: str) -> None:
    whole = name(value) or ""
    assert sorted(filter(str.isalpha, whole)) == sorted(filter(str.isalpha, clean(value)))


def test_prose_is_no_name() -> None:
    with pytest.raises(ValueError, match=r"^text of 400000 characters: too long for a name; expected 300"):
        name("🎉" * 400_000)
