"""What other plugins may import; all else may change on Tuesday.

An adviser on bad loans comes from a plugin of its own, under the entry point ``tenor.drivers.npl_adviser``, and proves
itself by ``tenor_npl_disposal.testing.AdviserContract``.
"""

from tenor_npl_disposal.advising import advice_on, question_of
from tenor_npl_disposal.drivers import (
    Advice,
    BadLoan,
    NplAdviser,
    NullAdviser,
    Question,
    npl_adviser,
)
from tenor_npl_disposal.records import NplCase, WayOut
from tenor_npl_disposal.services import open_case
from tenor_npl_disposal.workflow import npl_flow

__all__ = [
    "Advice",
    "BadLoan",
    "NplAdviser",
    "NplCase",
    "NullAdviser",
    "Question",
    "WayOut",
    "advice_on",
    "npl_adviser",
    "npl_flow",
    "open_case",
    "question_of",
]
