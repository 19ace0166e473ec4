"""Putting away and removing are changes as any other: of what the person had before them, and of nothing frozen."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from tenor.kernel import Kernel
from tenor_sdk import Conflict, Forbidden, Refused
from tenor_sdk.access import FieldRule
from tenor_sdk.testing import as_actor

pytestmark = pytest.mark.both_databases

BOX = "/vault/box/1"


def change(institution: Kernel, **values: Any) -> None:
    """Somebody else was quicker."""
    from tenor_vault.records import Box

    ctx: Any
    with as_actor(institution, "lin.xiaowen") as ctx:
        institution.records.update(ctx, ctx.session.get_one(Box, 1), values)


def archived(institution: Kernel) -> bool:
    from tenor_vault.records import Box

    with as_actor(institution, "lin.xiaowen", write=False) as ctx:
        return bool(ctx.session.scalars(select(Box.archived)).one())


@pytest.mark.parametrize("act", ["archive", "delete"])
def test_what_changed_meanwhile_is_not_put_away_or_removed(
    person: Any, box: Any, institution: Kernel, act: str
) -> None:
    box()
    lin = person("lin.xiaowen")
    asked = lin.form(BOX if act == "archive" else f"{BOX}/delete", f"{BOX}/{act}")
    change(institution, name="newer")
    lin.send(f"{BOX}/{act}", asked, 409)
    assert not archived(institution)
    lin.press(BOX if act == "archive" else f"{BOX}/delete", f"{BOX}/{act}")


def test_two_who_put_it_away_do_not_bring_it_back(
    person: Any, box: Any, institution: Kernel
) -> None:
    box()
    one, other = person("lin.xiaowen"), person("lin.xiaowen")
    first, second = (each.form(BOX, f"{BOX}/archive") for each in (one, other))
    one.send(f"{BOX}/archive", first)
    other.send(f"{BOX}/archive", second, 409)
    assert archived(institution)


def test_a_version_that_is_over_is_not_archived(box: Any, institution: Kernel) -> None:
    from tenor_vault.records import Box

    box()
    change(institution, name="newer")
    ctx: Any
    with as_actor(institution, "lin.xiaowen") as ctx:
        found = ctx.session.get_one(Box, 1)
        with pytest.raises(Conflict, match="changed-since"):
            institution.records.archive(ctx, found, version=1)
        institution.records.archive(ctx, found, version=2)
    assert archived(institution)


def test_what_is_frozen_stays_where_it_is(
    box: Any, institution: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tenor_vault.records import Box

    box()
    monkeypatch.setattr(institution.workflow, "frozen", lambda *_: True)
    ctx: Any
    with as_actor(institution, "lin.xiaowen") as ctx, pytest.raises(Refused, match="frozen"):
        institution.records.archive(ctx, ctx.session.get_one(Box, 1))
    assert not archived(institution)


def test_a_rule_that_freezes_whether_it_is_archived_holds(
    box: Any, institution: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tenor_vault.records import Box

    box()
    rule = FieldRule(fields=(Box.archived,), effect="freeze")
    monkeypatch.setattr(institution.access, "field_rules", [*institution.access.field_rules, rule])
    ctx: Any
    with as_actor(institution, "lin.xiaowen") as ctx, pytest.raises(Forbidden):
        institution.records.archive(ctx, ctx.session.get_one(Box, 1))
    assert not archived(institution)


def toasts(html: str) -> str:
    """What the page says in passing."""
    return html.partition('<div class="t-toasts"')[2].partition("</div>\n</div>")[0]


def test_the_message_that_says_so_brings_it_back(
    person: Any, box: Any, institution: Kernel
) -> None:
    box()
    lin = person("lin.xiaowen")
    lin.press(BOX, f"{BOX}/archive")
    said = toasts(lin.get(BOX))
    assert "撤销" in said
    lin.send(f"{BOX}/archive", lin.read(said, f"{BOX}/archive"))
    assert not archived(institution)
    said = toasts(lin.get(BOX))  # what came back isn't put away by the message
    assert "t-toast" in said
    assert "撤销" not in said


def test_the_message_does_not_bring_back_what_changed_meanwhile(
    person: Any, box: Any, institution: Kernel
) -> None:
    box()
    lin = person("lin.xiaowen")
    lin.press(BOX, f"{BOX}/archive")
    said = toasts(lin.get(BOX))
    change(institution, name="newer")
    lin.send(f"{BOX}/archive", lin.read(said, f"{BOX}/archive"), 409)
    assert archived(institution)


def test_the_message_offers_nothing_to_who_may_not_bring_it_back(
    person: Any, box: Any, institution: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tenor_vault.records import Box

    box()
    lin = person("lin.xiaowen")
    asked = lin.form(BOX, f"{BOX}/archive")
    frozen = institution.workflow.frozen

    def once_away(ctx: Any, record: Any) -> bool:
        return frozen(ctx, record) or (isinstance(record, Box) and record.archived)

    monkeypatch.setattr(institution.workflow, "frozen", once_away)
    lin.send(f"{BOX}/archive", asked)
    said = toasts(lin.get(BOX))
    assert "t-toast" in said
    assert "撤销" not in said
