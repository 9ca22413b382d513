"""What a server repeats of a lead, in whatever disguise, does not come through."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.endpoints._discretion import _SPARED, MOST_CHARACTERS, Discretion

LEAD = {
    "source": "acme",
    "id": "L-77001",
    "firstName": "Zoë",
    "lastName": "O'Brien-Lovelace",
    "phoneNumber": "8045550123",
    "email": "zoe.lovelace@mail.example.com",
    "status": "new",
    "note": "call 李小明 after Invalid, 17 Elm Street",
}


def clean(text: str, *secrets: str, **changes: str) -> str:
    return Discretion(orjson.dumps({**LEAD, **changes}), secrets).clean(text)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("lastName: O'Brien-Lovelace is bad", "lastName: [lastName] is bad"),
        ("LOVELACE is not a name", "[lastName] is not a name"),
        ("Zoe, ZOË or zoë", "[firstName] or [firstName]"),
        ("O. Brien's", "O. [lastName]'s"),
        ("Zo\\u00eb Zo&euml; Zo%C3%AB", "[firstName]"),
        ("ZoÃ« came as mojibake", "[firstName]« came as mojibake"),
        ("Zo? came without it", "[firstName]? came without it"),
        ("Lovela... is too long", "… is too long"),
        ("Lovela… is too long", "… is too long"),
        ("...velace is too long", "… is too long"),
        ("is (804) 5… a number", "is (… a number"),
        ("Lovel is too long", "[lastName] is too long"),
        ("user_lovelace_7 exists", "user_[lastName]_7 exists"),
        ("zoelovelace exists", "[lastName] exists"),
        ("Phone (804) 555-0123!", "Phone ([number]!"),
        ("phone +1 804.555.0123", "phone [number]"),
        ("ends with 0123", "ends with [phoneNumber]"),
        ("another@person.example", "[e-mail]"),
        ("zoe.lovelace at mail dot com", "[firstName].[lastName] at [email] dot com"),
        ("lead L-77001 exists", "lead [id] exists"),
        ("名字李小明无效", "名字[…]无效"),
        ("17 Elm Street or 12 Elm Street", "17 […] or 12 […]"),
        ("Invalid source acme", "Invalid source acme"),
        ("status new is unknown", "status [status] is unknown"),
        ("Z\u200boe\u0000 is\r\nhidden", "[firstName] is hidden"),
        ("\ue000\uf8ff", ""),
        ("", ""),
    ],
)
def test_p10_disguises(text: str, left: str) -> None:
    assert clean(text) == left


@pytest.mark.parametrize(
    ("header", "echo"),
    [
        ("abcd-1234-efgh", "no such key: abcd-1234-efgh"),
        ("Bearer abcd-1234-efgh", "no such key: abcd-1234-efgh"),
        ("Bearer abcd-1234-efgh", "no such key: BEARER ABCD-1234-EFGH"),
        ("Basic dXNlcjpzM2NyZXQ=", "no such key: s3cret"),
        ("Basic dXNlcjpzM2NyZXQ=", "no such key: user:s3cret"),
        ("Basic dXNlcjpzM2NyZXQ=", "no such key: dXNlcjpzM2NyZXQ="),
        ("a=b&c d", "no such key: a%3Db%26c%20d"),
    ],
)
def test_p10_keys(header: str, echo: str) -> None:
    assert clean(echo, header) == "no such key: [key]"


def test_p10_basic_that_is_none_is_a_key_like_any_other() -> None:
    assert clean("no: %%% and Basic %%%%", "Basic %%%%") == "no: %%% and [key]"


def test_words_of_messages_are_spared_unless_a_person_is_called_so() -> None:
    assert clean("status rejected", note="Rejected") == "status rejected"
    assert clean("status rejected", lastName="Rejected") == "status [lastName]"


def test_a_text_is_cut_to_a_readable_length() -> None:
    cut = clean("word " * 5000)
    assert len(cut) <= MOST_CHARACTERS
    assert cut.endswith("word…")


def test_p10_a_value_that_we_cut_ourselves_does_not_show_its_beginning() -> None:
    long = "Xylophonia" * 390
    assert "Xyl" not in clean(long + " Xylophon" + "ia" * 300, note=long)
    assert "804" not in clean("a " * 1996 + "8045550123", phoneNumber="8045550123")


def test_the_newer_apis_names_are_names_too() -> None:
    body = orjson.dumps({"externalID": "Z-9", "details": {"color": "crimson"}})
    assert Discretion(body).clean("externalID Z-9 crimson") == "externalID [externalID] […]"


words = st.text(st.characters(codec="utf-8", categories=["Lu", "Ll"]), min_size=4, max_size=12).filter(
    lambda word: word.casefold() == word.lower() and word.lower() not in _SPARED
)


@settings(deadline=None)
@given(words, st.sampled_from(["firstName", "lastName", "note"]), st.text(max_size=40), st.text(max_size=40))
def test_p10_a_word_of_the_lead_never_stands_in_a_message(word, name, before, after) -> None:
    for disguise in (word, word.upper(), word.title(), orjson.dumps(word).decode()):
        for text in (f"{before} {disguise} {after}", f"{disguise}: no", f"[{disguise}]"):
            cleaned = clean(text, **{name: word})
            spoken = cleaned.replace(f"[{name}]", "")
            assert word.lower() not in spoken.lower() or word.lower() in (before + " " + after).lower()
            assert "\n" not in cleaned


@settings(deadline=None)
@given(st.binary(max_size=60), st.text(max_size=300), st.lists(st.text(max_size=20), max_size=3))
def test_no_body_and_no_text_is_too_strange(body: bytes, text: str, secrets: list[str]) -> None:
    cleaned = Discretion(body, secrets).clean(text)
    assert len(cleaned) <= MOST_CHARACTERS
    assert cleaned.isprintable()
    cleaned.encode("utf-8")
