"""A register of companies, in an institution of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tenor.kernel import Kernel
from tenor_sdk.records import Record
from tenor_sdk.testing import as_actor, make_user
from tenor_test_support.owned import put_down
from tenor_test_support.plugins import installed

PLUGINS = Path(__file__).parent / "plugins"
LIN = "lin.xiaowen"

Keep = Callable[..., Sequence[int]]
Seen = Callable[..., list[str]]


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The plugin ``registry``, as pip would have installed it."""
    with installed(PLUGINS, "registry", tmp_path_factory.mktemp("search-site")) as name:
        yield name


@pytest.fixture(scope="module")
def plugins(registry: str) -> tuple[str, ...]:
    return (registry,)


@pytest.fixture
def head(institution: Kernel) -> str:
    """Somebody who sees all companies, of another unit than Lin's."""
    make_user(institution, "head", roles=["registry.head-of-the-registry"])
    return "head"


@pytest.fixture
def keep(institution: Kernel, head: str) -> Keep:
    """Put records into the register, of somebody's unit; their ids."""

    def put(*records: Record, of: str = LIN) -> Sequence[int]:
        return put_down(institution, records, by=head, of=of)

    return put


@pytest.fixture
def seen(institution: Kernel) -> Seen:
    """The names of the companies that a search shows to somebody, the best first."""

    def found(typed: str, login: str = LIN, most: int = 50) -> list[str]:
        from tenor_registry import Company

        ctx: Any
        with as_actor(institution, login, write=False) as ctx:
            answer = institution.search.find(ctx, Company, typed, most)
            names = institution.records.display_names(ctx, Company, answer.ids)
            return [ctx.session.get(Company, one).name for one in answer.ids if one in names]

    return found
