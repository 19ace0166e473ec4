"""Telling people, and looking at what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from tenor.access.records import User
from tenor.clock import StoppedClock
from tenor.events.rows import table_of
from tenor.jobs.leases import job
from tenor.kernel import Kernel
from tenor.notify.records import Mail
from tenor.testing import as_actor, run_jobs
from tenor_sdk.i18n import Text
from tenor_sdk.notify import NoticeKind, notify
from tenor_test_support import SmtpSink


@pytest.fixture(scope="module")
def plugins(test_plugins: list[str]) -> tuple[str, ...]:
    return ("chores",)


@pytest.fixture
def chores(institution: Kernel) -> Any:
    import tenor_chores

    return tenor_chores


class House:
    """An institution in which people are told things, at any time of day."""

    clerk, officer, administrator = "lin.xiaowen", "zhou.qiming", "ding.ning"

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel

    def id(self, login: str) -> int:
        with self.kernel.db.raw(write=False) as connection:
            found = self.kernel.access.actor_by_login(connection, login)
        assert found is not None
        return found.id

    def tell(self, *logins: str, title: str = "told", kind: NoticeKind | None = None) -> None:
        users = [self.id(login) for login in logins or (self.officer,)]
        with as_actor(self.kernel, self.clerk) as ctx:
            notify(ctx, users, Text(title, {}, None, "tenor_chores"), kind=kind)

    def inbox(self, login: str) -> list[str]:
        with as_actor(self.kernel, login, write=False) as ctx:
            return [entry.title for entry in self.kernel.notify.inbox(ctx)]

    def change(self, login: str, **values: Any) -> None:
        users = table_of(User)
        with self.kernel.db.raw() as connection:
            connection.execute(update(users).where(users.c.login == login).values(values))

    def choose(self, login: str, kind: NoticeKind, way: str) -> None:
        with as_actor(self.kernel, login) as ctx:
            self.kernel.notify.wishes.choose(ctx, kind.key, "mail", way)

    def set(self, **values: Any) -> None:
        from tenor.base.settings import BaseSettings

        with as_actor(self.kernel, self.administrator) as ctx:
            for name, value in values.items():
                self.kernel.plugin_settings.set(ctx, BaseSettings, name, value)

    # -- time -----------------------------------------------------------------------------------

    @property
    def _clock(self) -> StoppedClock:
        assert isinstance(self.kernel.clock, StoppedClock)
        return self.kernel.clock

    def at(self, local: str) -> None:
        """Set the clock to a local time, such as 2026-07-01 23:10."""
        self._clock.move(datetime.fromisoformat(local).replace(tzinfo=self._clock.zone))

    def later(self, **distance: int) -> None:
        self._clock.move(self._clock.instant + timedelta(**distance))

    def work(self) -> None:
        """The worker and the schedules, as both run all day."""
        self.kernel.jobs.schedules.tick()
        run_jobs(self.kernel)

    # -- mails ----------------------------------------------------------------------------------

    def use(self, sink: SmtpSink) -> None:
        self.kernel.settings = self.kernel.settings.but(smtp_host=sink.host, smtp_port=sink.port)

    def mails(self) -> list[Any]:
        with self.kernel.db.raw(write=False) as connection:
            return list(connection.execute(select(table_of(Mail)).order_by(table_of(Mail).c.id)))

    def states(self) -> list[str]:
        return [row.state for row in self.mails()]

    def sunk(self) -> Iterator[EmailMessage]:
        for path in sorted(Path(self.kernel.settings.mail_folder).glob("*.eml")):
            message = message_from_bytes(path.read_bytes(), policy=policy.default)
            assert isinstance(message, EmailMessage)
            yield message

    def parked(self) -> list[Any]:
        with self.kernel.db.raw(write=False) as connection:
            return list(connection.execute(select(job).where(job.c.state == "parked")))

    def bounced(self) -> dict[str, str]:
        with as_actor(self.kernel, self.administrator, write=False) as ctx:
            return dict(self.kernel.notify.bounces.listed(ctx))


@pytest.fixture
def house(institution: Kernel) -> House:
    return House(institution)
