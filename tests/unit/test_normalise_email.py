"""E-mail addresses: what is taken, what is refused, and that the quick way says what the library says."""

from __future__ import annotations

from typing import Any

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given
from hypothesis import strategies as st

from sync.mapping.email_address import email_normaliser, normalise_email
from sync.mapping.several import Noted
from sync.mapping.text import Unfit


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("ada@example.com", "ada@example.com"),
        ("Ada.Lovelace@EXAMPLE.com", "Ada.Lovelace@example.com"),
        (" ada@example.com\n", "ada@example.com"),
        ("ada+roof@example.co.uk", "ada+roof@example.co.uk"),
        ("o'brien@example.com", "o'brien@example.com"),
        ("_a-b_@ex-ample.example.com", "_a-b_@ex-ample.example.com"),
        ("INFO@Example.com", "info@example.com"),
        ("mailto:ada@example.com", "ada@example.com"),
        ("Ada Lovelace <ada@example.com>", "ada@example.com"),
        ("<ada@example.com>", "ada@example.com"),
        ("ada@example.com;", "ada@example.com"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("ada@xn--bcher-kva.example", "ada@xn--bcher-kva.example"),
        ("adä@example.com", "adä@example.com"),
        ("Lovelace, Ada <ada@example.com>", "ada@example.com"),
        ("<mailto:ada@example.com>", "ada@example.com"),
        ("E-Mail: ada@example.com", "ada@example.com"),
        ("&lt;ada@example.com&gt;", "ada@example.com"),
        ("\u202aada@example.com\u202c", "ada@example.com"),
        ("ada@exam\u200bple.com\xa0", "ada@example.com"),
        ("\uff41\uff44\uff41\uff20example\uff0e\uff43\uff4f\uff4d", "ada@example.com"),
        ("Анна <anna@example.com>", "anna@example.com"),
        ("ada@пример.example", "ada@xn--e1afmkfd.example"),
        ("почта@пример.example", "почта@пример.example"),
        ("ada@example.com, ADA@example.com", "ada@example.com"),
    ],
)
def test_addresses_are_trimmed_and_their_domain_is_in_lower_case(value: str, expected: str) -> None:
    assert normalise_email(value) == expected
    assert normalise_email(expected) == expected


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        ("ada", "text of 3 characters: not an e-mail address; an email address must have an @-sign"),
        (
            "ada@localhost",
            "text of 13 characters: not an e-mail address; the part after the @-sign is not valid",
        ),
        ("ada@x.test", "special-use or reserved name"),
        ("ada..l@example.com", "two periods in a row"),
        ("ada@example.com, bob", "the part after the @-sign contains invalid characters"),
        ("ada lovelace@example.com; bob@example.com", "invalid characters before the @-sign"),
        (
            "ada@ex\u0430mple.com",
            "not an e-mail address; its character 7 is a Cyrillic letter among Latin ones",
        ),
        ("\u0430da@example.com", "its character 1 is a Cyrillic letter among Latin ones"),
        ("ada@example.c\u03bfm", "its character 14 is a Greek letter among Latin ones"),
        ("ada lovelace@example.com", "contains invalid characters before the @-sign"),
        ("a" * 65 + "@example.com", "too long before the @-sign"),
        ("ada@" + "b" * 64 + ".com", "periods cannot be separated by so many characters"),
        ("ada@-b.com", "a hyphen immediately after the @-sign"),
        ("ada@ab--cd.com", "two letters followed by two dashes"),
        ("n/a", "must have an @-sign"),
        (" ; " * 20_000 + "a@example.com", "text of 60012 characters: not an e-mail address; it is too long"),
    ],
)
def test_what_is_no_address_is_refused_without_repeating_it(value: str, complaint: str) -> None:
    with pytest.raises(Unfit) as refused:
        normalise_email(value)
    assert complaint in str(refused.value)
    assert value not in str(refused.value)
    assert "'" not in str(refused.value)


@pytest.mark.parametrize(
    ("value", "shape"), [(7, "a number of 1 digit"), (True, "true or false"), (["a"], "a list")]
)
def test_other_than_text_is_refused(value: Any, shape: str) -> None:
    with pytest.raises(Unfit, match=f"{shape}.*: not an e-mail address"):
        normalise_email(value)


@pytest.mark.parametrize("value", [None, "", " \t", float("nan"), [], {}])
def test_nothing_is_nothing(value: Any) -> None:
    assert normalise_email(value) is None


@pytest.mark.parametrize(
    "value",
    [
        "ada@example.com, r&d@example.com",
        "ada@example.com;r&d@example.com",
        "ada@example.com r&d@example.com",
        "ada@example.com or r&d@example.com",
        "ada@example.com / r&d@example.com",
        "ada@example.com\nr&d@example.com",
        "Ada <ada@example.com>, R <r&d@example.com>",
        "Lovelace, Ada <ada@example.com>, Byron, R <r&d@example.com>",
        "Lovelace, Ada <ada@example.com> Byron, R <r&d@example.com>;",
    ],
)
def test_of_two_addresses_the_first_or_the_last_is_taken_and_it_is_said(value: str) -> None:
    said = "2 e-mail addresses in one value; the first is taken"
    assert email_normaliser(several="first")(value) == Noted("ada@example.com", said)
    assert email_normaliser(several="last")(value) == Noted("r&d@example.com", said.replace("first", "last"))
    for refusing in (normalise_email, email_normaliser(several="reject")):
        with pytest.raises(Unfit, match=r"^2 e-mail addresses in one value; expected one, or say which"):
            refusing(value)


def test_a_slash_between_addresses_parts_them_too() -> None:
    found = email_normaliser(several="last")("ada@example.com/bob@example.com")
    assert isinstance(found, Noted)
    assert found.text == "bob@example.com"
    assert type(email_normaliser(several="last")("ada@example.com")) is str


_local = st.from_regex(r"[A-Za-z0-9_+'.-]{1,70}", fullmatch=True)
_domain = st.from_regex(
    r"[A-Za-z0-9-]{1,70}(\.[A-Za-z0-9-]{1,10}){0,3}\.(com|test|COM|c0m|x|local|org)", fullmatch=True
)


@given(st.one_of(st.builds("{}@{}".format, _local, _domain), st.emails()))
def test_the_quick_way_agrees_with_the_library(address: str) -> None:
    try:
        checked = validate_email(address, check_deliverability=False, strict=True)
    except EmailNotValidError:
        if not address.endswith("'"):
            with pytest.raises(Unfit):
                normalise_email(address)
        return
    assert normalise_email(address) == (checked.ascii_email or checked.normalized)


@given(st.one_of(st.text(), st.emails(), st.builds("{} <{}>".format, st.text(), st.emails())))
def test_whatever_comes_out_is_an_address_and_stays_as_it_is(value: str) -> None:
    try:
        found = normalise_email(value)
    except Unfit:
        return
    if found is not None:
        assert found.count("@") >= 1
        assert normalise_email(found) == found
