"""Which address leads where. Werkzeug compiles two functions for each rule that make an address of it; ours are made by
``addresses``, so they are left until somebody asks: at each start they would take a twentieth of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from werkzeug.routing import IntegerConverter, Rule

_Builder = Callable[..., tuple[str, str]]


class Number(IntegerConverter):
    """An id in an address: more digits than any has make it an address of nothing, whatever is asked of it."""

    regex = r"\d{1,40}"


class Route(Rule):
    """A rule that compiles what makes its address when it is first made."""

    def _compile_builder(self, append_unknown: bool = True) -> _Builder:
        compiled = super()._compile_builder

        @cache
        def builder() -> _Builder:
            return compiled(append_unknown)

        def build(rule: Rule, *given: object, **named: object) -> tuple[str, str]:
            return builder()(rule, *given, **named)

        return build
