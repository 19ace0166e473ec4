"""The last seal goes to the time stamp authority by a job of its own; sealing never waits for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from tenor.audit.records import SealStamp
from tenor.base.jobs import stamp_seal
from tenor.base.settings import BaseSettings
from tenor.base.stamping import trust_of
from tenor.clock import Clock, StoppedClock
from tenor.events.rows import table_of
from tenor.jobs.records import DONE, PARKED, READY
from tenor.kernel import Kernel
from tenor.testing import as_actor, run_jobs
from tenor_sdk.errors import Invalid
from tenor_test_support.ledger import seal
from tenor_test_support.tsa import Answer

if TYPE_CHECKING:
    from pathlib import Path

    from tenor_test_support.tsa import TimeStampAuthority

pytestmark = pytest.mark.both_databases

ADMINISTRATOR = "ding.ning"
Enqueue = Callable[..., int]
Row = Callable[[int], Any]


@pytest.fixture
def tsa(institution: Kernel, time_stamp_authority: TimeStampAuthority) -> TimeStampAuthority:
    """The institution's authority, on whose day the institution is."""
    clock = institution.clock
    assert isinstance(clock, StoppedClock)
    clock.move(Clock().now())
    with as_actor(institution, ADMINISTRATOR) as ctx:
        for name, value in (
            ("stamp_authority", time_stamp_authority.url),
            ("stamp_certificates", time_stamp_authority.roots),
        ):
            institution.plugin_settings.set(ctx, BaseSettings, name, value)
    seal(institution)
    return time_stamp_authority


def stamped(institution: Kernel) -> list[int]:
    """The seals that have a time stamp."""
    with institution.db.raw(write=False) as connection:
        return list(connection.execute(select(table_of(SealStamp).c.seal_id)).scalars())


def later(institution: Kernel, **much: int) -> None:
    clock = institution.clock
    assert isinstance(clock, StoppedClock)
    clock.move(clock.instant + timedelta(**much))


def out_of_order(_request: bytes) -> Answer:
    return Answer([], status=503)


def test_the_last_seal_is_stamped_once(
    institution: Kernel, tsa: TimeStampAuthority, enqueue: Enqueue, row: Row
) -> None:
    for _twice in range(2):
        job = enqueue(stamp_seal)
        run_jobs(institution)
        assert row(job).state == DONE
    assert (stamped(institution), len(tsa.requests)) == ([1], 1)
    with as_actor(institution, ADMINISTRATOR, write=False) as ctx:
        trust = trust_of(ctx)
    verdict = institution.audit.verify(trust=trust)
    assert (verdict.findings, verdict.stamps.waiting) == ((), 0)


def test_certificates_from_elsewhere_go_before_those_of_the_settings(
    institution: Kernel, tsa: TimeStampAuthority, enqueue: Enqueue, tmp_path: Path
) -> None:
    enqueue(stamp_seal)
    run_jobs(institution)
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    others = type(tsa)(folder).roots
    with as_actor(institution, ADMINISTRATOR) as ctx:  # as whoever rewrote the ledger would
        institution.plugin_settings.set(ctx, BaseSettings, "stamp_certificates", others)
    for given, findings in (("", ["seal 1: stamp-untrusted"]), (tsa.roots, [])):
        with as_actor(institution, ADMINISTRATOR, write=False) as ctx:
            trust = trust_of(ctx, given)
        found = institution.audit.verify(trust=trust).findings
        assert [str(each) for each in found] == findings


def test_certificates_that_are_none_are_refused(institution: Kernel) -> None:
    with (
        as_actor(institution, ADMINISTRATOR, write=False) as ctx,
        pytest.raises(Invalid, match="not-certificates"),
    ):
        trust_of(ctx, "anything")


def test_without_an_authority_nobody_is_asked(
    institution: Kernel, enqueue: Enqueue, row: Row
) -> None:
    seal(institution)
    job = enqueue(stamp_seal)
    run_jobs(institution)
    assert (row(job).state, stamped(institution)) == (DONE, [])


def test_while_the_authority_is_down_seals_are_made_and_the_last_is_stamped_later(
    institution: Kernel, tsa: TimeStampAuthority, enqueue: Enqueue, row: Row
) -> None:
    answer, tsa.answer = tsa.answer, out_of_order
    job = enqueue(stamp_seal)
    run_jobs(institution)
    assert (row(job).state, "status 503" in row(job).error) == (READY, True)
    with as_actor(institution, ADMINISTRATOR) as ctx:
        institution.plugin_settings.set(ctx, BaseSettings, "ledger_years", 30)
    assert seal(institution) > 0
    tsa.answer = answer
    later(institution, minutes=2)
    run_jobs(institution)
    assert (row(job).state, stamped(institution)) == (DONE, [2])


def test_while_an_earlier_run_waits_for_its_next_try_no_other_asks(
    institution: Kernel, tsa: TimeStampAuthority, enqueue: Enqueue, row: Row
) -> None:
    tsa.answer = out_of_order
    enqueue(stamp_seal)
    run_jobs(institution)
    another = enqueue(stamp_seal)
    run_jobs(institution)
    assert (row(another).state, len(tsa.requests)) == (DONE, 1)


def test_the_pauses_double_until_a_person_is_told(
    institution: Kernel, tsa: TimeStampAuthority, enqueue: Enqueue, row: Row
) -> None:
    tsa.answer = out_of_order
    job, pauses = enqueue(stamp_seal), []
    run_jobs(institution)
    while row(job).state == READY:
        pauses.append((row(job).due_at - institution.clock.now()) // timedelta(minutes=1))
        later(institution, minutes=pauses[-1])
        run_jobs(institution)
    assert pauses == [1, 2, 4, 8, 16, 32, 64]
    assert row(job).state == PARKED
    assert stamped(institution) == []


def test_an_answer_that_was_lost_with_its_worker_is_asked_for_again(
    institution: Kernel,
    tsa: TimeStampAuthority,
    enqueue: Enqueue,
    row: Row,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from tenor.jobs.outside import Outside

    def died(*_: object) -> None:
        raise RuntimeError("the worker died")

    with monkeypatch.context() as dying:
        dying.setattr(Outside, "_keep", died)
        job = enqueue(stamp_seal)
        run_jobs(institution)
    later(institution, minutes=2)
    run_jobs(institution)
    assert (row(job).state, stamped(institution), len(tsa.requests)) == (DONE, [1], 2)


def test_a_time_stamp_can_be_neither_changed_nor_removed(
    institution: Kernel, tsa: TimeStampAuthority, enqueue: Enqueue
) -> None:
    from sqlalchemy import text
    from sqlalchemy.exc import DBAPIError

    enqueue(stamp_seal)
    run_jobs(institution)
    for statement in (
        "update base_seal_stamp set nonce = '1'",
        "delete from base_seal_stamp",
    ):
        with (
            pytest.raises(DBAPIError, match="the ledger is append-only"),
            institution.db.raw() as connection,
        ):
            connection.execute(text(statement))


@pytest.mark.parametrize(
    ("name", "value", "key"),
    [
        ("stamp_authority", "tsa.example", "not-an-authority"),
        ("stamp_certificates", "-----BEGIN CERTIFICATE-----", "not-certificates"),
        ("stamp_policy", "1.2.x", "not-a-policy"),
    ],
)
def test_what_the_settings_cannot_mean_is_refused(
    institution: Kernel, name: str, value: str, key: str
) -> None:
    with as_actor(institution, ADMINISTRATOR) as ctx, pytest.raises(Invalid) as caught:
        institution.plugin_settings.set(ctx, BaseSettings, name, value)
    assert caught.value.key == key
