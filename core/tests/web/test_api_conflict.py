"""A change over REST that came too late: what stood there, what the other made of it, and what was wanted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from core.tests.web.own_fields import acting, add
from core.tests.web.test_api import program
from tenor.kernel import Kernel
from tenor_sdk import Amount
from tenor_sdk.access import FieldRule

__all__ = ["program"]
pytestmark = pytest.mark.both_databases
BOX = "/vault/box/1"
READ = {"If_Match": '"1"'}


@pytest.fixture
def late(program: Any, box: Any) -> Callable[..., Any]:
    """What is told of a change to a box that somebody else changed since it was read."""

    def send(theirs: dict[str, Any], mine: dict[str, Any], **values: Any) -> Any:
        box(**values)
        lin = program("lin.xiaowen")
        first = lin("PATCH", BOX, theirs, **READ)
        assert first.status_code == 200, first.text
        answer = lin("PATCH", BOX, mine, **READ)
        assert (answer.status_code, answer.json["key"]) == (409, "changed-since")
        return answer.json["conflict"]

    return send


def test_it_says_the_three_versions_of_each_field_that_somebody_changed(late: Any) -> None:
    told = late(
        {"name": "theirs", "since": "2026-02-01"},
        {"name": "mine", "value": "200.00"},
        name="first",
        value=Amount.of("100"),
    )
    assert told == {
        "version": 2,
        "fields": {
            "name": {"base": "first", "theirs": "theirs", "mine": "mine"},
            "value": {"base": "100.00", "theirs": "100.00", "mine": "200.00"},
            "since": {"base": None, "theirs": "2026-02-01", "mine": None},
        },
    }


def test_what_is_kept_can_be_sent_with_the_version_that_it_names(late: Any, program: Any) -> None:
    told = late({"name": "theirs"}, {"name": "mine"})
    kept = {"name": told["fields"]["name"]["mine"]}
    again = program("lin.xiaowen")("PATCH", BOX, kept, If_Match=f'"{told["version"]}"')
    assert (again.status_code, again.json["name"]) == (200, "mine")


def test_what_stood_there_is_that_of_the_version_that_was_read(program: Any, box: Any) -> None:
    box(name="first")
    lin = program("lin.xiaowen")
    for version, name in ((1, "second"), (2, "third"), (3, "fourth")):
        assert lin("PATCH", BOX, {"name": name}, If_Match=f'"{version}"').status_code == 200
    told = lin("PATCH", BOX, {"name": "mine"}, If_Match='"2"').json["conflict"]["fields"]
    assert told["name"] == {"base": "second", "theirs": "fourth", "mine": "mine"}


def test_nothing_is_told_of_what_a_rule_hides_and_neither_side_of_what_it_masks(
    late: Any, institution: Kernel
) -> None:
    from tenor_vault.records import Box

    rule = FieldRule(fields=(Box.remark,), effect="hide")
    institution.access.field_rules = [*institution.access.field_rules, rule]
    told = late(
        {"name": "theirs", "holder_identity": "11010519491231002X"},
        {"name": "mine", "holder_identity": "440301198001010018", "remark": "mine"},
        holder_identity="310101199001011234",
        remark="for others alone",
    )
    assert told["fields"].keys() == {"name", "holder_identity"}
    masked = told["fields"]["holder_identity"]
    assert masked["mine"] == "440301198001010018"
    assert not any(digit in masked[side] for side in ("base", "theirs") for digit in "0123456789X")


def test_a_hidden_day_that_changed_meanwhile_is_passed_over(
    program: Any, box: Any, institution: Kernel
) -> None:
    from tenor_vault.records import Box

    rule = FieldRule(fields=(Box.since,), effect="hide")
    institution.access.field_rules = [*institution.access.field_rules, rule]
    box(name="first")
    with acting(institution, "lin.xiaowen") as ctx:
        ctx.session.get_one(Box, 1).since = date(2026, 2, 1)
    told = program("lin.xiaowen")("PATCH", BOX, {"name": "mine"}, **READ).json["conflict"]
    assert told["fields"] == {"name": {"base": "first", "theirs": "first", "mine": "mine"}}


def test_the_institutions_own_fields_are_among_them(late: Any, institution: Kernel) -> None:
    add(institution, "region", "text")
    told = late({"custom": {"region": "theirs"}}, {"custom": {"region": "mine"}})
    assert told["fields"] == {"custom.region": {"base": None, "theirs": "theirs", "mine": "mine"}}


def test_what_stood_there_is_left_out_where_the_ledger_does_not_tell_it(
    program: Any, box: Any, institution: Kernel
) -> None:
    from tenor_vault.records import Box

    box(name="first")
    with institution.db.raw() as connection:
        connection.execute(Box.__table__.update().values(name="together", version=2))
    told = program("lin.xiaowen")("PATCH", BOX, {"name": "mine"}, **READ).json["conflict"]
    assert told == {"version": 2, "fields": {"name": {"theirs": "together", "mine": "mine"}}}


def test_a_record_that_was_made_with_others_tells_what_stood_there(
    program: Any, institution: Kernel
) -> None:
    from tenor_vault.records import Box

    with acting(institution, "lin.xiaowen") as ctx:
        whose = {"unit_id": ctx.actor.unit_id, "owner_id": ctx.actor.id}
        institution.access.bulk.create(ctx, Box, [{"name": "of a file", **whose}])
    lin = program("lin.xiaowen")
    assert lin("PATCH", BOX, {"name": "theirs"}, **READ).status_code == 200
    told = lin("PATCH", BOX, {"name": "mine"}, **READ).json["conflict"]["fields"]
    assert told["name"] == {"base": "of a file", "theirs": "theirs", "mine": "mine"}


def test_so_does_one_whose_life_is_long(program: Any, box: Any, institution: Kernel) -> None:
    from tenor_vault.records import Box

    box(name="first")
    for number in range(2, 207):
        with acting(institution, "lin.xiaowen") as ctx:
            ctx.session.get_one(Box, 1).name = f"name {number}"
    told = program("lin.xiaowen")("PATCH", BOX, {"name": "mine"}, If_Match='"205"')
    found = told.json["conflict"]["fields"]["name"]
    assert found == {"base": "name 205", "theirs": "name 206", "mine": "mine"}
    early = program("lin.xiaowen")("PATCH", BOX, {"name": "mine"}, **READ)
    assert early.json["conflict"]["fields"]["name"]["base"] == "first"
