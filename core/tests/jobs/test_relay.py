"""The relay: hands ids to a broker that may lose them, refuse them or deliver them twice."""

from collections.abc import Callable, Sequence
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import select, update

from tenor.jobs.leases import job, moment
from tenor.jobs.relay import MOST_OUT, Message, Relay
from tenor.kernel import Kernel

pytestmark = pytest.mark.both_databases

Enqueue = Callable[..., int]


class Broker:
    """Keeps what it is handed; may be away."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.away = False

    def __call__(self, messages: Sequence[Message]) -> None:
        for message in messages:
            if self.away:
                raise OSError("the broker is away")
            self.messages.append(message)

    @property
    def ids(self) -> list[int]:
        """Of the jobs of the plugin ``chores``, in their order."""
        return [message.job_id for message in self.messages if message.queue == "chores"]


def _sent_long_ago(institution: Kernel) -> None:
    with institution.db.raw() as connection:
        connection.execute(update(job).values(sent_at=moment(institution.db.dialect, -1000)))


def test_what_is_due_is_sent_once(institution: Kernel, chores: Any, enqueue: Enqueue) -> None:
    broker = Broker()
    relay = Relay(institution, broker)
    job_id = enqueue(chores.as_whoever)
    relay.once()
    relay.once()
    assert broker.ids == [job_id]


def test_two_relays_at_once_send_each_job_once(
    institution: Kernel, chores: Any, enqueue: Enqueue
) -> None:
    broker = Broker()
    ids = [enqueue(chores.as_whoever) for _ in range(60)]
    relays = [Thread(target=Relay(institution, broker).once) for _ in range(2)]
    for relay in relays:
        relay.start()
    for relay in relays:
        relay.join()
    while Relay(institution, broker).once():
        pass
    assert sorted(broker.ids) == ids


def test_what_the_broker_lost_is_sent_again_after_a_while(
    institution: Kernel, chores: Any, enqueue: Enqueue
) -> None:
    broker = Broker()
    relay = Relay(institution, broker, resend_after=300)
    job_id = enqueue(chores.as_whoever)
    relay.once()
    _sent_long_ago(institution)
    relay.once()
    assert broker.ids == [job_id, job_id]


def test_what_a_worker_that_died_had_is_sent_again_once(
    institution: Kernel, chores: Any, enqueue: Enqueue
) -> None:
    broker = Broker()
    relay = Relay(institution, broker)
    job_id = enqueue(chores.as_whoever)
    relay.once()
    with institution.db.raw() as connection:
        sent = moment(institution.db.dialect, -20)
        until = moment(institution.db.dialect, -10)
        connection.execute(update(job).values(state="leased", attempt=1, sent_at=sent, until=until))
    relay.once()
    relay.once()
    assert broker.ids == [job_id, job_id]
    assert institution.jobs.run_one(job_id)


def test_what_was_delivered_twice_is_done_once(
    institution: Kernel, chores: Any, enqueue: Enqueue, effects: Callable[[], list[str]]
) -> None:
    job_id = enqueue(chores.leave_effect, name="bread")
    assert institution.jobs.run_one(job_id)
    assert not institution.jobs.run_one(job_id)
    assert effects() == ["bread"]


def test_a_broker_that_is_away_keeps_nothing_from_being_sent_later(
    institution: Kernel, chores: Any, enqueue: Enqueue
) -> None:
    broker = Broker()
    relay = Relay(institution, broker)
    job_id = enqueue(chores.as_whoever)
    broker.away = True
    with pytest.raises(OSError, match="away"):
        relay.once()
    broker.away = False
    relay.once()
    assert broker.ids == [job_id]


def test_a_relay_goes_on_when_its_broker_is_back(
    institution: Kernel, chores: Any, enqueue: Enqueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tenor.jobs import relay as module

    monkeypatch.setattr(module, "_AFTER_FAILURE", (0.01, 0.02))
    broker, over, back = Broker(), Event(), Event()
    broker.away = True
    job_id = enqueue(chores.as_whoever)

    def publish(messages: Sequence[Message]) -> None:
        try:
            broker(messages)
        finally:
            broker.away = False
            if broker.messages:
                back.set()

    thread = Thread(target=Relay(institution, publish).run, args=(over,))
    thread.start()
    assert back.wait(20)
    over.set()
    thread.join()
    assert broker.ids == [job_id]


def test_no_more_of_a_queue_lies_in_the_broker_than_is_of_use(
    institution: Kernel, chores: Any
) -> None:
    from tenor.testing import as_actor

    with as_actor(institution, "lin.xiaowen") as ctx:
        for number in range(MOST_OUT + 10):
            ctx.enqueue(chores.leave_effect, name=str(number))
    broker = Broker()
    relay = Relay(institution, broker)
    while relay.once():
        pass
    assert len(broker.ids) == MOST_OUT
    for job_id in broker.ids[:20]:
        institution.jobs.run_one(job_id)
    relay.once()
    assert len(broker.ids) == MOST_OUT + 10
    # by which the broker's side knows that several may share a message: every worker has some already
    assert {message.beside for message in broker.messages[:MOST_OUT]} == {0}
    assert {message.beside for message in broker.messages[MOST_OUT:]} == {MOST_OUT - 20}


def test_a_job_that_failed_is_sent_again_when_it_is_due(
    institution: Kernel, chores: Any, enqueue: Enqueue
) -> None:
    broker = Broker()
    relay = Relay(institution, broker)
    job_id = enqueue(chores.leave_effect, name="bread", fails=True)
    relay.once()
    institution.jobs.run_one(job_id)
    relay.once()
    assert broker.ids == [job_id]
    with institution.db.raw() as connection:
        connection.execute(update(job).values(due_at=institution.clock.now()))
    relay.once()
    assert broker.ids == [job_id, job_id]


def test_the_relay_enqueues_what_schedules_ask_for(institution: Kernel, chores: Any) -> None:
    from datetime import timedelta

    from tenor.clock import StoppedClock

    relay = Relay(institution, Broker())
    relay.once()
    clock = institution.clock
    assert isinstance(clock, StoppedClock)
    clock.move(clock.instant + timedelta(minutes=5))
    relay.once()
    with institution.db.raw(write=False) as connection:
        made = connection.execute(select(job.c.id).where(job.c.name == "chores.look_round"))
        assert len(made.all()) == 1
