"""Rows of a change of many that are so already, and why others are refused, in the language of each who reads it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, update

from core.tests.web.test_bulk import LIN, LIST, archived, figures, go_on, post
from core.tests.web.test_bulk_jobs import Boxes, begun, boxes, entry
from tenor.access.records import User
from tenor.events.rows import table_of
from tenor.kernel import Kernel
from tenor.loader.stage import actor_of
from tenor.notify.records import Notice
from tenor.views.bulk import AT_ONCE, TRIED
from tenor.views.records import BulkChange, BulkRow
from tenor.views.refusals import error_of, told
from tenor_sdk.errors import Invalid, Refused
from tenor_sdk.i18n import Text
from tenor_sdk.testing import run_jobs
from tenor_sdk.values import Amount

__all__ = ["boxes"]
pytestmark = pytest.mark.both_databases

PATH = f"{LIST}/bulk/archive"
OFFERED = f'action="{PATH}"'
ALREADY, REFUSED = "无须更改", "被拒绝"


@pytest.fixture
def lin(person: Any) -> Any:
    return person(LIN)


def test_rows_that_are_so_already_are_counted_by_themselves(
    lin: Any, box: Any, boxes: Boxes, institution: Kernel
) -> None:
    first, second = boxes(2)
    begun(institution, [first])
    other = box("shen.bai", name="hidden")
    preview = post(lin, PATH, ids=[first, second, other])
    assert figures(preview) == {"将更改": "1", ALREADY: "1", REFUSED: "1"}
    assert "本来就是如此" not in preview
    result = go_on(lin, preview, PATH)
    page = lin.get(result)
    assert figures(page) == {"已更改": "1", ALREADY: "1", REFUSED: "1"}
    assert "本来就是如此" not in page
    assert f"#{other}" in page
    made = entry(institution, 2)
    assert (made.reached, made.changed, made.already) == (3, 1, 1)
    file = lin.get(f"{result}/refused").splitlines()[1:]
    assert [line.partition(",")[0] for line in file] == [str(first), str(other)]
    assert "本来就是如此" in file[0]


def test_a_value_that_a_field_has_already_is_no_change(lin: Any, box: Any) -> None:
    from tenor_vault.records import Kind

    ids = [box(name="a"), box(name="b", kind=Kind.GOLD)]
    preview = post(lin, f"{LIST}/bulk/field", ids=ids, _field="kind", kind=Kind.GOLD.value)
    assert figures(preview) == {"将更改": "1", ALREADY: "1", REFUSED: "0"}


def test_what_would_change_nothing_is_not_offered(
    lin: Any, boxes: Boxes, institution: Kernel
) -> None:
    ids = boxes(2)
    assert OFFERED in post(lin, PATH, ids=ids)
    begun(institution, ids)
    preview = post(lin, PATH, ids=ids)
    assert OFFERED not in preview
    assert "不会有任何更改" in preview
    assert "返回" in preview


def test_but_where_there_are_rows_that_were_not_tried(
    lin: Any, boxes: Boxes, institution: Kernel
) -> None:
    ids = boxes(TRIED + 1)
    begun(institution, ids[:TRIED])
    run_jobs(institution)
    preview = post(lin, PATH, ids=ids)
    assert figures(preview)["将更改"] == "0"
    go_on(lin, preview, PATH)
    run_jobs(institution)
    assert archived(institution) == ids
    with institution.db.raw(write=False) as connection:
        bodies = connection.scalars(select(table_of(Notice).c.body)).all()
    assert [each["$text"][0] for each in bodies if each] == ["{n} were so already."]


def test_a_reason_is_told_in_the_language_of_whoever_reads_it(
    lin: Any, boxes: Boxes, institution: Kernel
) -> None:
    from tenor_vault.records import Box

    ids = boxes(AT_ONCE + 1)
    number = begun(institution, ids)
    with institution.db.raw() as connection:
        moved = update(table_of(Box)).where(Box.id == ids[0])
        connection.execute(moved.values(version=Box.version + 1))
    run_jobs(institution)
    result = f"{LIST}/bulk/{number}"
    assert "这条记录已被改动" in lin.get(result)
    with institution.db.raw() as connection:
        mine = update(table_of(User)).where(User.login == LIN)
        connection.execute(mine.values(language="en"))
    page = lin.get(result)
    assert "It was changed after it was chosen" in page
    assert "这条记录已被改动" not in page
    assert "It was changed after it was chosen" in lin.get(f"{result}/refused")
    with institution.db.raw() as connection:  # as rows have it that were refused before
        connection.execute(update(table_of(BulkRow)).values(told=None))
    assert "这条记录已被改动" in lin.get(result)


def test_why_a_change_stopped_is_told_in_the_language_of_whoever_reads_it(
    lin: Any, boxes: Boxes, institution: Kernel
) -> None:
    number = begun(institution, boxes(AT_ONCE + 1))
    actor, course = actor_of(institution, LIN), institution.views.bulk_course
    mine, changes = update(table_of(User)).where(User.login == LIN), table_of(BulkChange)
    with institution.db.raw() as connection:
        connection.execute(mine.values(active=False))
    assert course.go(actor, number, lambda _entry: None) is False
    with institution.db.raw() as connection:
        connection.execute(mine.values(active=True, language="en"))
    result = f"{LIST}/bulk/{number}"
    page = lin.get(result)
    assert "Whoever asked for this job has left" in page
    assert "提交该作业的人员已离职" not in page
    with institution.db.raw() as connection:  # as those have it that stopped before
        connection.execute(update(changes).values(told=None))
    assert "提交该作业的人员已离职" in lin.get(result)
    with institution.context(actor_of(institution, LIN), write=True) as ctx:
        course.resume(ctx, number)
    gone = entry(institution, number)
    assert (gone.problem, gone.told) == ("", None)


@pytest.mark.parametrize(
    "kept",
    [
        {"values": {"when": {"$of-another-version": 1}}},
        {"key": "in-no-catalogue", "values": {"what": {"$text": ["{gone}", {"n": 1}, None, "x"]}}},
        {"values": None},
    ],
)
def test_a_reason_that_cant_be_read_any_more_is_told_as_it_was_at_first(
    lin: Any, boxes: Boxes, institution: Kernel, kept: dict[str, Any]
) -> None:
    (one,) = boxes(1)
    number = begun(institution, [one, one + 1])
    whole = {**(told(Refused("too-many-at-once")) or {}), **kept}
    with institution.db.raw() as connection:
        connection.execute(update(table_of(BulkRow)).values(told=whole))
    for below in ("", "/refused"):
        assert "在您可见的范围内没有这一项" in lin.get(f"{LIST}/bulk/{number}{below}")


def test_a_refusal_is_kept_with_all_that_it_says(institution: Kernel) -> None:
    inner = Refused("too-many-at-once", most=Amount(100))
    error = Invalid(
        "invalid", fields={"name": inner}, what=Text("Box"), on=date(2026, 6, 30), by=inner
    )
    read = error_of(told(error) or {})
    for language in ("en", "zh-CN"):
        said = institution.translator.error(error, language)
        assert institution.translator.error(read, language) == said
    assert read.plugin == error.plugin
    assert told(Refused("too-many-at-once", most=object())) is None
