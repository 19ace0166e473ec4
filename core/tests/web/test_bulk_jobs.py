"""Thousands of rows changed by jobs: pinned as they were chosen, chunk by chunk, each once, whoever stops or dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError

from core.tests.web.test_bulk import LIN, LIST, archived, figures, go_on, post
from tenor.access.records import User
from tenor.audit.records import LedgerEntry
from tenor.events.rows import table_of
from tenor.jobs.leases import job, moment
from tenor.kernel import Kernel
from tenor.loader.stage import actor_of
from tenor.notify.records import Notice
from tenor.views.bulk import AT_ONCE, TRIED, Bulk, Change
from tenor.views.bulk_course import AT_A_STRETCH, CHUNK
from tenor.views.records import BulkChange, BulkRow
from tenor_sdk.errors import Conflict, Refused
from tenor_sdk.i18n import Text
from tenor_sdk.testing import as_actor, make_user, run_jobs

pytestmark = pytest.mark.both_databases

PATH = f"{LIST}/bulk/archive"
Boxes = Callable[..., list[int]]


@pytest.fixture
def lin(person: Any) -> Any:
    return person(LIN)


@pytest.fixture
def boxes(institution: Kernel) -> Boxes:
    """Many boxes of Lin's; their ids."""

    def make(count: int, name: str = "box") -> list[int]:
        from tenor_vault.records import Box

        with as_actor(institution, LIN) as ctx:
            whose = {"unit_id": ctx.actor.unit_id, "owner_id": ctx.actor.id}
            made = [Box(name=f"{name} {number}", **whose) for number in range(count)]
            ctx.session.add_all(made)
            ctx.session.flush()
            return [each.id for each in made]

    return make


def begun(institution: Kernel, ids: list[int], change: Change | None = None) -> int:
    """A change of these boxes that Lin began; its number."""
    from tenor_vault.records import Box

    with institution.context(actor_of(institution, LIN), write=True) as ctx:
        chosen = dict.fromkeys(ids)
        return institution.views.bulk_course.begin(ctx, Box, change or Change("archive"), chosen)


def entry(institution: Kernel, number: int) -> Any:
    """A change as it stands."""
    with institution.db.raw(write=False) as connection:
        of_it = select(table_of(BulkChange)).where(BulkChange.id == number)
        return connection.execute(of_it).one()


def refusals(institution: Kernel, number: int) -> dict[int, str]:
    """The records that were refused, with why."""
    with institution.db.raw(write=False) as connection:
        told = select(BulkRow.record_id, BulkRow.why).where(BulkRow.change_id == number)
        return {row.record_id: row.why for row in connection.execute(told.where(BulkRow.why != ""))}


def acts(institution: Kernel, request_id: str) -> Counter[str]:
    """What the ledger has under a request, by its kinds."""
    with institution.db.raw(write=False) as connection:
        counted = select(LedgerEntry.kind, func.count().label("number")).where(
            LedgerEntry.request_id == request_id
        )
        rows = connection.execute(counted.group_by(LedgerEntry.kind)).all()
        return Counter({row.kind: row.number for row in rows})


def test_all_of_a_filter_go_by_jobs_that_take_turns_and_tell_their_end(
    lin: Any, boxes: Boxes, institution: Kernel
) -> None:
    ids = boxes(TRIED + 2)
    boxes(1, "other")
    assert f"筛选出的全部 {TRIED + 3} 条" in lin.get(LIST)
    preview = post(lin, PATH, _all="1", _query="filter=name+~+box")
    assert figures(preview)["将更改"] == str(TRIED)
    assert f"已试行前 {TRIED} 条" in preview
    assert "其余 2 条" in preview
    assert archived(institution) == []
    result = go_on(lin, preview, PATH)
    number = int(result.rpartition("/")[2])
    assert f'hx-get="{result}/progress"' in lin.get(result)
    run_jobs(institution)
    assert archived(institution) == ids
    answer = lin.client.get(f"{result}/progress")
    assert answer.headers["HX-Refresh"] == "true"
    assert acts(institution, f"bulk-{number}") == {"update": len(ids), "bulk-done": 1}
    with institution.db.raw(write=False) as connection:
        notices = connection.execute(select(Notice.id, Notice.kind)).all()
    assert [each.kind for each in notices] == ["base.bulk-done"]
    opened = lin.client.get(f"/inbox/{notices[0].id}").headers["Location"]
    assert lin.client.get(opened).headers["Location"] == result
    told = lin.get("/inbox")
    assert f"归档：{len(ids)} 条中已更改 {len(ids)} 条" in told
    assert f"Boxes：归档（{len(ids)}）<" in told


def test_others_have_their_turn_between_two_stretches(institution: Kernel, boxes: Boxes) -> None:
    number = begun(institution, boxes(AT_A_STRETCH * CHUNK + 1))
    assert institution.jobs.run_due(limit=1) == 1
    assert entry(institution, number).reached == AT_A_STRETCH * CHUNK
    run_jobs(institution)
    assert entry(institution, number).state == "done"


def test_a_chunk_takes_as_many_statements_of_many_rows_as_of_few(
    institution: Kernel, boxes: Boxes, statements: list[str]
) -> None:
    actor, taken = actor_of(institution, LIN), []
    for count in (4 * CHUNK, 8 * CHUNK, 16 * CHUNK):
        number = begun(institution, boxes(count))
        for _warm in range(2):
            institution.views.bulk_course._one_chunk(actor, number)
        statements.clear()
        institution.views.bulk_course._one_chunk(actor, number)
        taken.append(len(statements))
    assert taken[1] == taken[2] == taken[0]


def test_a_record_that_was_changed_since_it_was_chosen_is_refused(
    lin: Any, boxes: Boxes, institution: Kernel
) -> None:
    from tenor_vault.records import Box

    ids = boxes(AT_ONCE + 1)
    preview = post(lin, PATH, _all="1")
    with as_actor(institution, LIN) as ctx:
        ctx.session.get_one(Box, ids[0]).name = "changed between preview and press"
    number = int(go_on(lin, preview, PATH).rpartition("/")[2])
    with as_actor(institution, LIN) as ctx:
        ctx.session.get_one(Box, ids[1]).name = "changed between press and job"
    run_jobs(institution)
    assert refusals(institution, number) == dict.fromkeys(ids[:2], "选定之后，这条记录已被改动。")
    assert archived(institution) == ids[2:]


def test_few_rows_are_held_to_what_the_preview_saw_too(
    lin: Any, boxes: Boxes, institution: Kernel
) -> None:
    from tenor_vault.records import Box

    ids = boxes(2)
    preview = post(lin, PATH, ids=ids)
    with as_actor(institution, LIN) as ctx:
        ctx.session.get_one(Box, ids[0]).name = "changed since"
    go_on(lin, preview, PATH)
    assert archived(institution) == ids[1:]


def test_what_a_person_no_longer_sees_is_refused_row_by_row(
    institution: Kernel, boxes: Boxes
) -> None:
    ids = boxes(AT_ONCE + CHUNK)
    number = begun(institution, ids)
    assert institution.views.bulk_course._one_chunk(actor_of(institution, LIN), number)
    gone = ids[CHUNK : CHUNK + 10]
    with institution.db.raw() as connection:
        from tenor_vault.records import Box

        elsewhere = update(table_of(Box)).where(Box.id.in_(gone))
        connection.execute(elsewhere.values(unit_id=actor_of(institution, "shen.bai").unit_id))
    run_jobs(institution)
    assert sorted(refusals(institution, number)) == gone
    assert archived(institution) == [each for each in ids if each not in gone]


def test_what_a_person_did_not_see_when_they_chose_it_is_refused_though_they_see_it_by_then(
    institution: Kernel, boxes: Boxes, box: Any
) -> None:
    from tenor_vault.records import Box

    ids, unseen = boxes(AT_ONCE + 1), box("shen.bai", name="unseen")
    number = begun(institution, [*ids, unseen])
    with institution.db.raw() as connection:
        mine = select(table_of(Box).c.unit_id).where(table_of(Box).c.id == ids[0])
        moved = update(table_of(Box)).where(table_of(Box).c.id == unseen)
        connection.execute(moved.values(unit_id=mine.scalar_subquery()))
    run_jobs(institution)
    assert archived(institution) == ids
    assert refusals(institution, number) == {unseen: "在您可见的范围内没有这一项。"}


def test_one_whose_person_has_left_stops_and_says_so(institution: Kernel, boxes: Boxes) -> None:
    number = begun(institution, boxes(AT_ONCE + CHUNK))
    actor, course = actor_of(institution, LIN), institution.views.bulk_course
    assert course._one_chunk(actor, number)
    with institution.db.raw() as connection:
        connection.execute(update(table_of(User)).where(User.login == LIN).values(active=False))
    assert course.go(actor, number, lambda _entry: None) is False
    left = entry(institution, number)
    assert (left.state, left.reached, left.changed) == ("stopped", CHUNK, CHUNK)
    assert left.problem == "提交该作业的人员已离职。"


def test_one_that_was_stopped_goes_on_where_it_stopped(
    lin: Any, boxes: Boxes, institution: Kernel
) -> None:
    ids = boxes(AT_ONCE + CHUNK)
    number = begun(institution, ids)
    result, course = f"{LIST}/bulk/{number}", institution.views.bulk_course
    course._one_chunk(actor_of(institution, LIN), number)
    page = lin.get(result)
    lin.send(f"{result}/stop", lin.read(page, f"{result}/stop"))
    run_jobs(institution)
    assert archived(institution) == ids[:CHUNK]
    page = lin.get(result)
    assert "已停止" in page
    assert "http-equiv" not in page
    again = lin.read(page, f"{result}/resume")
    lin.send(f"{result}/resume", again)
    assert post(lin, f"{result}/resume", 409)
    run_jobs(institution)
    assert archived(institution) == ids
    assert post(lin, f"{result}/stop", 409)


class Broken(OperationalError):
    """A fault of the database, which is no row's own."""

    def __init__(self) -> None:
        super().__init__("the disk is full", None, OSError())


def test_a_chunk_that_fails_is_undone_and_taken_again_once_its_person_says_so(
    lin: Any, boxes: Boxes, institution: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = boxes(AT_ONCE + CHUNK)
    number = begun(institution, ids)
    result, one = f"{LIST}/bulk/{number}", Bulk._one

    def fail(room: Bulk, ctx: Any, record: Any, change: Change) -> None:
        if record.id == ids[CHUNK + 3]:
            raise Broken
        one(room, ctx, record, change)

    monkeypatch.setattr(Bulk, "_one", fail)
    with institution.db.raw() as connection:
        connection.execute(update(job).where(job.c.name == "base.change_many").values(failures=4))
    run_jobs(institution)
    assert archived(institution) == ids[:CHUNK]
    page = lin.get(result)
    assert "处理时出错" in page
    assert Broken.__name__ not in page
    monkeypatch.undo()
    lin.send(f"{result}/resume", lin.read(page, f"{result}/resume"))
    run_jobs(institution)
    assert archived(institution) == ids
    assert acts(institution, f"bulk-{number}") == {"update": len(ids), "bulk-done": 1}


def test_a_worker_that_is_killed_leaves_each_row_changed_once(
    institution: Kernel, boxes: Boxes, database: str, tmp_path: Path
) -> None:
    ids = boxes(AT_ONCE + CHUNK)
    number = begun(institution, ids)
    script = str(Path(__file__).with_name("dying_bulk.py"))
    path = os.pathsep.join(sys.path)
    env = {**os.environ, "PYTHONPATH": path, "TENOR_TEST_DATABASE": database}
    died = subprocess.run(
        [sys.executable, script, str(tmp_path), "400"],
        env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert died.returncode == -signal.SIGKILL, died.stderr[-3000:]
    done = entry(institution, number).reached
    assert 0 < done < len(ids)
    assert archived(institution) == ids[:done]
    with institution.db.raw() as connection:
        over = moment(institution.db.dialect, -60)
        connection.execute(update(job).where(job.c.state == "leased").values(until=over))
    run_jobs(institution)
    assert archived(institution) == ids
    assert acts(institution, f"bulk-{number}") == {"update": len(ids), "bulk-done": 1}


def test_a_row_whose_name_fails_costs_itself_alone(
    lin: Any, boxes: Boxes, institution: Kernel, monkeypatch: pytest.MonkeyPatch, faults: list[Any]
) -> None:
    from tenor_vault.records import Box

    ids = boxes(AT_ONCE + 1)

    def display(self: Any) -> str:
        return f"{self.name} {1 // (self.id - ids[1])}"

    monkeypatch.setattr(Box, "display", display)
    preview = post(lin, PATH, ids=ids)
    assert figures(preview) == {"将更改": str(AT_ONCE), "无须更改": "0", "被拒绝": "1"}
    number = begun(institution, ids)
    run_jobs(institution)
    assert archived(institution) == [ids[0], *ids[2:]]
    assert list(refusals(institution, number)) == [ids[1]]
    assert {type(each) for each in faults} == {ZeroDivisionError}
    faults.clear()


def test_a_refusal_that_cant_be_said_costs_its_row_alone(
    boxes: Boxes, institution: Kernel, monkeypatch: pytest.MonkeyPatch, faults: list[Any]
) -> None:
    ids = boxes(AT_ONCE + 1)

    def one(self: Any, ctx: Any, record: Any, change: Change) -> None:
        if record.id == ids[1]:
            raise Refused("in-no-catalogue", what=Text("{missing}", {"n": 1}))
        as_always(self, ctx, record, change)

    as_always = Bulk._one
    monkeypatch.setattr(Bulk, "_one", one)
    number = begun(institution, ids)
    run_jobs(institution)
    assert archived(institution) == [ids[0], *ids[2:]]
    assert "系统内部出错" in refusals(institution, number)[ids[1]]
    assert [type(each) for each in faults] == [KeyError]
    faults.clear()


def test_two_who_go_on_with_one_at_once_take_each_row_once(
    institution: Kernel, boxes: Boxes
) -> None:
    ids = boxes(3 * AT_ONCE)
    number = begun(institution, ids)
    actor, course = actor_of(institution, LIN), institution.views.bulk_course
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(course.go, actor, number, lambda _entry: None) for _one in range(2)]
    assert [each.result() for each in both] == [False, False]
    assert archived(institution) == ids
    assert acts(institution, f"bulk-{number}") == {"update": len(ids), "bulk-done": 1}


def test_one_whose_job_an_administrator_cancelled_waits_for_its_person(
    lin: Any, boxes: Boxes, institution: Kernel
) -> None:
    ids = boxes(AT_ONCE + 1)
    number = begun(institution, ids)
    ctx: Any
    with as_actor(institution, "ding.ning") as ctx:
        institution.jobs.cancel(ctx, entry(institution, number).job_id)
    result = f"{LIST}/bulk/{number}"
    page = lin.get(result)
    assert "已停止" in page
    lin.send(f"{result}/resume", lin.read(page, f"{result}/resume"))
    run_jobs(institution)
    assert archived(institution) == ids


def test_what_was_refused_is_taken_out_as_a_file_and_that_is_on_record(
    lin: Any, boxes: Boxes, box: Any, institution: Kernel
) -> None:
    formula, other = *boxes(1), box("shen.bai", name="hidden")
    begun(institution, [formula])
    number = begun(institution, [formula, other])
    with institution.db.raw() as connection:
        connection.execute(update(table_of(BulkRow)).values(name="=1+1").where(BulkRow.name != ""))
    text = lin.get(f"{LIST}/bulk/{number}/refused")
    assert text.removeprefix("\ufeff").splitlines()[1:] == [
        f"{formula},'=1+1,本来就是如此，无须更改。",
        f"{other},,在您可见的范围内没有这一项。",
    ]
    with institution.db.raw(write=False) as connection:
        exported = select(LedgerEntry.changes).where(LedgerEntry.kind == "export")
        noted = connection.scalars(exported).one()
    assert (noted["rows"], noted["bulk"]) == ([None, 2], [None, number])


def test_the_file_of_what_was_refused_holds_only_what_may_be_taken_out(
    person: Any, box: Any, institution: Kernel
) -> None:
    position = ("relationship-manager", "HQ")
    make_user(institution, "both", positions=[position], roles=["vault.appraiser"])
    mine, seen = box("both", name="mine", archived=True), box("shen.bai", name="seen")
    both, open_ = person("both"), box("both", name="open")
    result = go_on(both, post(both, PATH, ids=[mine, seen, 999, open_]), PATH)
    assert "BOX-002" in both.get(result)
    lines = both.get(f"{result}/refused").splitlines()[1:]
    assert [line.partition(",")[0] for line in lines] == [str(mine), "999"]
    with institution.db.raw(write=False) as connection:
        exported = select(LedgerEntry.changes).where(LedgerEntry.kind == "export")
        assert connection.scalars(exported).one()["rows"] == [None, 2]


def test_whoever_may_take_nothing_out_gets_no_file_of_what_was_refused(
    person: Any, box: Any, institution: Kernel
) -> None:
    box(name="a")
    make_user(institution, "appraiser", roles=["vault.appraiser"])
    appraiser = person("appraiser")
    assert figures(post(appraiser, PATH, ids=[1]))["被拒绝"] == "1"
    post(appraiser, PATH, 303, _rows="1", _step="do")
    result = f"{LIST}/bulk/1"
    assert f"{result}/refused" not in appraiser.get(result)
    appraiser.get(f"{result}/refused", 403)


def test_what_isnt_ones_own_is_not_there(person: Any, boxes: Boxes, institution: Kernel) -> None:
    make_user(institution, "keeper", roles=["vault.keeper"])
    number = begun(institution, boxes(AT_ONCE + 1))
    other, lin = person("keeper"), person(LIN)
    for below in ("", "/progress", "/refused"):
        other.get(f"{LIST}/bulk/{number}{below}", 404)
    for deed in ("stop", "resume"):
        post(other, f"{LIST}/bulk/{number}/{deed}", 404)
        post(lin, f"/vault/guest/bulk/{number}/{deed}", 404)
    other.get(f"/base/bulk-change/{number}", 404)
    lin.get(f"/vault/guest/bulk/{number}", 404)
    assert entry(institution, number).state == "waiting"


def test_a_change_of_records_that_are_no_more_has_a_page_of_its_own(
    lin: Any, boxes: Boxes, institution: Kernel
) -> None:
    number = begun(institution, boxes(1))
    with institution.db.raw() as connection:
        connection.execute(update(table_of(BulkChange)).values(record="gone.thing"))
    assert "批量更改" in lin.get(f"/base/bulk-change/{number}")
    lin.get(f"{LIST}/bulk/{number}", 404)


@pytest.mark.parametrize("rows", ["", "x", "1:2:3", "-1", str(2**70), "1.5", "ids"])
def test_rows_that_are_none_are_nothing_chosen(lin: Any, box: Any, rows: str) -> None:
    box(name="a")
    assert "请先选择" in post(lin, PATH, 422, _rows=rows, _step="do")


def test_forged_rows_and_versions_are_refused_one_by_one(
    lin: Any, box: Any, institution: Kernel
) -> None:
    mine, other, another = box(name="a"), box(name="b"), box("shen.bai", name="secret")
    forged = f"{mine} {other}:99 {another}:1 {2**62} {another + 1}:1 x:1 {mine}:y"
    post(lin, PATH, 303, _rows=forged, _step="do")
    assert archived(institution) == [mine]
    left = entry(institution, 1)
    assert (left.total, left.changed, left.reached) == (5, 1, 5)
    assert sorted(refusals(institution, 1)) == [other, another, another + 1, 2**62]


@pytest.mark.parametrize(
    "query", ["filter=pin+%3D+1", "filter=nowhere+%3D+1", "pin=1", "filter=%28"]
)
def test_a_forged_filter_chooses_nothing(
    lin: Any, box: Any, institution: Kernel, query: str
) -> None:
    box(name="a")
    post(lin, PATH, 422, _all="1", _query=query)
    assert archived(institution) == []


def test_no_more_than_a_bound_are_taken_whatever_the_page_carries(
    lin: Any, institution: Kernel
) -> None:
    rows = " ".join(map(str, range(1, institution.views.bulk.most + 2)))
    assert "最多更改 20,000 条" in post(lin, PATH, 409, _rows=rows, _step="do")
    with pytest.raises(Conflict, match="too-many-at-once"):
        begun(institution, list(range(1, institution.views.bulk.most + 2)))


def test_a_filter_that_leaves_nothing_chooses_nothing(lin: Any, box: Any) -> None:
    box(name="a")
    assert "请先选择" in post(lin, PATH, 422, _all="1", _query="filter=name+%3D+nobody")
