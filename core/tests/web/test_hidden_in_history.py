"""What a rule hides of a record: its history doesn't say that there is such a field, nor when it was set."""

from __future__ import annotations

from typing import Any

import pytest

from core.tests.web.own_fields import acting
from core.tests.web.test_api import Programs, program
from tenor.kernel import Kernel
from tenor_sdk.access import FieldRule

__all__ = ["program"]
pytestmark = pytest.mark.both_databases
BOX = "/vault/box/1"


@pytest.fixture
def remarked(institution: Kernel, box: Any) -> None:
    """A box whose hidden remark was taken away and set again, the second time together with its name."""
    from tenor_vault.records import Box

    rule = FieldRule(fields=(Box.remark,), effect="hide")
    institution.access.field_rules = [*institution.access.field_rules, rule]
    box(name="a box", remark="bad debtor")
    for values in ({"remark": None}, {"remark": "worse", "name": "another"}):
        with acting(institution, "lin.xiaowen") as ctx:
            found = ctx.session.get_one(Box, 1)
            for name, value in values.items():
                setattr(found, name, value)


@pytest.mark.usefixtures("remarked")
def test_the_history_leaves_it_out_and_what_changed_nothing_else(program: Programs) -> None:
    newest, first = program("lin.xiaowen")("GET", f"{BOX}/history").json["items"]
    assert newest["changes"] == {"name": ["a box", "another"]}
    assert first["kind"] == "create"
    assert "remark" not in first["changes"]


@pytest.mark.usefixtures("remarked")
def test_so_does_the_page(person: Any) -> None:
    assert "remark" not in person("lin.xiaowen").get(BOX).lower()
