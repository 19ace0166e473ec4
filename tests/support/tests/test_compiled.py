"""What is compiled for one engine, all others of its kind take over."""

from __future__ import annotations

from typing import Any

from sqlalchemy import create_engine, literal, select
from sqlalchemy.engine.interfaces import CacheStats


def test_a_statement_is_compiled_once_for_all_engines() -> None:
    found: list[Any] = []
    for number in (1, 2):
        engine = create_engine("sqlite://")
        with engine.connect() as connection:
            asked = connection.execute(select(literal(number).label("asked_for_here_only")))
            found.append((asked.scalar(), asked.context.cache_hit))
        engine.dispose()
    assert found == [(1, CacheStats.CACHE_MISS), (2, CacheStats.CACHE_HIT)]
