"""Transitions, actions and pages of plugins: asked for, previewed, done once."""

from __future__ import annotations

import io
from typing import Any

import pytest

from tenor.kernel import Kernel
from tenor_sdk import Amount
from tenor_sdk.testing import as_actor, make_user

REVALUE = "/vault/box/1/actions/revalue"


@pytest.fixture
def errand(institution: Kernel) -> str:
    from tenor_errands.public import add_errand

    with as_actor(institution, "lin.xiaowen") as ctx:
        return f"/errands/errand/{add_errand(ctx, 'fetch the deed').id}"


def state(institution: Kernel) -> str:
    from tenor_errands.public import Errand

    with as_actor(institution, "lin.xiaowen") as ctx:
        found = ctx.session.get(Errand, 1)
        assert found is not None
        return found.state


def test_a_button_moves_a_case_once_however_often_it_is_pressed(
    person: Any, errand: str, institution: Kernel
) -> None:
    lin = person("lin.xiaowen")
    form = lin.form(errand, f"{errand}/transitions/start")
    for _press in range(2):
        assert lin.send(f"{errand}/transitions/start", form).headers["Location"] == errand
    assert state(institution) == "under-way"
    assert len(institution_steps(institution)) == 1


def institution_steps(institution: Kernel) -> list[Any]:
    from tenor_errands.public import Errand

    ctx: Any
    with as_actor(institution, "lin.xiaowen") as ctx:
        found = ctx.session.get(Errand, 1)
        assert found is not None
        return list(institution.workflow.history(ctx, found))


def test_a_reason_is_asked_for_and_kept_when_it_is_missing(
    person: Any, errand: str, institution: Kernel
) -> None:
    lin = person("lin.xiaowen")
    drop = f"{errand}/transitions/drop"
    shown = lin.press(drop, drop, 422, reason=" ").text
    assert 'href="#f-reason"' in shown
    lin.press(drop, drop, reason="no longer needed")
    assert state(institution) == "dropped"
    assert "no longer needed" in lin.get(errand)


def test_whoever_takes_a_step_sees_what_it_is_about(person: Any, errand: str) -> None:
    form = person("lin.xiaowen").get(f"{errand}/transitions/drop")
    assert form.index("ERR-2026-0001") < form.index('name="reason"')
    assert "待办" in form
    assert "分钟" in form


def test_a_step_that_is_gone_says_so(person: Any, errand: str) -> None:
    lin = person("lin.xiaowen")
    form = lin.form(errand, f"{errand}/transitions/start")
    lin.press(f"{errand}/transitions/drop", f"{errand}/transitions/drop", reason="x")
    late = lin.send(f"{errand}/transitions/start", form, 409)
    assert "无法" in late.text or "不能" in late.text or "阶段" in late.text


def test_an_action_shows_what_would_happen_before_it_does(person: Any, box: Any) -> None:
    box(value=Amount.of("100"))
    lin = person("lin.xiaowen")
    preview = lin.press(REVALUE, REVALUE, 200, value="250.50", why="appraised").text
    assert "100.00" in preview
    assert "250.50" in preview
    assert "100.00" in lin.get("/vault/box/1")
    answer = lin.send(REVALUE, lin.read(preview, REVALUE))
    assert answer.headers["Location"] == "/vault/box/1"
    shown = lin.get("/vault/box/1")
    assert "Worth 250.50 now" in shown
    assert "501.00" in shown


def test_back_from_a_preview_leads_to_the_form_with_what_was_typed(person: Any, box: Any) -> None:
    box(value=Amount.of("100"))
    lin = person("lin.xiaowen")
    preview = lin.press(REVALUE, REVALUE, 200, value="250.50", why="appraised").text
    back = f"{REVALUE}?step=ask"
    form = lin.read(lin.send(back, lin.read(preview, back), 200).text, REVALUE)
    assert (form["value"], form["why"]) == ("250.50", "appraised")


def test_a_file_goes_through_the_preview(person: Any, box: Any) -> None:
    box(value=Amount.of("100"))
    lin = person("lin.xiaowen")
    form = {
        **lin.form(REVALUE),
        "value": "9",
        "why": "see proof",
        "proof": (io.BytesIO(b"12345"), "p.txt"),
    }
    preview = lin.send(REVALUE, form, 200).text
    lin.send(REVALUE, lin.read(preview, REVALUE))
    assert "see proof (5)" in lin.get("/vault/box/1")


def test_inputs_that_are_wrong_are_said_at_their_fields_and_kept(person: Any, box: Any) -> None:
    box(value=Amount.of("100"))
    lin = person("lin.xiaowen")
    shown = lin.press(REVALUE, REVALUE, 422, value="0", why="my long reasons").text
    assert 'href="#f-value"' in shown
    assert "my long reasons" in shown


def test_a_refusal_of_the_action_itself_is_told_and_nothing_is_changed(
    person: Any, box: Any
) -> None:
    box(value=Amount.of("100"))
    lin = person("lin.xiaowen")
    preview = lin.press(REVALUE, REVALUE, 200, value="9000000", why="too much").text
    refused = lin.send(REVALUE, lin.read(preview, REVALUE), 422).text
    assert "too-precious" in refused
    assert "too much" in refused
    assert "100.00" in lin.get("/vault/box/1")


def test_a_refusal_that_an_action_returns_is_told_and_leaves_its_trace(
    person: Any, box: Any
) -> None:
    box(sealed=True, remark="")
    lin, lock = person("lin.xiaowen"), "/vault/box/1/actions/try-lock"
    for tries in (1, 2):
        lin.press(lock, lock, digits="000")
        shown = lin.get("/vault/box/1")
        assert 'class="t-notice is-refused" role="alert"' in shown
        assert "wrong-combination" in shown
        assert f">{'x' * tries}<" in shown
    assert "尝试：Try the lock" in lin.get("/vault/box/1")
    assert "尝试：Try the lock" in person("song.qing").get("/audit?what=vault_box&record=1")


def test_an_action_takes_the_person_where_it_says_and_isnt_offered_elsewhere(
    person: Any, box: Any
) -> None:
    box()
    box(sealed=True)
    lin = person("lin.xiaowen")
    answer = lin.press("/vault/box/1", "/vault/box/1/actions/open")
    assert answer.headers["Location"] == "/vault/opening/1"
    assert "/vault/box/2/actions/open" not in lin.get("/vault/box/2")
    form = lin.form("/vault/box/1", "/vault/box/1/actions/open")
    lin.send("/vault/box/2/actions/open", form, 422)


def test_who_may_not_change_a_record_may_not_act_on_it(
    person: Any, box: Any, institution: Kernel
) -> None:
    make_user(institution, "appraiser", roles=["vault.appraiser"])
    box()
    appraiser = person("appraiser")
    appraiser.get(REVALUE, 403)
    token = appraiser.form("/vault/box", "/sign-out")["csrf_token"]
    appraiser.send("/vault/box/1/actions/open", {"csrf_token": token}, 403)


def test_a_page_of_a_plugin_is_shown_in_the_shell_with_its_values_escaped(person: Any) -> None:
    shown = person("lin.xiaowen").get("/vault/tour/7?said=<b>bold</b>")
    assert "<h1>Tour 7</h1>" in shown
    assert "&lt;b&gt;bold&lt;/b&gt;" in shown
    assert 'class="t-rail"' in shown


def test_a_post_to_a_plugins_page_writes_once_and_goes_on(
    person: Any, box: Any, institution: Kernel
) -> None:
    box()
    lin = person("lin.xiaowen")
    form = {**lin.form("/vault/tour/1", ""), "reason": "a tour"}
    for _press in range(2):
        assert lin.send("/vault/tour/1", form).headers["Location"] == "/vault/box/1"
    assert lin.get("/vault/box/1/buttons").count("<b>1</b>") == 1


def test_a_page_that_needs_a_right_is_not_found_without_it(person: Any) -> None:
    person("ding.ning").get("/vault/tour/1", 404)


def test_a_plugin_hands_out_a_file_under_its_name(person: Any) -> None:
    answer = person("lin.xiaowen").client.get("/vault/list.csv")
    assert answer.data == b"a,b"
    assert "filename*=UTF-8''%E5%88%97%E8%A1%A8.csv" in answer.headers["Content-Disposition"]


def test_a_task_that_waits_for_a_group_can_be_taken(person: Any, errand: str) -> None:
    lin = person("lin.xiaowen")
    home = lin.get("/")
    assert "ERR-2026-0001" in home
    assert "任务" in home
    assert "ERR-2026-0001" not in person("shen.bai").get("/")


def test_a_tile_is_a_figure_on_my_work(person: Any) -> None:
    assert "1,234,567.89" in person("lin.xiaowen").get("/")
