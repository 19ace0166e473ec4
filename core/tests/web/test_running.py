"""Running the house: plugins, settings, jobs, the ledger, people and files."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from sqlalchemy import text

from tenor.clock import Clock, StoppedClock
from tenor.kernel import Kernel
from tenor.testing import as_actor as as_kernel
from tenor_sdk import Amount, Rate
from tenor_sdk.testing import as_actor, make_user, run_jobs
from tenor_test_support.ledger import seal

if TYPE_CHECKING:
    from tenor_test_support.tsa import TimeStampAuthority


def test_the_plugins_page_says_which_run_and_what_each_needs(person: Any) -> None:
    shown = person("ding.ning").get("/plugins")
    assert "/plugins/visits/disable" in shown
    assert "/plugins/base/disable" not in shown
    assert "运行中" in shown


def test_disabling_says_first_what_would_happen_and_refuses_what_others_need(person: Any) -> None:
    ding = person("ding.ning")
    assert "visits" in ding.get("/plugins/errands/disable")
    form = ding.form("/plugins/visits/disable")
    ding.send("/plugins/errands/disable", form, 422)


def test_a_plugin_is_disabled_and_its_data_stays(person: Any, institution: Kernel) -> None:
    ding = person("ding.ning")
    ding.press("/plugins/visits/disable", "/plugins/visits/disable")
    with institution.db.raw(write=False) as connection:
        enabled = connection.scalar(
            text("select enabled from base_plugin_state where name = 'visits'")
        )
    assert not enabled


def test_who_doesnt_manage_plugins_changes_none(person: Any) -> None:
    lin = person("lin.xiaowen")
    token = lin.form("/", "/sign-out")["csrf_token"]
    lin.get("/plugins/visits/disable", 403)
    lin.send("/plugins/visits/disable", {"csrf_token": token}, 403)


def test_a_failed_plugin_is_shown_with_reason_and_remedy(
    person: Any, institution: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tenor.loader.failures import failed_import

    monkeypatch.setitem(institution.loader.broken, "notes", failed_import("notes", SystemExit(3)))
    ding = person("ding.ning")
    shown = ding.get("/plugins")
    assert "sys.exit(3)" in shown
    assert "tenor plugin disable notes" in shown
    assert "notes" in ding.get("/").partition("t-banner")[2]
    told = ding.client.get("/readyz").json
    assert told["status"] == "without-plugins"
    (failed,) = told["plugins"]
    assert (failed["plugin"], failed["stage"]) == ("notes", "import")
    assert "sys.exit(3)" in failed["cause"]
    assert failed["remedy"].endswith("tenor plugin disable notes")


def test_what_is_enabled_and_does_not_run_is_not_counted_as_running(
    person: Any, institution: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = institution.loader.overview()
    now = [replace(row, status="waiting") if row.name == "notes" else row for row in rows]
    monkeypatch.setattr(institution.loader, "overview", lambda: now)
    shown = person("ding.ning").get("/plugins")
    assert f"{sum(row.status == 'running' for row in now)} 个插件在运行" in shown
    assert "已启用，未运行" in shown


def test_safe_mode_lets_only_administrators_in(
    person: Any, institution: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    lin, ding = person("lin.xiaowen"), person("ding.ning")
    monkeypatch.setattr(institution.loader, "safe_mode", True)
    assert "只有管理员可以进入" in lin.get("/", 503)
    assert "安全模式" in ding.get("/")


def test_settings_are_a_form_made_from_their_class(person: Any, institution: Kernel) -> None:
    from tenor_vault.settings import VaultSettings

    ding = person("ding.ning")
    assert "留空则不变" not in ding.get("/settings/vault")
    form = ding.form("/settings/vault")
    assert (form["most"], form["limit"], form["fee"], form["open_on"]) == (
        "10",
        "1,000.00",
        "5.00",
        "2026-01-01",
    )
    changed = {"most": "12", "limit": "2,500", "fee": "4.5", "strict": "1", "key": "hidden key"}
    ding.send("/settings/vault", {**form, **changed})
    with as_actor(institution, "ding.ning", write=False) as ctx:
        now = ctx.settings(VaultSettings)
    assert (now.most, now.limit, now.fee, now.strict, now.key) == (
        12, Amount.of("2500"), Rate.of("0.045"), True, "hidden key",
    )  # fmt: skip
    assert "hidden key" not in ding.get("/settings/vault")
    assert "留空则不变" in ding.get("/settings/vault")


def test_a_setting_out_of_bounds_is_refused_at_its_field_and_none_is_changed(
    person: Any, institution: Kernel
) -> None:
    from tenor_vault.settings import VaultSettings

    ding = person("ding.ning")
    shown = ding.press("/settings/vault", "/settings/vault", 422, most="99", limit="7").text
    assert 'href="#f-most"' in shown
    assert 'value="99"' in shown
    with as_actor(institution, "ding.ning", write=False) as ctx:
        assert ctx.settings(VaultSettings).limit == Amount.of("1000")


def test_jobs_are_shown_run_again_and_cancelled(person: Any, institution: Kernel) -> None:
    from tenor_sdk.i18n import _
    from tenor_sdk.notify import notify

    with as_actor(institution, "lin.xiaowen") as ctx:
        notify(ctx, [ctx.actor.id], _("Something happened"))
    ding = person("ding.ning")
    assert "send_mail" in ding.get("/jobs?state=ready")
    ding.press("/jobs?state=ready", "/jobs/1/cancel")
    assert "send_mail" in ding.get("/jobs?state=cancelled")
    ding.press("/jobs?state=cancelled", "/jobs/1/again")
    run_jobs(institution)
    assert "send_mail" in ding.get("/jobs?state=done")


def test_the_page_of_jobs_says_why_they_wait_and_lets_a_paused_plugin_go_on(
    person: Any, institution: Kernel
) -> None:
    with as_kernel(institution, "ding.ning") as ctx:
        institution.jobs.pauses.pause(ctx, "vault")
    ding = person("ding.ning")
    shown = ding.get("/jobs")
    assert "vault 的作业已暂停" in shown
    assert "近期没有任何执行进程的消息。" in shown
    ding.press("/jobs", "/jobs/plugins/vault/resume")
    assert "作业已暂停" not in ding.get("/jobs")


def test_mails_are_shown_in_a_demo_only(
    person: Any, institution: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tenor_sdk.i18n import _
    from tenor_sdk.notify import notify

    with as_actor(institution, "lin.xiaowen") as ctx:
        notify(ctx, [ctx.actor.id], _("Something happened"))
    run_jobs(institution)
    lin = person("lin.xiaowen")
    lin.get("/mails", 404)
    monkeypatch.setattr(institution, "settings", institution.settings.but(demo=True))
    shown = lin.get("/mails")
    assert "Something happened" in shown
    assert "lin.xiaowen@haiyue.example" in shown


def test_the_ledger_is_searched_by_person_record_act_and_request(person: Any, box: Any) -> None:
    box(name="first")
    lin = person("lin.xiaowen")
    lin.press("/vault/box/1/edit", "/vault/box/1/edit", name="second")
    song = person("song.qing")
    shown = song.get("/audit?what=vault_box&record=1&kind=update")
    assert "first" in shown
    assert "second" in shown
    request_id = shown.partition("/audit?request=")[2].partition('"')[0]
    assert "second" in song.get(f"/audit?request={request_id}")
    assert "second" not in song.get("/audit?who=2")


def test_the_ledger_is_narrowed_to_a_field_a_day_and_a_whole_case(person: Any, box: Any) -> None:
    box(name="first")
    lin = person("lin.xiaowen")
    lin.press("/vault/box/1/edit", "/vault/box/1/edit", name="second")
    song = person("song.qing")
    assert "整个案件" in song.get("/audit?what=vault_box&record=1")
    assert "second" in song.get("/audit?what=vault_box&record=1&case=1&field=name")
    assert "second" not in song.get("/audit?what=vault_box&kind=update&to=2020-01-01")
    assert "second" in song.get("/audit?what=vault_box&kind=update&from=2020-01-01&to=nonsense")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("to=nonsense", "日期请写作"),
        ("what=vault_box&record=all", "请填整数"),
        ("record=1", "请先选择记录"),
    ],
)
def test_what_the_ledger_does_not_understand_stands_beside_the_word_and_nothing_goes_out(
    person: Any, box: Any, asked: str, said: str
) -> None:
    box(name="first")
    song = person("song.qing")
    assert said in song.get(f"/audit?{asked}").partition('class="t-error"')[2]
    assert said in song.press(f"/audit?{asked}", f"/audit/export?{asked}", 422).text


def test_the_ledger_is_taken_out_with_its_proof_by_whoever_may(
    person: Any, box: Any, institution: Kernel
) -> None:
    from io import BytesIO

    from tenor.audit.checking_export import check

    box(name="first")
    seal(institution)
    song = person("song.qing")
    content = song.press("/audit?what=vault_box", "/audit/export?what=vault_box", 200).data
    assert check(BytesIO(content), dict(institution.audit.roots()))["entries"] == 1
    assert "first" in content.decode()
    assert "ledger_entry" in song.get("/audit?kind=export")
    person("lin.xiaowen").get("/audit", 404)


@pytest.mark.both_databases
def test_a_long_ledger_goes_out_in_pieces_and_never_stands_in_memory(
    person: Any, institution: Kernel
) -> None:
    from tenor_test_support.ledger import lengthen, peak

    lengthen(institution, 10_000)
    song = person("song.qing")
    fields = song.form("/audit", "/audit/export")
    sizes: list[int] = []

    def download() -> None:
        answer = song.client.post("/audit/export", data=fields)
        assert answer.status_code == 200
        sizes.extend(len(piece) for piece in answer.iter_encoded())
        answer.close()

    held = peak(download)
    assert sum(sizes) > 10_000 * 500
    assert max(sizes) < 128 * 1024
    assert held < sum(sizes) / 4


@pytest.mark.both_databases
def test_others_write_while_somebody_takes_the_ledger_out(
    person: Any, box: Any, institution: Kernel
) -> None:
    from io import BytesIO

    from tenor.audit.checking_export import check

    box(name="first")
    song, path = person("song.qing"), "/audit/export?what=vault_box"
    answer = song.client.post(path, data=song.form("/audit?what=vault_box", path))
    pieces = answer.iter_encoded()
    box(name="second")
    told = check(BytesIO(b"".join(pieces)), {})
    answer.close()
    assert told["entries"] >= 1


def test_verifying_says_whether_every_seal_is_whole(
    person: Any, box: Any, institution: Kernel
) -> None:
    box()
    seal(institution)
    song = person("song.qing")
    shown = song.press("/audit", "/audit/verify", 200).text
    assert "全部一致" in shown
    assert "条尚未封存" in shown
    with institution.db.raw() as connection:
        for name in ("base_ledger_entry_no_update", "base_ledger_entry_update"):
            connection.execute(text(f"drop trigger if exists {name}"))
        triggers = connection.execute(
            text("select name from sqlite_master where type = 'trigger'")
        ).scalars()
        for name in list(triggers):
            connection.execute(text(f'drop trigger "{name}"'))
        connection.execute(
            text("update base_ledger_entry set actor_name = 'somebody' where id = 3")
        )
    shown = song.press("/audit", "/audit/verify", 200).text
    assert "发现不一致" in shown
    assert "#3" in shown


def test_the_page_of_the_ledger_says_up_to_where_time_stamps_stand(
    person: Any, institution: Kernel, time_stamp_authority: TimeStampAuthority
) -> None:
    from tenor.base.jobs import stamp_seal
    from tenor.base.settings import BaseSettings
    from tenor_sdk.settings import change_setting

    assert isinstance(institution.clock, StoppedClock)
    institution.clock.move(Clock().now())
    with as_actor(institution, "ding.ning") as ctx:
        for name, value in (
            ("stamp_authority", time_stamp_authority.url),
            ("stamp_certificates", time_stamp_authority.roots),
        ):
            change_setting(ctx, BaseSettings, name, value)
        ctx.enqueue(stamp_seal)
    seal(institution)
    run_jobs(institution)
    song = person("song.qing")
    assert "最近时间戳所对应的封存" in song.get("/audit")
    shown = song.press("/audit", "/audit/verify", 200).text
    assert "时间戳有效至第 1 次封存" in shown


def test_an_administrator_adds_a_person_with_a_position(person: Any, institution: Kernel) -> None:
    ding = person("ding.ning")
    new = "/base/user/new"
    form = ding.form(new)
    assert form["language"] == "zh-CN"
    answer = ding.send(new, {**form, "name": "新人", "login": "xin.ren", "unit_id": "1"})
    user = answer.headers["Location"].rpartition("/")[2]
    shown = ding.get(f"/base/user/{user}")
    assert "新人" in shown
    positions = "/base/user-position/new"
    ding.send(
        positions, {**ding.form(positions), "user_id": user, "position": "auditor", "unit_id": "1"}
    )
    assert "审计员" in ding.get(f"/base/user/{user}")


def test_a_position_is_given_by_its_key_and_not_by_its_title(person: Any) -> None:
    ding = person("ding.ning")
    positions = "/base/user-position/new"
    given = {**ding.form(positions), "user_id": "1", "position": "审批人", "unit_id": "1"}
    assert "格式不符" in ding.send(positions, given, 422).text


def test_who_may_only_read_people_changes_none(person: Any) -> None:
    lin = person("lin.xiaowen")
    assert "/base/user/1/edit" not in lin.get("/base/user/1")
    lin.get("/base/user/new", 403)


def test_a_file_is_handed_out_to_be_kept_and_shown_only_in_a_sandbox(person: Any) -> None:
    lin = person("lin.xiaowen")
    new = "/vault/box/new"
    for name, content in (("a.pdf", b"%PDF-1.7"), ("b.html", b"<script>alert(1)</script>")):
        lin.send(new, {**lin.form(new), "name": name, "paper_id": (io.BytesIO(content), name)})
    pdf = lin.client.get("/files/1")
    assert pdf.headers["Content-Disposition"].startswith('attachment; filename="a.pdf"')
    assert pdf.headers["X-Content-Type-Options"] == "nosniff"
    inline = lin.client.get("/files/1?inline")
    assert inline.headers["Content-Disposition"].startswith("inline")
    assert inline.headers["Content-Security-Policy"] == "sandbox"
    page = lin.client.get("/files/2?inline")
    assert page.headers["Content-Disposition"].startswith("attachment")
    assert page.mimetype == "text/plain"


def test_cookies_go_over_tls_where_the_site_does(
    institution: Kernel, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        institution, "settings", institution.settings.but(base_url="https://tenor.example")
    )
    answer = app.test_client().get("/sign-in")
    cookie = answer.headers["Set-Cookie"]
    assert "Secure" in cookie
    assert answer.headers["Strict-Transport-Security"]


def test_somebody_who_left_is_signed_out(person: Any, institution: Kernel) -> None:
    from tenor.access.records import User

    make_user(institution, "leaver", roles=["vault.appraiser"])
    leaver = person("leaver")
    leaver.get("/")
    with as_actor(institution, "ding.ning") as ctx:
        from sqlalchemy import select

        ctx.session.scalars(select(User).where(User.login == "leaver")).one().active = False
    assert leaver.client.get("/").headers["Location"] == "/sign-in"
