"""The lead and what stands in its place."""

from __future__ import annotations

import dataclasses

import pytest

from sync.lead import FIELDS, Invalid, Lead, Problem, Skip


def test_the_fields_are_those_of_the_standard_api_without_the_endpoints_source() -> None:
    assert (
        *("id", "contactID", "firstName", "lastName", "phoneNumber", "email"),
        *("status", "createdAt", "updatedAt"),
    ) == FIELDS


def test_a_problem_reads_like_every_error() -> None:
    assert (
        str(Problem("lead.phoneNumber", "9 digits", "m.yaml:7:16"))
        == "m.yaml:7:16: lead.phoneNumber: 9 digits"
    )
    assert str(Problem("", "is too deep", "")) == "is too deep"


def test_all_problems_make_the_reason() -> None:
    found = Invalid((Problem("a", "one", "m:1:1"), Problem("b", "two", "m:2:1")))
    assert found.reason == "m:1:1: a: one; m:2:1: b: two"


def test_warnings_do_not_make_a_lead_another() -> None:
    warned = Lead({"id": "7"}, {}, (Problem("a", "left out", ""),))
    assert warned == Lead({"id": "7"})


@pytest.mark.parametrize("value", [Lead({"id": "7"}), Skip("x"), Invalid(())])
def test_outcomes_are_frozen(value: Lead | Skip | Invalid) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(value, dataclasses.fields(value)[0].name, None)
