"""The rules of codes and numbers, as checks of fields: the first one that fails is said."""

from __future__ import annotations

from collections.abc import Sequence

from tenor_customers.domain.identifiers import (
    identity_problems,
    industry_levels,
    region_levels,
    uscc_problems,
)
from tenor_customers.domain.problems import Problem, errors
from tenor_customers.words import as_error
from tenor_sdk import Invalid


def check_credit_code(text: str) -> None:
    """GB 32100-2015; says which rule failed.

    Raises:
        Invalid: the key of the rule, with what was found.
    """
    _first(uscc_problems(text))


def check_identity_number(text: str) -> None:
    """GB 11643-1999; an empty text is none yet. Raises as ``check_credit_code``."""
    if text:
        _first(identity_problems(text))


def check_industry(text: str) -> None:
    """A code of GB/T 4754-2017: a letter, then none or two to four digits; empty where unknown."""
    try:
        industry_levels(text or "A")
    except ValueError:
        raise Invalid("not-an-industry", None, value=text) from None


def check_region(text: str) -> None:
    """A code of GB/T 2260: six digits; empty where unknown."""
    try:
        region_levels(text or "000000")
    except ValueError:
        raise Invalid("not-a-region", None, value=text) from None


def _first(problems: Sequence[Problem]) -> None:
    for problem in errors(problems):
        raise as_error(problem)
