"""Two administrators who write at the same moment, which SQLite lets nobody do: on PostgreSQL alone."""

from collections.abc import Callable, Iterator

import pytest

from core.tests.loader.leaving import ADMIN, put_on_record, remove, switch, tables
from core.tests.loader.test_at_once import meanwhile, two
from tenor.kernel import Kernel
from tenor.loader import lifecycle, removing
from tenor.loader.state import read_state
from tenor.testing import as_actor, build
from tenor_sdk.errors import Conflict, Refused
from tenor_test_support import PostgresServer

__all__ = ["two"]
pytestmark = pytest.mark.postgres


@pytest.fixture
def database(
    plugins: tuple[str, ...],
    postgres_server: PostgresServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """A database of PostgreSQL, whatever the tests of this folder run on."""
    folder = tmp_path_factory.mktemp("postgresql")
    name = f"institution-{'-'.join(sorted(plugins)) or 'base'}"
    built = postgres_server.template(name, lambda url: build(url, plugins, folder))
    with postgres_server.database(built) as made:
        yield made.url


@pytest.mark.usefixtures("two")
def test_what_somebody_enables_meanwhile_is_not_disabled_below_it(
    start: Callable[..., Kernel], database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_on_record(start(()), "needed")
    one, other = start(()), start(())
    meanwhile(
        monkeypatch, lifecycle, "record_state", lambda: put_on_record(other, "needy"), after=False
    )
    with pytest.raises(Refused, match="needy"):
        switch(one, "needed", on=False)
    assert read_state(database).enabled == ("needed", "needy")


@pytest.mark.usefixtures("two")
def test_what_somebody_enables_meanwhile_is_not_removed(
    start: Callable[..., Kernel], database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_on_record(start(()), "needed")
    one, other = start(()), start(())
    switch(one, "needed", on=False)

    def enabled() -> None:
        with as_actor(other, ADMIN) as ctx:
            lifecycle.record_state(other, ctx, enable=["needed"])

    meanwhile(monkeypatch, removing, "take", enabled, after=False)
    with pytest.raises(Conflict):
        remove(one, "needed")
    assert "needed_thing" in tables(database)
