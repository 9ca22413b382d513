"""The authorization code grant as data: what is asked, and what comes back in people's words."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from sources._http.authorizing import challenge_of
from sources._http.token_store import MemoryTokenStore
from sources.errors import Denied, SourceError, Unavailable
from sources.http import Answer
from sources.oauth import AnotherAttempt, OAuthApp, OAuthFlow

APP = OAuthApp("https://auth.example.com/token", "us", "s3cret", extra={"audience": "x"})
REDIRECT = "http://127.0.0.1:8721/callback"


def begun(**more):
    page = "https://auth.example.com/authorize?tenant=1"
    flow = OAuthFlow(app=APP, authorize_url=page, store=MemoryTokenStore("crm"), scopes=("a", "b"), **more)
    return flow.begun(REDIRECT)


def back(attempt, **said):
    return f"{REDIRECT}?{urlencode({'state': attempt.state, **said})}"


def test_the_challenge_is_that_of_the_standard():
    # RFC 7636, appendix B
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert challenge_of(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_the_page_is_asked_for_a_code_and_learns_no_secret():
    attempt = begun(parameters={"access_type": "offline"})
    query = {name: values[0] for name, values in parse_qs(urlsplit(attempt.url).query).items()}
    assert query == {
        "tenant": "1",
        "response_type": "code",
        "client_id": "us",
        "redirect_uri": REDIRECT,
        "state": attempt.state,
        "code_challenge": challenge_of(attempt.verifier),
        "code_challenge_method": "S256",
        "scope": "a b",
        "access_type": "offline",
    }
    assert attempt.verifier not in attempt.url
    assert attempt.verifier not in repr(attempt)
    assert begun().state != attempt.state


def test_the_code_is_exchanged_once_with_the_verifier():
    attempt = begun()
    call = attempt.call(attempt.code_of(back(attempt, code="c0de")))
    assert not call.repeatable
    assert call.form == {
        "grant_type": "authorization_code",
        "code": "c0de",
        "redirect_uri": REDIRECT,
        "code_verifier": attempt.verifier,
        "client_id": "us",
        "client_secret": "s3cret",
        "audience": "x",
    }


@pytest.mark.parametrize(
    ("said", "kind", "words"),
    [
        ({"error": "access_denied"}, Denied, "somebody said no"),
        ({"error": "invalid_scope"}, Denied, "a scope that was asked for is misspelt"),
        ({"error": "redirect_uri_mismatch"}, Denied, f"{REDIRECT} is not registered"),
        ({"error": "invalid_request"}, Denied, f"is {REDIRECT} registered"),
        ({"error": "x", "error_description": "No app. Ada ada@example.com"}, Denied, r"\(x\).*says: No app"),
        ({"error": "temporarily_unavailable"}, Unavailable, "try again later"),
        ({}, Unavailable, "without a code"),
        ({"state": "of-another", "code": "c0de"}, AnotherAttempt, "no attempt of ours"),
        ({"state": "", "error": "access_denied"}, AnotherAttempt, "no attempt of ours"),
        ({"state": "\N{SNOWMAN}", "code": "c0de"}, AnotherAttempt, "no attempt of ours"),
    ],
)
def test_what_a_browser_brings_back(said, kind, words):
    attempt = begun()
    with pytest.raises(SourceError, match=words) as caught:
        attempt.code_of(back(attempt, **said))
    assert type(caught.value) is kind
    for private in ("ada@example.com", "s3cret", attempt.state):
        assert private not in str(caught.value)


@pytest.mark.parametrize("came_back", [REDIRECT, f"{REDIRECT}?\n", urlsplit(REDIRECT).path])
def test_a_browser_that_brings_back_nothing_may_have_been_told_no(came_back):
    with pytest.raises(AnotherAttempt, match="somebody may have said no"):
        begun().code_of(came_back)


@pytest.mark.parametrize(
    ("data", "status", "words"),
    [
        ({"access_token": "t"}, 200, "no refresh token; ask for the scope"),
        ({"error": "invalid_grant"}, 400, f"is {REDIRECT} registered as it stands here"),
        ({"error": "redirect_uri_mismatch"}, 400, "is not registered"),
        ({"error": "invalid_client"}, 401, "client id or the client secret is wrong"),
    ],
)
def test_a_code_that_brings_nothing(data, status, words):
    attempt = begun()
    answer = Answer(attempt.call("c0de"), status, {}, b"{}", data)
    with pytest.raises(Denied, match=words):
        attempt.granted(answer, datetime(2026, 3, 4, tzinfo=UTC))
