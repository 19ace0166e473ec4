"""The bounds, lengths and choices of inputs, at the door of forms and of the API."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

import pytest

from tenor.records import input_specs
from tenor.records.asked import check_inputs
from tenor.records.schema import read
from tenor_sdk.errors import Invalid
from tenor_sdk.values import Amount, Rate
from tenor_sdk.workflow import ask


@dataclass(frozen=True)
class Given:
    __module__ = "tenor.records"  # a class of the test's own, as if the kernel declared it

    amount: Amount = ask(minimum=Amount(100), maximum=Amount(500))
    share: Rate | None = ask(maximum=Rate.of("0.5"), default=None)
    months: int = ask(minimum=1, maximum=36, default=12)
    day: date | None = ask(minimum=date(2026, 1, 1), default=None)
    code: str = ask(max_length=4, default="")
    reason: str = ask(widget="long-text", max_length=6, default="")
    grade: str = ask(choices=(("a", "A"), ("b", "B")), default="a")


SOUND = {"amount": "5.00"}


@pytest.mark.parametrize("style", ["api", "form"])
@pytest.mark.parametrize(
    ("name", "value", "key"),
    [
        ("amount", "0.99", "too-small"),
        ("amount", "5.01", "too-large"),
        ("share", "51", "too-large"),
        ("months", "0", "too-small"),
        ("months", "37", "too-large"),
        ("day", "2025-12-31", "too-small"),
        ("code", "abcde", "too-long"),
        ("reason", "a long one", "too-long"),
        ("grade", "c", "not-a-choice"),
    ],
)
def test_an_input_beyond_its_bounds_is_refused_by_name(
    style: Literal["api", "form"], name: str, value: str, key: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        read(input_specs(Given).values(), {**SOUND, name: value}, style=style, partial=False)
    assert {field: error.key for field, error in refusal.value.fields.items()} == {name: key}


def test_inputs_at_their_bounds_or_left_empty_are_taken() -> None:
    check_inputs(Given)
    given = {"amount": "1.00", "share": None, "months": 36, "day": "2026-01-01", "code": "abcd"}
    taken = read(input_specs(Given).values(), given, style="api", partial=False)
    assert taken == {
        "amount": Amount(100), "share": None, "months": 36, "day": date(2026, 1, 1), "code": "abcd",
    }  # fmt: skip
