"""Yes and no in the words of people, systems and spreadsheets."""

from __future__ import annotations

import pytest

from sync.mapping.transforms.boolean import boolean


@pytest.mark.parametrize(
    "value",
    ["yes", "Y", "TRUE", "t", "1", 1, 1.0, True, "on", "X", "✓", "ja", "Oui", "sí", " yes\xa0", "\uff11"],
)
def test_words_for_true(value: object) -> None:
    assert boolean(value) is True


@pytest.mark.parametrize(
    "value", ["no", "N", "False", "f", "0", 0, 0.0, False, "off", "unchecked", "nein", "non"]
)
def test_words_for_false(value: object) -> None:
    assert boolean(value) is False


@pytest.mark.parametrize("value", ["maybe", "2", 2, "yes please", "null", "-"])
def test_anything_else_is_refused(value: object) -> None:
    with pytest.raises(
        ValueError, match=r"neither true nor false; expected a word as yes or no, or name yours"
    ):
        boolean(value)


def test_own_words_take_the_place_of_the_usual_ones() -> None:
    assert boolean("OPTED IN", true=["opted in"]) is True
    assert boolean("no", true=["opted in"]) is False
    assert boolean("7", true=["7"], false=["8"]) is True
    with pytest.raises(ValueError, match="neither"):
        boolean("yes", true=["opted in"])
