"""The decision tree. Sample and variants: the design's ``loan_math.json``, "decision_tree"."""

from fractions import Fraction
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenor_credit.domain.errors import ModelInvalid
from tenor_credit.domain.models import bundled_trees, read_tree
from tenor_credit.domain.tree import decide

TREE = bundled_trees()["制造业树-2026.1"]
SAMPLE = {
    "interest_cover": Fraction(4),
    "debt_to_assets": Fraction("0.60"),
    "capacity_utilisation": Fraction("0.76"),
    "receivables_turnover": Fraction(6),
}


@pytest.mark.parametrize(
    ("changed", "grade"),
    [
        ({}, "A"),
        ({"capacity_utilisation": "0.55"}, "B"),
        ({"capacity_utilisation": "0.60"}, "A"),
        ({"debt_to_assets": "0.80", "dscr": "1.05"}, "C"),
        ({"debt_to_assets": "0.80", "dscr": "1.10"}, "B"),
        ({"interest_cover": "0.9"}, "D"),
        ({"receivables_turnover": "2.9"}, "B"),
    ],
)
def test_the_tree_decides_by_its_thresholds(changed: dict[str, str], grade: str) -> None:
    values = SAMPLE | {field: Fraction(value) for field, value in changed.items()}
    assert decide(TREE, values).grade == grade


def test_the_path_shows_each_question_with_its_value_and_answer() -> None:
    path = decide(TREE, SAMPLE).path
    assert [(step.field, step.value, step.answer) for step in path] == [
        ("interest_cover", Fraction(4), "no"),
        ("debt_to_assets", Fraction("0.60"), "no"),
        ("capacity_utilisation", Fraction("0.76"), "no"),
        ("receivables_turnover", Fraction(6), "no"),
    ]


def test_a_missing_value_takes_its_own_branch() -> None:
    verdict = decide(TREE, SAMPLE | {"debt_to_assets": None})
    assert verdict.grade == "C"
    assert verdict.path[-1].answer == "missing"


@given(
    values=st.dictionaries(
        st.sampled_from([node.field for node in TREE.nodes]), st.none() | st.fractions(-10, 10)
    )
)
def test_every_customer_comes_out_somewhere_by_the_same_path_twice(
    values: dict[str, Fraction | None],
) -> None:
    verdict = decide(TREE, values)
    assert verdict == decide(TREE, values)
    assert len(verdict.path) <= len(TREE.nodes)


def tree_text() -> str:
    path = files("tenor_credit") / "models" / "tree_manufacturing_2026_1.toml"
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('no = { node = "receivables" }', 'no = { node = "leverage" }', "tree-has-cycle"),
        ('no = { node = "receivables" }', 'no = { node = "nowhere" }', "node-unknown"),
        ('no = { node = "receivables" }', 'no = { grade = "A" }', "node-unreachable"),
        ('id = "receivables"', 'id = "capacity"', "node-repeated"),
        ('op = ">"', 'op = "!="', "operator-unknown"),
        ('missing = { grade = "B" }', "", "model-unreadable"),
        ('threshold = "0.60"', "threshold = 0.60", "number-is-float"),
        ('root = "cover"', 'root = "nowhere"', "node-unknown"),
    ],
)
def test_a_tree_that_contradicts_itself_is_not_published(old: str, new: str, key: str) -> None:
    text = tree_text()
    assert old in text
    with pytest.raises(ModelInvalid) as refused:
        read_tree(text.replace(old, new, 1))
    assert refused.value.key == key
