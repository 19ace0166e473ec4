"""Chains of causes, and when a rule has failed too often."""

from tenor_automation.domain.chain import DEEPEST, barred, cause_of, failing


def test_a_rule_doesnt_act_on_its_own_doing_however_long_ago() -> None:
    chain = [cause_of(7), "import-3", cause_of(8)]
    assert barred(7, chain) == "own-doing"
    assert barred(9, chain) == ""
    assert barred(9, []) == ""


def test_rules_follow_on_each_other_so_often_and_no_more() -> None:
    chain = [cause_of(number) for number in range(DEEPEST)]
    assert barred(99, chain[:-1]) == ""
    assert barred(99, chain) == "too-deep"
    assert barred(99, ["something-else"] * 50) == ""


def test_a_rule_fails_too_often_when_its_latest_runs_all_failed() -> None:
    assert failing([True, True, True])
    assert failing([True, True, True, False])
    assert not failing([True, True])
    assert not failing([True, False, True, True])
