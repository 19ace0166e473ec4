"""What lies outside a person's rows is not found: by no address, count, suggestion, search, notice or error."""

from __future__ import annotations

from typing import Any

import pytest

from tenor.kernel import Kernel
from tenor_sdk.i18n import _
from tenor_sdk.notify import notify
from tenor_sdk.testing import as_actor

pytestmark = pytest.mark.both_databases


@pytest.fixture
def theirs(box: Any) -> int:
    return int(box("shen.bai", name="their secret box", items=["their ring"]))


GETS = (
    "", "/edit", "/why", "/delete", "/buttons", "/reveal/holder_identity", "/actions/revalue", "?tab=1",
)  # fmt: skip
POSTS = (
    "/edit", "/delete", "/archive", "/comments", "/reveal/holder_identity", "/actions/open",
)  # fmt: skip


def test_no_address_leads_to_it(person: Any, theirs: int) -> None:
    lin = person("lin.xiaowen")
    token = lin.form("/", "/sign-out")["csrf_token"]
    for more in GETS:
        assert lin.client.get(f"/vault/box/{theirs}{more}").status_code == 404, more
    for more in POSTS:
        given = {"csrf_token": token, "text": "x", "reason": "x", "name": "x"}
        answer = lin.client.post(f"/vault/box/{theirs}{more}", data=given)
        assert answer.status_code == 404, more
        assert "their secret box" not in answer.text


def test_what_isnt_there_is_answered_alike(person: Any, theirs: int) -> None:
    lin = person("lin.xiaowen")
    hidden, missing = lin.get(f"/vault/box/{theirs}", 404), lin.get("/vault/box/9999", 404)

    def said(html: str) -> str:
        return html.partition("<main")[2].partition("<code>")[0]

    assert said(hidden) == said(missing)


def test_no_list_count_search_or_suggestion_tells_of_it(person: Any, theirs: int, box: Any) -> None:
    box(name="our box")
    lin = person("lin.xiaowen")
    shown = lin.get("/vault/box")
    assert "1 条" in shown
    assert "their secret box" not in shown
    assert "their secret box" not in lin.get("/search?q=secret")
    assert lin.client.get("/vault/box/suggest?q=secret").json == []
    assert "their secret box" not in lin.client.get("/vault/box/export?format=csv").text


def test_it_cant_be_linked_to(person: Any, theirs: int) -> None:
    lin = person("lin.xiaowen")
    new = "/vault/opening/new"
    assert "BOX-" not in lin.get(new)
    hidden = lin.client.post(new, data={**lin.form(new), "box_id": str(theirs), "reason": "x"})
    missing = lin.client.post(new, data={**lin.form(new), "box_id": "9999", "reason": "x"})
    assert hidden.status_code == missing.status_code
    assert hidden.status_code in (404, 422)


def test_a_notice_about_it_doesnt_say_its_name(
    person: Any, theirs: int, institution: Kernel
) -> None:
    from tenor_vault.records import Box

    with as_actor(institution, "lin.xiaowen") as ctx:
        lin_id = ctx.actor.id
    with as_actor(institution, "shen.bai") as ctx:
        notify(ctx, [lin_id], _("Something happened"), about=ctx.session.get(Box, theirs))
    lin = person("lin.xiaowen")
    shown = lin.get("/inbox")
    assert "Something happened" in shown
    assert "BOX-" not in shown
    assert lin.client.get("/inbox/1").headers["Location"] == "/inbox"
    assert lin.client.get("/inbox/count").json == {"count": 0}


def test_ones_own_notice_opens_what_it_is_about_and_is_read(
    person: Any, box: Any, institution: Kernel
) -> None:
    from tenor_vault.records import Box

    box()
    with as_actor(institution, "lin.xiaowen") as ctx:
        notify(ctx, [ctx.actor.id], _("Look at it"), about=ctx.session.get(Box, 1))
    lin = person("lin.xiaowen")
    assert lin.client.get("/inbox/count").json == {"count": 1}
    assert "BOX-001" in lin.get("/inbox")
    assert lin.client.get("/inbox/1").headers["Location"] == "/vault/box/1"
    assert lin.client.get("/inbox/count").json == {"count": 0}
    person("shen.bai").get("/inbox/1", 404)


def test_a_file_behind_a_field_that_a_rule_hides_is_not_handed_out(
    person: Any, box: Any, institution: Kernel
) -> None:
    from tenor_vault.records import Box

    from tenor_sdk.access import FieldRule
    from tenor_sdk.files import store_file

    with as_actor(institution, "system") as ctx:
        deed = store_file(ctx, "deed.pdf", b"%PDF-1.7 deed").id
    identity = box()
    with (
        as_actor(institution, "system") as ctx,
        institution.access.procedure(ctx, "vault", "keep"),  # type: ignore[arg-type]  # the kernel's own
        ctx.elevated("a deed that lin didn't bring") as high,
    ):
        high.get_one(Box, identity).paper_id = deed
    lin = person("lin.xiaowen")
    assert lin.client.get(f"/files/{deed}").data == b"%PDF-1.7 deed"
    rule = FieldRule(fields=(Box.paper_id,), effect="hide")
    institution.access.field_rules = [*institution.access.field_rules, rule]
    institution.access._field_effects.clear()
    lin.get(f"/files/{deed}", 404)


def test_a_line_has_no_page_of_its_own(person: Any, box: Any) -> None:
    box(items=["ring"])
    lin = person("lin.xiaowen")
    lin.get("/vault/item", 404)
    lin.get("/vault/item/1", 404)
    lin.get("/vault/item/new", 404)
