"""Who wants what by which channel: each person chooses, over the institution's defaults, but for what nobody may."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tenor.jobs.notices import JOB_PARKED
from tenor.notify.notices import BOUNCE, OTHER
from tenor.notify.records import NoticeDefault
from tenor.testing import as_actor, run_jobs
from tenor.workflow.notices import TASK
from tenor_sdk.declare import Origin
from tenor_sdk.errors import Conflict, Invalid, NotFound
from tenor_sdk.notify import NoticeKind

if TYPE_CHECKING:
    from core.tests.notify.conftest import House

pytestmark = pytest.mark.both_databases


def _default(house: House, kind: NoticeKind, way: str, *, fixed: bool = False) -> None:
    with as_actor(house.kernel, house.administrator) as ctx:
        ctx.session.add(NoticeDefault(kind=kind.key, channel="mail", way=way, fixed=fixed))


def test_who_wants_no_mails_of_a_kind_finds_it_in_the_inbox_alone(house: House) -> None:
    house.choose(house.officer, TASK, "none")
    house.tell(house.officer, house.administrator, kind=TASK)
    assert [row.user_id for row in house.mails()] == [house.id(house.administrator)]
    assert house.inbox(house.officer) == ["told"]
    house.tell(kind=OTHER)
    assert len(house.mails()) == 2


def test_a_choice_is_changed_and_on_record(house: House) -> None:
    for way in ("none", "digest", "at-once"):
        house.choose(house.officer, TASK, way)
    house.tell(kind=TASK)
    assert house.states() == ["waiting"]
    with as_actor(house.kernel, house.officer, write=False) as ctx:
        assert (
            house.kernel.notify.wishes.all_of(ctx, ctx.actor.id)[TASK.key, "mail"].way == "at-once"
        )


def test_who_didnt_choose_is_told_as_the_institution_says(house: House) -> None:
    _default(house, TASK, "none")
    house.choose(house.administrator, TASK, "at-once")
    house.tell(house.officer, house.administrator, kind=TASK)
    assert [row.user_id for row in house.mails()] == [house.id(house.administrator)]


def test_what_the_institution_fixed_nobody_chooses(house: House) -> None:
    house.choose(house.officer, TASK, "none")
    _default(house, TASK, "at-once", fixed=True)
    house.tell(kind=TASK)
    assert house.states() == ["waiting"]
    with pytest.raises(Conflict):
        house.choose(house.officer, TASK, "digest")


def test_what_is_required_goes_by_mail_whatever_was_chosen_or_set(house: House) -> None:
    _default(house, JOB_PARKED, "none", fixed=True)
    with pytest.raises(Conflict):
        house.choose(house.officer, JOB_PARKED, "none")
    house.tell(kind=JOB_PARKED)
    assert house.states() == ["waiting"]


def test_a_kind_that_is_meant_for_the_inbox_makes_no_mail_until_somebody_wants_it(
    house: House,
) -> None:
    house.tell(kind=BOUNCE)
    assert house.mails() == []
    house.choose(house.officer, BOUNCE, "at-once")
    house.tell(kind=BOUNCE)
    run_jobs(house.kernel)
    assert house.states() == ["sent"]


def test_what_isnt_there_cant_be_chosen(house: House) -> None:
    with as_actor(house.kernel, house.officer) as ctx:
        wishes = house.kernel.notify.wishes
        with pytest.raises(NotFound):
            wishes.choose(ctx, "chores.none-such", "mail", "none")
        with pytest.raises(NotFound):
            wishes.choose(ctx, TASK.key, "pigeon", "none")
        with pytest.raises(Invalid):
            wishes.choose(ctx, TASK.key, "mail", "sometimes")


def test_a_kind_of_no_enabled_plugin_isnt_told(house: House) -> None:
    absent = Origin("tenor_absent.notices", "notices.py", 1)
    with pytest.raises(TypeError, match=r"notices.py:1: absent.stray is no kind of notice"):
        house.tell(kind=NoticeKind(name="stray", title="Stray", origin=absent))


def test_each_reads_only_their_own_choices(house: House) -> None:
    from sqlalchemy import select

    from tenor.notify.records import NoticeChoice

    house.choose(house.officer, TASK, "none")
    for login, seen in ((house.officer, 1), (house.administrator, 0)):
        with as_actor(house.kernel, login, write=False) as ctx:
            assert len(ctx.session.scalars(select(NoticeChoice)).all()) == seen
