"""What a filter means, the same on both databases: every kind of field, words of people, and what nobody may learn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from core.tests.records.conftest import LIN, Show
from tenor.kernel import Kernel
from tenor.records import PageQuery
from tenor_sdk import Amount, Rate
from tenor_sdk.errors import Invalid
from tenor_sdk.testing import as_actor, make_user

pytestmark = pytest.mark.both_databases
Keep = Callable[..., list[int]]


@pytest.fixture
def parts(keep: Keep, institution: Kernel) -> None:
    """Four parts: a full one, a plain one, one without anything, one that costs yen."""
    from tenor_depot import Grade, Maker, Part, PartWeight

    with as_actor(institution, LIN) as ctx:
        lin = ctx.actor.id
    near, far = Maker(name="Hanse Stahl", industry="C31"), Maker(name="Far away")
    (near_id,) = keep(near)
    (far_id,) = keep(far, of="shen.bai")
    full = Part(
        name="axle", label='Box "7"', grade=Grade.FINE, price=Amount.of("20000000"), share=Rate.of("0.0435"),
        made_on=date(2026, 6, 30), tested_at=datetime(2026, 6, 29, 16, 0, tzinfo=UTC), broken=True, pieces=12,
        maker_id=near_id, tested_by_id=lin, local="Ä",
    )  # fmt: skip
    plain = Part(
        name="bolt", label="", grade=Grade.COARSE, price=Amount.of("0.01"), share=Rate.of("0"), broken=False,
        made_on=date(2026, 5, 31), tested_at=datetime(2026, 6, 30, 15, 59, 59, 999999, tzinfo=UTC), pieces=0,
        local="a",
    )  # fmt: skip
    yen = Part(
        name="yoke", maker_id=far_id, currency="JPY", price=Amount(5000), made_on=date(2025, 12, 31)
    )
    axle, bolt, *_rest = keep(full, plain, Part(name="none"), yen)
    keep(PartWeight(id=axle, grams=900, remark="50% steel_x"), PartWeight(id=bolt))


MEANINGS = {
    "name = axle": "axle",
    "name != axle": "yoke none bolt",
    "name = (axle, bolt)": "bolt axle",
    "name >= b and name < o": "none bolt",
    "name = b..nz": "none bolt",
    'label = "Box \\"7\\""': "axle",
    "label = empty": "yoke none bolt",
    "label != empty": "axle",
    "label ~ BOX": "axle",
    "label !~ box": "yoke none bolt",
    "name ~ (xl, ol)": "bolt axle",
    "remark ~ 50%": "axle",
    "remark ~ l_x": "axle",
    "remark ~ l%x": "",
    "grade = fine": "axle",
    'grade = "Coarse cut"': "bolt",
    "grade != fine": "yoke none bolt",
    "price >= 2000万": "axle",
    "price = 0.2亿": "axle",
    'price = "20,000,000"': "axle",
    "price = 5000": "yoke",
    "price = 50": "",
    "price > 0.005 and price < 1": "bolt",
    "price = 0.015": "",
    "price != 0.015": "yoke none bolt axle",
    "price <= 0.015": "bolt",
    "price = 0.01..6000": "yoke bolt",
    "share = 4.35%": "axle",
    "share = 0.0435": "axle",
    "share < 1%": "bolt",
    "made_on = today": "axle",
    "made_on = today-30d": "bolt",
    "made_on = this-month": "axle",
    "made_on = last-month": "bolt",
    "made_on = last-year": "yoke",
    "made_on = this-year": "bolt axle",
    "made_on = this-quarter": "bolt axle",
    "made_on = 2025-12": "yoke",
    "made_on = 2026-q2": "bolt axle",
    "made_on < 2026-Q2": "yoke",
    "made_on > 2025": "bolt axle",
    "made_on >= 2026-05-31 and made_on < this-week": "bolt",
    "not made_on < 2026": "none bolt axle",
    "tested_at = 2026-06-30": "bolt axle",
    "tested_at < 2026-06-30": "",
    "tested_at > 2026-06-29": "bolt axle",
    'tested_at >= "2026-06-30T08:00:00+08:00"': "bolt",
    "broken = yes": "axle",
    "broken = 否": "bolt",
    "broken != true": "yoke none bolt",
    "broken = empty": "yoke none",
    "pieces >= 12": "axle",
    "pieces = (0, 12)": "bolt axle",
    "grams > 1": "axle",
    "grams = empty": "yoke none bolt",
    "not grams > 1": "yoke none bolt",
    'maker.name = "Hanse Stahl"': "axle",
    "maker.industry = C31": "axle",
    "maker.name != x": "yoke none bolt axle",
    "maker.name = empty": "yoke none bolt",
    "tested_by_id = me": "axle",
    "owner_id = me and unit_id = my-unit": "yoke none bolt axle",
    "state = stored": "yoke none bolt axle",
    'state = "In store"': "yoke none bolt axle",
    "state = state-of-a-plugin-that-went": "",
    "Price >= 2000万": "axle",
    '"Label on the box" ~ box': "axle",
    "Maker.Industry = C31": "axle",
    "pieces > 0 or (grade = coarse-cut and not broken = yes)": "bolt axle",
    "not (pieces > 0 or grade = coarse-cut)": "yoke none",
    "local > a": "axle",
}


@pytest.mark.usefixtures("parts")
def test_each_kind_of_field_is_compared_in_its_own_words(names: Show) -> None:
    assert {asked: " ".join(names(asked)) for asked in MEANINGS} == MEANINGS


@pytest.mark.usefixtures("parts")
@pytest.mark.parametrize(
    "name", ["code", "sheet", "nothing", "maker.secret_name", "maker.nothing", "holder", "state.x"]
)
def test_what_a_person_may_not_see_is_a_field_that_nobody_has(names: Show, name: str) -> None:
    assert refusal(names, f"{name} = x") == ("unknown-filter", {"name": name, "at": 1})
    assert refusal(names, filters={name: ["x"]}) == ("unknown-filter", {"name": name})


@pytest.mark.usefixtures("parts")
def test_a_rule_hides_a_field_and_what_lies_behind_a_link(names: Show, clerk: str) -> None:
    assert names("cost = empty and maker.name = empty") == ["yoke", "none", "bolt"]
    for name in ("cost", "maker_id", "maker.name"):
        assert refusal(names, f"{name} = empty", login=clerk)[0] == "unknown-filter"


@pytest.mark.usefixtures("parts")
def test_a_column_behind_a_link_that_a_rule_hides_is_none(institution: Kernel) -> None:
    from tenor_depot import Part

    make_user(institution, "buyer", roles=["depot.depot-clerk", "depot.reader-of-makers"])
    ctx: Any
    with as_actor(institution, "buyer", write=False) as ctx:
        page = institution.records.page(ctx, institution.views.list_view(Part), PageQuery())
    assert "maker.name" not in [column.key for column in page.columns]
    assert "Hanse Stahl" not in str(page.rows)


@pytest.mark.usefixtures("parts")
def test_a_linked_record_outside_ones_rows_is_as_if_there_were_none(names: Show) -> None:
    assert names("maker.name ~ Far or maker.industry != C31") == ["yoke", "none", "bolt"]
    assert names("maker.name ~ Far") == []
    assert names("maker.name ~ Far", login="head") == ["yoke"]


@pytest.mark.parametrize(
    ("filter", "key", "why"),
    [
        ("made_on = soon", "filter-value", "not-a-day"),
        ("made_on = 2026-02-30", "filter-value", "not-a-day"),
        ("made_on = 2026-13", "filter-value", "not-a-day"),
        ("made_on = 0000", "filter-value", "not-a-day"),
        ("made_on > today+99999d and made_on > today-99999d and made_on > 9999", "", ""),
        ("tested_at = 0001-01-01", "filter-value", "not-a-time"),
        ("tested_at = 9999-12-31", "filter-value", "not-a-time"),
        ("tested_at > 2026-06-30T08:00", "filter-value", "time-without-zone"),
        ("price = much", "filter-value", "not-an-amount"),
        ("price = 99999999999999999999", "filter-value", "not-an-amount"),
        ("price = 1e9", "filter-value", "not-an-amount"),
        ("price = 9999亿", "", ""),
        ("share = 99999999999999", "filter-value", "not-a-rate"),
        ("share = 0.00000000001", "filter-value", "too-many-decimals"),
        ("pieces = 9223372036854775808", "filter-value", "not-a-whole-number"),
        ("id = 1.5", "filter-value", "not-a-whole-number"),
        ("maker_id = 9223372036854775808", "filter-value", "not-a-link"),
        ("maker_id = me", "filter-value", "not-a-link"),
        ("grade = rough", "filter-value", "not-a-choice"),
        ('state = "no such thing!"', "filter-value", "not-a-choice"),
        ("broken = perhaps", "filter-value", "not-a-yes-or-no"),
        ("grade < fine", "filter-sign", ""),
        ("pieces ~ 1", "filter-sign", ""),
        ("maker_id > 1", "filter-sign", ""),
        ("broken >= yes", "filter-sign", ""),
        ('name = "\' or 1=1 --"', "", ""),
        ('name ~ "%\' ; drop table depot_part; --"', "", ""),
    ],
)  # fmt: skip
def test_what_no_field_holds_is_refused_by_name(
    names: Show, filter: str, key: str, why: str
) -> None:
    if not key:
        assert names(filter) == []
        return
    found, values = refusal(names, filter)
    assert (found, getattr(values.get("why"), "key", "")) == (key, why)


def test_an_error_is_told_in_the_persons_language(names: Show, institution: Kernel) -> None:
    with pytest.raises(Invalid) as refused:
        names("price >= 2 and made_on = soon")
    say = institution.translator.error
    assert say(refused.value, "en").startswith("Filter, at character 26: made_on: “soon” is no day")
    assert say(refused.value, "zh-CN").startswith("筛选条件第 26 个字符处，made_on：“soon”不是日期")
    with pytest.raises(Invalid) as refused:
        names("price >=")
    assert say(refused.value, "zh-CN") == "筛选条件第 9 个字符处应为值，现为“结尾”。"


@pytest.mark.usefixtures("parts")
def test_an_address_of_pairs_says_the_same_as_the_filter_made_of_them(names: Show) -> None:
    pairs = {"grade": ["fine", "coarse-cut"], "price__from": ["1"], "made_on__to": ["today"]}
    said = "grade = (fine, coarse-cut) and price >= 1 and made_on <= today"
    assert names(filters=pairs) == names(said) == ["axle"]
    assert names("pieces = 0", filters={"grade": ["fine", "coarse-cut"]}) == ["bolt"]


def refusal(names: Show, filter: str = "", **asked: Any) -> tuple[str, dict[str, Any]]:
    with pytest.raises(Invalid) as refused:
        names(filter, **asked)
    return refused.value.key, dict(refused.value.values)
