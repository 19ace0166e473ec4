"""A depot with parts, in an institution of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tenor.kernel import Kernel
from tenor.records import PageQuery
from tenor_sdk.records import Record
from tenor_sdk.testing import as_actor, make_user
from tenor_test_support.owned import put_down
from tenor_test_support.plugins import installed

PLUGINS = Path(__file__).parent / "plugins"
LIN = "lin.xiaowen"

Show = Callable[..., list[str]]


@pytest.fixture(scope="session")
def depot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The plugin ``depot``, as pip would have installed it."""
    with installed(PLUGINS, "depot", tmp_path_factory.mktemp("records-site")) as name:
        yield name


@pytest.fixture(scope="module")
def plugins(depot: str) -> tuple[str, ...]:
    return (depot,)


@pytest.fixture
def clerk(institution: Kernel) -> str:
    """Somebody from whom a field rule hides a price's cost."""
    make_user(institution, "clerk", roles=["depot.depot-clerk"])
    return "clerk"


@pytest.fixture
def keep(institution: Kernel) -> Callable[..., Sequence[int]]:
    """Put records into the depot, by its head, of somebody's unit; their ids."""
    make_user(institution, "head", roles=["depot.depot-head"])

    def put(*records: Record, of: str = LIN) -> Sequence[int]:
        return put_down(institution, records, by="head", of=of)

    return put


@pytest.fixture
def names(institution: Kernel) -> Show:
    """The names of the parts that a list shows to somebody, in its order."""

    def shown(filter: str = "", login: str = LIN, **asked: Any) -> list[str]:
        from tenor_depot import Part

        query = PageQuery(filter=filter, **{"size": 500, **asked})
        ctx: Any
        with as_actor(institution, login, write=False) as ctx:
            page = institution.records.page(ctx, institution.views.list_view(Part), query)
            assert page.count == len(page.records) or asked.get("size")
            return [str(record.name) for record in page.records if isinstance(record, Part)]

    return shown
