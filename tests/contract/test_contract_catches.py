"""The conformance suite finds what it is there to find: adapters with one flaw each."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import pytest

from sources.errors import Unavailable
from sources.testing import PositionContract, SnapshotContract, SourceContract
from tests.faulty_shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Callable


def _tests(contract: type) -> dict[str, Callable[..., Any]]:
    named = inspect.getmembers(contract, inspect.isfunction)
    return {name: test for name, test in named if name.startswith("test_")}


class TestASourceWithoutAFlaw(PositionContract):
    @pytest.fixture
    def rig(self) -> Shelf:
        return Shelf()


FLAWS = [
    ("exclusive", "test_p1_the_moment_of_the_position_is_read_again"),
    ("loses one", "test_all_records_are_read_once"),
    ("loses fields", "test_records_hold_what_the_system_holds"),
    ("odd keys", "test_keys_are_canonical"),
    ("no zone", "test_times_of_change_have_a_zone"),
    ("sets", "test_values_are_those_that_a_mapping_knows"),
    ("one huge page", "test_pages_are_of_the_size_asked_for_and_one_is_the_last"),
    ("no last page", "test_pages_are_of_the_size_asked_for_and_one_is_the_last"),
    ("runs ahead", "test_p1_a_poll_broken_off_goes_on_from_any_page"),
    ("blinded", "test_p1_a_lead_from_the_future_blinds_nobody"),
    ("talks", "test_check_says_one_line"),
    ("tells", "test_a_system_that_fails_is_a_source_error"),
    ("hides fields", "test_it_knows_its_fields_if_it_says_so"),
    ("fetches all", "test_it_fetches_by_key_if_it_says_so"),
    ("takes limits for failures", "test_a_rate_limit_is_told_with_its_wait"),
    ("forgets the wait", "test_a_rate_limit_is_told_with_its_wait"),
    ("tells of limits", "test_a_rate_limit_is_told_with_its_wait"),
    ("hopes", "test_credentials_that_are_refused_are_denied"),
    ("tells who we are", "test_credentials_that_are_refused_are_denied"),
    ("goes round", "test_pages_without_end_are_an_error"),
    ("marks time", "test_p1_a_poll_that_is_killed_after_every_page_comes_to_the_end"),
    ("counts", "test_p1_what_changes_during_a_poll_is_read_by_it_or_by_the_next"),
    ("forgets zones", "test_a_window_means_the_same_moments_in_every_zone"),
    ("is called oddly", "test_it_has_what_an_adapter_has"),
    ("explains nothing", "test_every_setting_is_described_and_an_unknown_one_refused"),
    ("counts rows", "test_keys_stay_the_same"),
    ("no last page", "test_nothing_is_an_answer"),
    ("begins now", "test_what_comes_after_nothing_is_read"),
    ("odd positions", "test_positions_survive_the_state_store"),
    ("reads once", "test_p1_a_change_is_read_from_the_last_position"),
    ("loses what is asked for", "test_fields_that_are_asked_for_are_there"),
    ("takes ways for fields", "test_what_is_read_within_a_field_does_no_harm_beside_it"),
    ("leaves tasks", "test_breaking_off_leaves_nothing_behind"),
    ("shows itself", "test_p10_secrets_are_not_shown"),
    ("stands still", "test_the_position_is_the_newest_time"),
    ("begins again", "test_p9_an_unchanged_system_gives_nothing_but_the_newest"),
    ("exclusive", "test_p1_leads_of_one_moment_fill_more_than_a_page"),
    ("never looks back", "test_p1_a_lead_that_turns_up_late_is_found_by_looking_back"),
    ("no zone", "test_records_say_when_they_changed"),
    ("exclusive", "test_it_can_begin_at_a_moment"),
    ("loses its window", "test_a_window_broken_off_goes_on"),
    ("blinded", "test_it_knows_its_newest_moment_if_it_says_so"),
    ("never twice", "test_p1_what_changes_while_it_is_broken_off_is_read_in_the_end"),
    ("moves on first", "test_a_failed_poll_moves_no_position_on"),
    ("ends when refused", "test_p1_a_failure_half_way_is_not_taken_for_the_end"),
    ("ends when refused", "test_p1_a_rate_limit_half_way_is_not_taken_for_the_end"),
]
#: Tests that find more than one flaw, below.
ELSEWHERE = {
    "test_a_window_holds_its_beginning_and_not_its_end",
    "test_check_of_an_empty_system_finds_nothing_wrong",
}
BY_SNAPSHOT = sorted(set(_tests(SnapshotContract)) - set(_tests(SourceContract)))


@pytest.mark.parametrize(("flaw", "test"), FLAWS)
async def test_a_flaw_is_found(flaw: str, test: str) -> None:
    with pytest.raises(AssertionError):
        await _tests(PositionContract)[test](PositionContract(), Shelf(flaw))


def test_every_test_of_the_contract_finds_a_flaw() -> None:
    assert set(_tests(PositionContract)) - {test for _, test in FLAWS} - ELSEWHERE == set()


async def test_a_source_that_takes_an_empty_system_for_a_broken_one_is_found() -> None:
    with pytest.raises(Unavailable):
        await PositionContract().test_check_of_an_empty_system_finds_nothing_wrong(Shelf("fears the void"))


@pytest.mark.parametrize(
    "test",
    [
        "test_a_rate_limit_is_told_with_its_wait",
        "test_credentials_that_are_refused_are_denied",
        "test_pages_without_end_are_an_error",
    ],
)
async def test_what_a_rig_cant_bring_about_is_skipped_with_the_reason(test: str) -> None:
    class Plain:
        secrets = ()

    with pytest.raises(pytest.skip.Exception, match="the rig has no `"):
        await _tests(PositionContract)[test](PositionContract(), Plain())


async def test_an_error_of_another_kind_is_found() -> None:
    with pytest.raises(KeyError):
        await PositionContract().test_a_system_that_fails_is_a_source_error(Shelf("raises what it likes"))


@pytest.mark.parametrize(("since", "until"), [(2, 5), (None, 5), (3, 4)])
async def test_a_window_that_holds_its_end_is_found(since: int | None, until: int) -> None:
    with pytest.raises(AssertionError):
        await PositionContract().test_a_window_holds_its_beginning_and_not_its_end(
            Shelf("closed window"), since, until
        )


@pytest.mark.parametrize("test", BY_SNAPSHOT)
async def test_a_source_by_position_is_no_snapshot(test: str) -> None:
    with pytest.raises(AssertionError):
        await _tests(SnapshotContract)[test](SnapshotContract(), Shelf())
