"""What is said of a job that is declared wrongly."""

from datetime import date
from typing import Any

import pytest

from tenor.declarations import Labelled
from tenor.jobs.kinds import JobError, JobKinds
from tenor_sdk.jobs import Every, JobLabel, Retry, Spans


def _labelled(function: Any, name: str = "loans.remind", schedule: Every | None = None) -> Labelled:
    label = JobLabel(
        name=name, event=None, schedule=schedule, retry=Retry(), queue="loans", actor=""
    )
    return Labelled("loans", function, label)


def _remind(ctx: Any, loan_id: int) -> None:
    raise AssertionError("not called")


def _twice(ctx: Any, loan_id: int) -> None:
    raise AssertionError("not called")


def _at(ctx: Any, at: date) -> None:
    raise AssertionError("not called")


def test_two_jobs_of_one_name_are_an_error_of_their_plugin() -> None:
    with pytest.raises(JobError, match=r"loans\.remind") as caught:
        JobKinds([_labelled(_remind), _labelled(_twice)], [], ["loans"])
    assert caught.value.plugin == "loans"


def test_a_schedule_has_no_arguments_to_call_its_job_with() -> None:
    with pytest.raises(JobError, match="ctx alone"):
        JobKinds([_labelled(_remind, schedule=Every(hours=1))], [], ["loans"])


def test_a_schedule_that_divides_the_time_tells_its_job_between_which_instants() -> None:
    with pytest.raises(JobError, match="ctx and since and until alone"):
        JobKinds([_labelled(_remind, schedule=Spans(hours=1))], [], ["loans"])


def test_an_argument_that_enqueue_itself_takes_is_an_error() -> None:
    with pytest.raises(JobError, match="at is a word"):
        JobKinds([_labelled(_at)], [], ["loans"])


def _sweep(ctx: Any, room: int, floor: int = 3) -> None:
    raise AssertionError("not called")


def _labelled_in_turns(words: str) -> Labelled:
    label = JobLabel(
        name="loans.sweep", event=None, schedule=None, retry=Retry(), queue="loans", actor="",
        one_at_a_time=words,
    )  # fmt: skip
    return Labelled("loans", _sweep, label)


def test_turns_are_filled_in_with_arguments_and_their_defaults() -> None:
    kinds = JobKinds([_labelled_in_turns("room {room} of {floor}")], [], ["loans"])
    assert kinds.of(_sweep).turn_of({"room": 5}) == "loans: room 5 of 3"


def test_a_long_turn_is_kept_by_its_hash() -> None:
    turn = JobKinds([_labelled_in_turns("{room}")], [], ["loans"]).of(_sweep).turn_of
    assert len(turn({"room": "x" * 1000}) or "") == 64
    assert turn({"room": "x" * 1000}) != turn({"room": "x" * 1001})


@pytest.mark.parametrize("words", ["room {rom}", "{ctx}", "room {", "{}"])
def test_turns_with_words_that_nothing_fills_in_are_an_error_of_their_plugin(words: str) -> None:
    with pytest.raises(JobError, match="one_at_a_time") as caught:
        JobKinds([_labelled_in_turns(words)], [], ["loans"])
    assert caught.value.plugin == "loans"
