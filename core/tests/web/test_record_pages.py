"""The page of a record: what it shows, what it keeps masked, what it counts, what happened."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from core.tests.workflow.standing_in import give
from tenor.kernel import Kernel
from tenor.web.show import Show
from tenor_sdk import Amount, Rate
from tenor_sdk.i18n import Text
from tenor_sdk.testing import as_actor, make_user, on_date
from tenor_sdk.workflow import Blocker, transition

IDENTITY = "330106199001010017"


def test_every_kind_of_value_is_shown_in_its_own_way(
    person: Any, box: Any, institution: Kernel
) -> None:
    with as_actor(institution, "lin.xiaowen") as ctx:
        lin_id = ctx.actor.id
    box(
        value=Amount.of("1234567.89"), fee=Rate.of("0.0435"), since=date(2026, 1, 5), keeper_id=lin_id,
        remark="line one\nline two",
    )  # fmt: skip
    shown = person("lin.xiaowen").get("/vault/box/1")
    assert "1,234,567.89" in shown
    assert "2,469,135.78" in shown
    assert "4.35%" in shown
    assert "2026-01-05" in shown
    assert f'<a href="/base/user/{lin_id}">林晓雯</a>' in shown
    assert '<span class="t-lines">line one\nline two</span>' in shown


def test_a_masked_value_is_shown_with_a_reason_that_is_put_on_record(
    person: Any, box: Any, institution: Kernel
) -> None:
    box(holder_identity=IDENTITY)
    lin = person("lin.xiaowen")
    assert IDENTITY not in lin.get("/vault/box/1")
    assert "330106********0017" in lin.get("/vault/box/1")
    reveal = "/vault/box/1/reveal/holder_identity"
    assert IDENTITY not in lin.get(reveal)
    for unsaid in (" ", "to check\0", "x" * 3000):
        assert IDENTITY not in lin.press(reveal, reveal, 422, reason=unsaid).text
    assert IDENTITY in lin.press(reveal, reveal, 200, reason="to check the mandate").text
    ctx: Any
    with as_actor(institution, "song.qing") as ctx:
        noted = institution.audit.search(ctx, kind="reveal")
    assert [(entry.actor_name, entry.reason) for entry in noted] == [
        ("林晓雯", "to check the mandate")
    ]
    lin.get("/vault/box/1/reveal/name", 404)
    lin.get("/vault/box/1/reveal/pin", 404)


def test_a_secret_is_nowhere(person: Any, box: Any) -> None:
    box(pin="9876543")
    lin = person("lin.xiaowen")
    for path in ("/vault/box", "/vault/box/1", "/vault/box/1/edit", "/vault/box/1/why"):
        assert "9876543" not in lin.get(path)


def test_panels_of_a_plugin_are_drawn_and_one_that_fails_costs_its_own_sheet(
    person: Any, box: Any, faults: list[BaseException]
) -> None:
    box(name="break", items=["ring"])
    lin = person("lin.xiaowen")
    first = lin.get("/vault/box/1")
    assert "<b>break</b>" in first
    assert "7 / 10" in first
    more = lin.get("/vault/box/1?tab=1")
    assert "这一部分未能生成" in more
    assert isinstance(faults.pop(), ZeroDivisionError)


def test_lines_that_a_panel_shows_are_not_listed_a_second_time(person: Any, box: Any) -> None:
    box(items=["ring"])
    shown = person("lin.xiaowen").get("/vault/box/1").partition('id="timeline"')[0]
    assert shown.count("ring<") == 1


def test_what_points_at_a_record_stands_on_its_page_and_is_counted(
    person: Any, box: Any, institution: Kernel
) -> None:
    from tenor_vault.records import Opening

    box()
    with as_actor(institution, "lin.xiaowen") as ctx:
        ctx.session.add_all(Opening(box_id=1, reason=f"look {n}") for n in range(3))
    lin = person("lin.xiaowen")
    assert "look 2" in lin.get("/vault/box/1?tab=1")
    assert "<b>3</b>" in lin.get("/vault/box/1/buttons")


def test_the_timeline_tells_old_and_new_with_names_and_words(person: Any, box: Any) -> None:
    box(value=Amount.of("100"))
    lin = person("lin.xiaowen")
    form = lin.form("/vault/box/1/edit")
    lin.send("/vault/box/1/edit", {**form, "value": "250.5", "name": "another"})
    timeline = lin.get("/vault/box/1").partition('id="timeline"')[2]
    assert '<del class="t-old">100.00</del>' in timeline
    assert '<span class="t-new">250.50</span>' in timeline
    assert "改动" in timeline


@pytest.mark.both_databases
def test_the_timeline_tells_what_was_done_to_many_at_once_as_of_this_one(
    person: Any, box: Any, institution: Kernel, statements: list[str]
) -> None:
    from sqlalchemy import true
    from tenor_vault.records import Box

    first, second = box(name="copper"), box(name="silver")
    lin = person("lin.xiaowen")
    lin.get(f"/vault/box/{first}")
    del statements[:]
    lin.get(f"/vault/box/{first}")
    before = len(statements)
    ctx: Any
    for name in ("gold", "lead"):
        with (
            as_actor(institution, "lin.xiaowen") as ctx,
            institution.access.procedure(ctx, "vault", "rename_all"),
        ):
            values = {"name": name, "value": Amount.of("7.25")}
            institution.access.bulk.update_where(ctx, Box, true(), values)
    del statements[:]
    timeline = _timeline(lin.get(f"/vault/box/{first}"))
    assert len(statements) == before
    assert timeline.count("批量修改") == 2
    assert '<del class="t-old">copper</del>' in timeline
    assert '<span class="t-new">gold</span>' in timeline
    assert "silver" not in timeline
    assert "7.25" in timeline
    assert "silver" in _timeline(lin.get(f"/vault/box/{second}"))
    assert "批量修改" in person("song.qing").get(f"/audit?what=vault_box&record={first}")


def test_the_timeline_names_an_action_as_its_button_does(person: Any, box: Any) -> None:
    box()
    lin = person("lin.xiaowen")
    revalue = "/vault/box/1/actions/revalue"
    preview = lin.press(revalue, revalue, 200, value="120", why="appraised").text
    lin.send(revalue, lin.read(preview, revalue))
    timeline = _timeline(lin.get("/vault/box/1"))
    assert "Revalue" in timeline
    assert "revalue" not in timeline


def test_a_comment_and_a_file_stand_on_the_timeline(person: Any, box: Any) -> None:
    import io

    box()
    lin = person("lin.xiaowen")
    form = lin.form("/vault/box/1", "/vault/box/1/comments")
    lin.send(
        "/vault/box/1/comments",
        {**form, "text": "<b>seen</b>", "file": (io.BytesIO(b"%PDF-1.7"), "../../deed.pdf")},
    )
    shown = lin.get("/vault/box/1")
    assert "&lt;b&gt;seen&lt;/b&gt;" in shown
    assert ">deed.pdf</a>" in shown.replace("</svg>", ">").replace(">>", ">")


def test_why_names_the_roles_and_how_far_they_reach(
    person: Any, box: Any, institution: Kernel
) -> None:
    make_user(institution, "appraiser", roles=["vault.appraiser"])
    box()
    assert "Vault keeper（本机构的）" in person("lin.xiaowen").get("/vault/box/1/why")
    why = person("appraiser").get("/vault/box/1/why")
    assert "Appraiser（全部）" in why
    assert "您的角色都未授予此权限" in why


def test_why_says_by_whose_delegation_one_may_and_until_when(
    person: Any, box: Any, institution: Kernel
) -> None:
    box()
    give(institution, "lin.xiaowen", "chen.li", until=date(2026, 7, 31))
    why = person("chen.li").get("/vault/box/1/why")
    assert "林晓雯" in why
    assert "2026-07-31" in why
    with on_date(institution, date(2026, 8, 1)):
        person("chen.li").get("/vault/box/1/why", 404)


def test_a_record_page_asks_as_often_for_a_long_past_as_for_a_short_one(
    person: Any, box: Any, institution: Kernel, statements: list[str]
) -> None:
    from tenor_vault.records import Box, Opening

    ctx: Any
    box(items=["ring"])
    lin = person("lin.xiaowen")
    with as_actor(institution, "lin.xiaowen") as ctx:
        ctx.session.add(Opening(box_id=1, reason="look"))
        institution.records.discussion.comment(ctx, ctx.session.get(Box, 1), "first")
    for path in ("/vault/box/1", "/vault/box/1?tab=1"):
        lin.get(path)
    counts = []
    for path in ("/vault/box/1", "/vault/box/1?tab=1"):
        statements.clear()
        lin.get(path)
        counts.append(len(statements))
    for number in range(8):
        with as_actor(institution, "lin.xiaowen") as ctx:
            found = ctx.session.get(Box, 1)
            assert found is not None
            found.name = f"name {number}"
            institution.records.discussion.comment(ctx, found, f"comment {number}")
            ctx.session.add(Opening(box_id=1, reason="look"))
    for path, before in zip(("/vault/box/1", "/vault/box/1?tab=1"), counts, strict=True):
        statements.clear()
        lin.get(path)
        assert len(statements) == before, path


def test_a_stage_bar_says_where_a_case_is_and_what_blocks_the_next_step(
    person: Any, institution: Kernel
) -> None:
    from tenor_errands.public import add_errand

    with as_actor(institution, "lin.xiaowen") as ctx:
        for number in range(4):
            add_errand(ctx, f"errand {number}")
    lin = person("lin.xiaowen")
    for number in (1, 2, 3):
        lin.press(f"/errands/errand/{number}", f"/errands/errand/{number}/transitions/start")
    shown = lin.get("/errands/errand/4")
    assert 'aria-current="step"' in shown
    assert 'href="#blockers-start"' in shown
    assert 'id="blockers-start"' in shown
    assert "/errands/errand/4/transitions/start" not in shown
    assert "缺 1 项" in shown


def test_only_who_manages_plugins_is_sent_to_their_page(
    person: Any, institution: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tenor_errands.public import add_errand

    off = Blocker(Text("a plugin that is off"), href="/plugins")
    guards = institution.workflow.guards._guards
    monkeypatch.setitem(guards, "errands.has_a_free_hand", lambda _ctx, _record: [off])
    with as_actor(institution, "lin.xiaowen") as ctx:
        add_errand(ctx, "fetch the deed")
    shown = person("lin.xiaowen").get("/errands/errand/1")
    assert "a plugin that is off" in shown
    assert 'href="/plugins"' not in shown


def _timeline(html: str) -> str:
    return html.partition('id="timeline"')[2].partition("</section>")[0]


def test_a_step_and_the_state_that_it_led_to_are_one_thing_that_happened(
    person: Any, institution: Kernel
) -> None:
    from tenor_errands.public import add_errand
    from tenor_errands.workflow import start

    with as_actor(institution, "lin.xiaowen") as ctx:
        errand = add_errand(ctx, "fetch the deed")
        transition(ctx, errand, start)
        identity = errand.id
    timeline = _timeline(person("lin.xiaowen").get(f"/errands/errand/{identity}"))
    assert timeline.count("t-entry-head") == 2, "made, started"
    started = timeline.partition("t-entry-head")[2]
    assert "<del" in started.partition("t-entry-head")[0], "from what to what"


def test_many_values_of_a_new_record_are_folded_away(person: Any, box: Any) -> None:
    box(name="box 1", value=Amount.of("100"), fee=Rate.of("0.01"))
    assert "<details" in _timeline(person("lin.xiaowen").get("/vault/box/1"))


def test_what_a_plugin_did_by_itself_bears_its_title(institution: Kernel) -> None:
    with institution.context(institution.access.system_actor(), write=False) as ctx:
        show = Show(ctx, "zh-CN")
        assert show.who("林晓雯") == "林晓雯"
        assert show.who("service:errands") == "系统 · 跑腿"
        assert show.who("service:gone") == "系统 · gone"
