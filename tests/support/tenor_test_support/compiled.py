"""Statements that are compiled once a run, as they are in a process that serves, though each test has engines of its
own."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from sqlalchemy import Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

#: what the engines of all tests ask for; one engine keeps 500 unless it is told otherwise
_KEPT: Final = 4000


def keep_compiled() -> None:
    """From now on an engine takes over what others of its dialect compiled.

    Dialects of one kind count as the same: they are what a compiled statement is found by, beside the statement itself.
    """
    for of, name, shared in (
        (Engine, "_compiled_cache", property(_cache_of, lambda _engine, _own: None)),
        (DefaultDialect, "__eq__", lambda one, other: type(one) is type(other)),
        (DefaultDialect, "__hash__", lambda one: hash(type(one))),
    ):
        setattr(of, name, shared)


@cache
def _cache(_dialect: str, _driver: str) -> LRUCache[Any, Any]:
    return LRUCache(_KEPT)


def _cache_of(engine: Engine) -> LRUCache[Any, Any]:
    return _cache(engine.name, engine.driver)
