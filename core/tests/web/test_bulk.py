"""Many rows changed at once: tried first, then done once, each under the person's own rights, with what was refused."""

from __future__ import annotations

import re
from typing import Any, Literal

import pytest
from sqlalchemy import func, select

from tenor.access.records import UserPosition
from tenor.audit.records import LedgerEntry
from tenor.events.rows import table_of
from tenor.kernel import Kernel
from tenor.loader.stage import actor_of
from tenor.testing.browsing import Forms
from tenor.views.bulk import AT_ONCE
from tenor.views.bulk_course import CHUNK
from tenor.views.records import BulkRow
from tenor.workflow.moving import Moving
from tenor_sdk.access import FieldRule
from tenor_sdk.errors import Forbidden
from tenor_sdk.testing import as_actor, run_jobs

pytestmark = pytest.mark.both_databases

LIN = "lin.xiaowen"
LIST = "/vault/box"


@pytest.fixture
def lin(person: Any) -> Any:
    return person(LIN)


def post(person: Any, path: str, status: int = 200, **fields: Any) -> str:
    """What a page answers to chosen rows."""
    token = person.form("/me/notices")["csrf_token"]
    answer = person.client.post(path, data={"csrf_token": token, **fields})
    assert answer.status_code == status, f"{answer.status_code}\n{answer.text[:3000]}"
    return str(answer.text)


def figures(html: str) -> dict[str, str]:
    """The figures of a page by their labels."""
    text = re.sub(r"<[^>]+>", " ", html.partition('id="t-main"')[2])
    found = re.findall(r"(将更改|无须更改|已修改|已更改|未导入|被拒绝|拒绝)\s+(\d+)", text)
    return dict(found)


def go_on(person: Any, preview: str, path: str) -> str:
    """Press the button of a preview; the page to which it leads."""
    fields = Forms(preview).to(path)
    first = person.send(path, fields)
    second = person.send(path, fields)
    assert first.headers["Location"] == second.headers["Location"]
    return str(first.headers["Location"])


def _button(html: str) -> str:
    """The words of a form's button."""
    foot = html.partition('class="t-form-foot"')[2]
    return foot.partition('is-primary">')[2].partition("<")[0]


def archived(institution: Kernel) -> list[int]:
    from sqlalchemy import text

    with institution.db.raw() as connection:
        return list(connection.scalars(text("SELECT id FROM vault_box WHERE archived ORDER BY id")))


def test_a_preview_tells_what_would_change_and_leaves_nothing_then_it_is_done_once(
    lin: Any, box: Any, institution: Kernel
) -> None:
    mine = [box(name=f"box {number}") for number in range(2)]
    another = box("shen.bai", name="secret")
    path = f"{LIST}/bulk/archive"
    preview = post(lin, path, ids=[*mine, another])
    assert archived(institution) == []
    assert "BOX-003" not in preview.partition('id="t-main"')[2]
    assert "未作任何更改" in preview or "尚未" in preview or "还没有" in preview
    result = go_on(lin, preview, path)
    assert archived(institution) == mine
    page = lin.get(result)
    assert f"#{another}" in page
    with as_actor(institution, LIN) as ctx:
        from tenor.views.records import BulkChange

        assert [each.changed for each in ctx.session.query(BulkChange)] == [2]
    with institution.db.raw(write=False) as connection:
        assert connection.scalars(select(table_of(BulkRow).c.record_id)).all() == [another]


def test_a_step_is_taken_with_those_that_stand_where_it_begins(
    lin: Any, institution: Kernel
) -> None:
    from tenor_errands.public import add_errand

    with as_actor(institution, LIN) as ctx:
        ids = [add_errand(ctx, f"errand {number}").id for number in range(2)]
    path = "/errands/errand/bulk/transition/start"
    go_on(lin, post(lin, f"{path}?step=ask", ids=ids[:1]), path)
    preview = post(lin, f"{path}?step=ask", ids=ids)
    result = lin.get(go_on(lin, preview, path))
    assert "errand 0" in result or f"#{ids[0]}" in result or "ERR-" in result
    assert "进行中" in lin.get(f"/errands/errand/{ids[1]}")


def test_a_field_is_chosen_then_its_value_then_it_is_set(
    lin: Any, box: Any, institution: Kernel
) -> None:
    from tenor_vault.records import Kind

    ids = [box(name="a"), box(name="b", kind=Kind.GOLD)]
    path = f"{LIST}/bulk/field"
    asked = post(lin, f"{path}?step=ask", ids=ids)
    assert 'name="_field"' in asked
    assert _button(asked) == "填写新值"  # nothing is previewed before there is one
    assert "holder_identity" not in asked
    valued = post(lin, path, ids=ids, _field="kind")
    assert 'name="kind"' in valued
    assert _button(valued) == "预览"
    assert re.search(r'<option value="kind"[^>]* selected', valued)
    preview = post(lin, path, ids=ids, _field="kind", kind="gold-bars")
    go_on(lin, preview, path)
    with as_actor(institution, LIN) as ctx:
        from tenor_vault.records import Box

        assert {each.kind for each in ctx.session.query(Box)} == {Kind.GOLD}
    assert post(lin, f"{path}?step=ask", ids=ids, _field="pin", status=404)


def test_many_are_changed_by_a_job_that_says_how_far_it_is(
    lin: Any, box: Any, institution: Kernel
) -> None:
    for number in range(AT_ONCE + 1):
        box(name=f"box {number}")
    path = f"{LIST}/bulk/archive"
    preview = post(lin, path, _all="1", _query="q=box")
    result = go_on(lin, preview, path)
    again = '<noscript><meta http-equiv="refresh" content="2"></noscript>'
    assert again in lin.get(result)
    assert archived(institution) == []
    run_jobs(institution)
    assert len(archived(institution)) == AT_ONCE + 1
    assert again not in lin.get(result)


def test_a_job_that_is_run_again_takes_no_row_twice_and_goes_by_the_rights_of_then(
    lin: Any, box: Any, institution: Kernel
) -> None:
    from tenor.views.records import BulkChange

    ids = [box(name=f"box {number}") for number in range(AT_ONCE + 1)]
    path = f"{LIST}/bulk/archive"
    number = int(go_on(lin, post(lin, path, ids=ids), path).rpartition("/")[2])
    actor, room = actor_of(institution, LIN), institution.views.bulk_course
    assert room._one_chunk(actor, number)
    assert archived(institution) == ids[:CHUNK]
    with as_actor(institution, "system") as ctx:
        positions = ctx.session.query(UserPosition).where(UserPosition.user_id == actor.id)
        for each in positions:
            ctx.session.delete(each)
    for _again in range(2):
        room.go(actor, number, lambda _entry: None)
    assert archived(institution) == ids[:CHUNK]
    with institution.context(actor, write=False) as ctx:
        entry: Any = ctx.session.get(BulkChange, number)
        assert (entry.changed, entry.reached, entry.state) == (CHUNK, len(ids), "done")


def test_all_that_the_filter_shows_is_chosen_up_to_a_bound(
    lin: Any, box: Any, institution: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tenor_vault.records import Box, Kind

    box(name="papers")
    box(name="gold", kind=Kind.GOLD)
    path = f"{LIST}/bulk/archive"
    go_on(lin, post(lin, path, _all="1", _query="kind=gold-bars"), path)
    assert archived(institution) == [2]
    monkeypatch.setattr(institution.views.bulk, "most", 500)
    with as_actor(institution, LIN) as ctx:
        whose = {"unit_id": ctx.actor.unit_id, "owner_id": ctx.actor.id}
        ctx.session.add_all([Box(name=f"n{number}", **whose) for number in range(500)])
    assert "最多更改 500 条" in post(lin, path, 409, _all="1")
    assert "请先选择" in post(lin, path, 422)


def test_the_chosen_rows_are_taken_out_as_a_file(lin: Any, box: Any) -> None:
    for number in range(3):
        box(name=f"box {number}")
    text = post(lin, f"{LIST}/bulk/export/csv", ids=[1, 3])
    assert "box 0" in text
    assert "box 1" not in text
    assert "box 2" in text


def test_the_file_holds_the_chosen_rows_whichever_list_they_were_chosen_in(
    lin: Any, box: Any, institution: Kernel
) -> None:
    for number in range(2):
        box(name=f"box {number}")
    go_on(lin, post(lin, f"{LIST}/bulk/archive", ids=[1]), f"{LIST}/bulk/archive")
    query = "archived=true&sort=-name&columns=name,kind"
    text = post(lin, f"{LIST}/bulk/export/csv", ids=[1, 2], _query=query)
    rows = [line.split(",") for line in text.splitlines()]
    assert [row[0] for row in rows[1:]] == ["box 1", "box 0"]
    assert {len(row) for row in rows} == {2}


@pytest.mark.parametrize("effect", ["hide", "mask"])
def test_a_preview_tells_nothing_of_a_value_that_the_person_may_not_see(
    lin: Any,
    box: Any,
    institution: Kernel,
    effect: Literal["hide", "mask"],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from tenor_vault.records import Box, Kind

    box(name="gold", kind=Kind.GOLD)
    rule = FieldRule(fields=(Box.kind,), effect=effect)
    monkeypatch.setattr(institution.access, "field_rules", [*institution.access.field_rules, rule])
    post(lin, f"{LIST}/bulk/field/kind", 404, ids=[1], kind=Kind.GOLD.value)


def test_a_preview_puts_no_attempt_on_record(
    lin: Any, institution: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tenor_errands.public import add_errand

    with as_actor(institution, LIN) as ctx:
        ids = [add_errand(ctx, "errand").id]

    def refuse(*_given: object) -> None:
        raise Forbidden("not-permitted")

    monkeypatch.setattr(Moving, "_check_use", refuse)
    path = "/errands/errand/bulk/transition/start"
    preview = post(lin, f"{path}?step=ask", ids=ids)
    assert figures(preview)["被拒绝"] == "1"
    assert denials(institution) == 0
    assert f'action="{path}"' not in preview  # nothing would change, so it isn't offered
    post(lin, path, 303, _rows=str(ids[0]), _step="do")
    assert denials(institution) == 1


def test_a_preview_says_what_is_filled_in_and_what_is_emptied(lin: Any, box: Any) -> None:
    ids = [box(name="one", remark="x"), box(name="two")]
    path = f"{LIST}/bulk/field/remark"
    given = post(lin, path, ids=ids, remark="<b>new</b>", _query="kind=papers")
    said = given.partition('<dl class="t-fields')[2].partition("</dl>")[0]
    assert "&lt;b&gt;new&lt;/b&gt;" in said
    emptied = post(lin, path, ids=ids, remark="")
    assert "清空" in emptied.partition('<dl class="t-fields')[2].partition("</dl>")[0]
    asked = post(lin, f"{path}?step=ask", ids=ids, _query="kind=papers")
    assert f'href="{LIST}?kind=papers"' in asked  # the way back is to the list as it was


def denials(institution: Kernel) -> int:
    """How many attempts the ledger tells of that were denied."""
    with institution.db.raw() as connection:
        counted = select(func.count()).where(table_of(LedgerEntry).c.kind == "denied")
        return int(connection.scalar(counted) or 0)


def test_whoever_can_do_nothing_with_many_is_offered_no_boxes(
    person: Any, box: Any, institution: Kernel
) -> None:
    from tenor_sdk.testing import make_user

    box(name="a")
    assert "data-t-bulk" in person(LIN).get(LIST)
    make_user(institution, "appraiser", roles=["vault.appraiser"])
    appraiser = person("appraiser")
    assert "data-t-bulk" not in appraiser.get(LIST)
    preview = post(appraiser, f"{LIST}/bulk/archive", ids=[1])
    assert figures(preview)["被拒绝"] == "1"
