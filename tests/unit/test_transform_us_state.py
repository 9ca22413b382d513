"""States of the United States: codes, names, newspapers' abbreviations."""

from __future__ import annotations

import pytest

from sync.mapping import states
from sync.mapping.transforms.us_state import us_state


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("VA", "VA"),
        ("va", "VA"),
        ("Va.", "VA"),
        ("Virginia", "VA"),
        ("Calif.", "CA"),
        ("N.Y.", "NY"),
        ("N. Y.", "NY"),
        ("new  york", "NY"),
        ("W. Va.", "WV"),
        ("West Virginia", "WV"),
        ("N. Dakota", "ND"),
        ("US-CA", "CA"),
        ("State of Maine", "ME"),
        ("Washington", "WA"),
        ("Washington, D.C.", "DC"),
        ("D.C.", "DC"),
        ("Puerto Rico", "PR"),
        ("Virgin Islands", "VI"),
        ("\uff36\uff21", "VA"),
    ],
)
def test_codes(value: str, code: str) -> None:
    assert us_state(value) == code
    assert us_state(us_state(value, to="name")) == code


@pytest.mark.parametrize("value", ["Ontario", "XX", "CAñ", "CA 90210", "-", "V"])
def test_what_is_none_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="not a state of the United States; expected one as VA or Virginia"):
        us_state(value)


def test_there_are_fifty_a_capital_and_the_territories() -> None:
    assert len(states.NAMES) == 62
    assert (
        len(
            {states.BY_WORD[name.lower().replace(" ", "").replace(".", "")] for name in states.NAMES.values()}
        )
        == 62
    )
