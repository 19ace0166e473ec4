from dataclasses import replace
from datetime import date

import pytest

from tenor_loans.domain.rules import Rule, rule_on
from tenor_loans.reference import delivered_rules
from tenor_sdk.errors import Invalid

OLD = Rule("cap", date(2007, 1, 1), date(2023, 7, 1), "the guide of 2007", True, 1)
NEW = replace(OLD, valid_from=date(2023, 7, 1), valid_to=None, source="the measures", value=2)


def test_a_replay_of_an_old_decision_gets_the_rule_of_its_day() -> None:
    assert rule_on([OLD, NEW], "cap", date(2023, 6, 30)) is OLD
    assert rule_on([OLD, NEW], "cap", date(2023, 7, 1)) is NEW


@pytest.mark.parametrize(
    ("rules", "key"), [([NEW], "no-rule"), ([OLD, replace(OLD, value=3)], "rules-overlap")]
)
def test_a_day_without_one_rule_is_an_error(rules: list[Rule], key: str) -> None:
    with pytest.raises(Invalid) as refused:
        rule_on(rules, "cap", date(2022, 6, 1))
    assert refused.value.key == key


def test_every_delivered_rule_names_its_source() -> None:
    assert all(rule.source for rule in delivered_rules())
