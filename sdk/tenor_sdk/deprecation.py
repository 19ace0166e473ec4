"""Names that are on their way out: they go on working, and say who still uses them, and what to write instead."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from tenor_sdk.declare import caller

P = ParamSpec("P")
R = TypeVar("R")


class LeavingWarning(DeprecationWarning):
    """A name goes with the version that the warning says. Plugins' tests are to treat it as an error."""


def deprecated(*, instead: str, gone_in: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Label a function or method that goes. Each call warns, with the file and the line of whoever calls it.

    Args:
        instead: what to write, in words that can be followed: ``"transition(ctx, record, how)"``.
        gone_in: the version that no longer has it, by which its surface may break: ``"2.0"``.
    """

    def label(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def warning(*args: P.args, **kwargs: P.kwargs) -> R:
            place = caller()
            words = f"{function.__qualname__} goes with {gone_in}: write {instead}"
            warnings.warn_explicit(
                words, LeavingWarning, place.file, place.line, module=place.module
            )
            return function(*args, **kwargs)

        return warning

    return label
