"""What is erased of a record isn't told by notices, mails, events and jobs either."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert, select, update

from tenor.access.records import User
from tenor.events.records import OutboxEvent
from tenor.events.rows import stamps, table_of
from tenor.identity.records import Draft
from tenor.jobs.records import DONE, Job
from tenor.kernel import Kernel
from tenor.notify.records import Mail
from tenor.views.records import BulkChange, BulkRow
from tenor_sdk.i18n import _
from tenor_sdk.notify import notify
from tenor_sdk.testing import as_actor, run_jobs
from tenor_test_support.erasing import carried_out, decided_unseen, let_two_erase, places_of

pytestmark = pytest.mark.both_databases
LIN = "lin.xiaowen"
TOLD = "欧阳锦瑟 6222021234567890"


@pytest.fixture
def named(institution: Kernel, box: Any) -> int:
    """A box whose name tells of somebody."""
    let_two_erase(institution)
    made: int = box(name=TOLD)
    return made


def test_notices_and_the_mails_that_told_them_lose_it(institution: Kernel, named: int) -> None:
    from tenor_vault.records import Box

    with institution.db.raw() as connection:
        whose = update(table_of(User)).where(User.login == LIN)
        connection.execute(whose.values(email="lin@haiyue.example"))
    with as_actor(institution, LIN) as ctx:
        found = ctx.session.get_one(Box, named)
        notify(ctx, [ctx.actor.id], _("Look at it"), about=found)
        notify(ctx, [ctx.actor.id], _("Look at {name}", name=found.name))
    run_jobs(institution)
    decided_unseen(institution, "vault_box", named, "name")
    carried_out(institution)
    assert places_of(institution, TOLD) == set()
    with institution.db.raw(write=False) as connection:
        subjects = connection.scalars(select(table_of(Mail).c.subject)).all()
    assert any("…" in one for one in subjects)


def test_events_and_jobs_lose_it_and_keep_the_rest(institution: Kernel, named: int) -> None:
    said = {"name": f"of {TOLD}", "id": named}
    ctx: Any
    with as_actor(institution, LIN, write=False) as ctx:
        shared = {**stamps(ctx), "plugin": "vault", "request_id": "x"}
        due = {"queue": "default", "state": DONE, "due_at": ctx.now, "attempt": 1}
    event = {**shared, "name": "vault.named", "payload": said, "actor_id": 1}
    job = {
        **shared,
        **due,
        "name": "vault.told",
        "arguments": said,
        "result": [TOLD],
        "error": TOLD,
    }
    with institution.db.raw() as connection:
        connection.execute(insert(table_of(OutboxEvent)).values(event))
        connection.execute(insert(table_of(Job)).values(job))
    decided_unseen(institution, "vault_box", named, "name")
    carried_out(institution)
    assert places_of(institution, TOLD) == set()
    with institution.db.raw(write=False) as connection:
        left = connection.scalars(
            select(table_of(Job).c.arguments).where(Job.name == "vault.told")
        ).one()
    assert left == {"name": "of …", "id": named}


def test_what_was_typed_for_many_or_when_a_session_ended_loses_it(
    institution: Kernel, named: int
) -> None:
    given = {"record": "vault.box", "what": "set name", "given": {"name": TOLD}, "total": 1}
    ctx: Any
    with as_actor(institution, LIN, write=False) as ctx:
        shared = stamps(ctx)
    change = {
        **shared,
        **given,
        "state": "done",
        "reached": 1,
        "changed": 0,
        "problem": f"not of {TOLD}",
        "told": {"key": "frozen", "values": {"what": TOLD}},
    }
    row = {**shared, "place": 1, "record_id": 10**6, "name": TOLD, "why": f"{TOLD} is frozen"}
    with institution.db.raw() as connection:
        made = insert(table_of(BulkChange)).values(change).returning(BulkChange.id)
        number = connection.execute(made).scalar_one()
        connection.execute(insert(table_of(BulkRow)).values({**row, "change_id": number}))
    institution.identity.drafts.keep(1, "/vault/box/new", [("remark", f"as {TOLD} says")])
    decided_unseen(institution, "vault_box", named, "name")
    carried_out(institution)
    assert places_of(institution, TOLD) == set()
    with institution.db.raw(write=False) as connection:
        left = connection.scalars(select(table_of(Draft).c.fields)).one()
    assert left == [["remark", "as … says"]]


def test_a_row_of_the_record_itself_loses_a_text_however_short(
    institution: Kernel, box: Any
) -> None:
    let_two_erase(institution)
    named, other = box(name="欧"), box(name="欧")
    ctx: Any
    with as_actor(institution, LIN, write=False) as ctx:
        shared = stamps(ctx)
    change = {
        **shared, "record": "vault.box", "what": "archive", "given": {}, "total": 2, "state": "done",
        "reached": 2, "changed": 0, "problem": "",
    }  # fmt: skip
    frozen = {"key": "frozen", "module": "", "values": {"what": "欧"}, "errors": {}, "fields": {}}
    row = {**shared, "name": "欧", "why": "欧 is frozen", "told": frozen}
    with institution.db.raw() as connection:
        made = insert(table_of(BulkChange)).values(change).returning(BulkChange.id)
        number = connection.execute(made).scalar_one()
        for place, identity in enumerate((named, other), 1):
            told = {"change_id": number, "place": place, "record_id": identity}
            connection.execute(insert(table_of(BulkRow)).values({**row, **told}))
    decided_unseen(institution, "vault_box", named, "name")
    with institution.db.raw(write=False) as connection:
        said = select(BulkRow.name, BulkRow.why, BulkRow.told).order_by(BulkRow.place)
        left = [tuple(each) for each in connection.execute(said)]
    assert left == [("…", "… is frozen", None), ("欧", "欧 is frozen", frozen)]
