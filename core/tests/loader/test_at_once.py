"""Two administrators at once: whatever one of them planned with is another thing by the time it is done."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from core.tests.loader.leaving import on_shelf, put_on_record, remove, switch
from tenor.kernel import Kernel
from tenor.loader import lifecycle
from tenor.loader.state import read_state
from tenor_sdk.errors import Conflict

if TYPE_CHECKING:
    from core.tests.loader.conftest import Shelf

pytestmark = pytest.mark.both_databases


@pytest.fixture
def two(shelf: "Shelf", monkeypatch: pytest.MonkeyPatch) -> None:
    """Two plugins, one of which needs the other; neither is enabled."""
    monkeypatch.setenv("PYTHONPATH", str(shelf.folder))
    on_shelf(shelf, "needed")
    on_shelf(shelf, "needy", requires=("tenor-needed",))


def meanwhile(
    monkeypatch: pytest.MonkeyPatch,
    module: Any,
    step: str,
    act: Callable[[], object],
    *,
    after: bool,
) -> None:
    """Have another administrator do something before or after a step, once."""
    own, waiting = getattr(module, step), [act]

    def both(*given: Any, **named: Any) -> Any:
        found = own(*given, **named) if after else None
        for each in [waiting.pop() for _ in list(waiting)]:
            each()
        return found if after else own(*given, **named)

    monkeypatch.setattr(module, step, both)


@pytest.mark.usefixtures("two")
def test_what_a_plugin_needs_is_not_disabled_while_it_is_enabled(
    start: Callable[..., Kernel], database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_on_record(start(()), "needed")
    one, other = start(()), start(())
    meanwhile(
        monkeypatch,
        lifecycle,
        "upgrade_tables",
        lambda: switch(other, "needed", on=False),
        after=True,
    )
    with pytest.raises(Conflict):
        switch(one, "needy", on=True)
    assert read_state(database).enabled == ()


@pytest.mark.usefixtures("two")
def test_what_somebody_removes_meanwhile_is_not_enabled_without_its_tables(
    start: Callable[..., Kernel], database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_on_record(start(()), "needed")
    one, other = start(()), start(())
    switch(one, "needed", on=False)
    meanwhile(monkeypatch, lifecycle, "upgrade_tables", lambda: remove(other, "needed"), after=True)
    with pytest.raises(Conflict):
        switch(one, "needed", on=True)
    assert read_state(database).enabled == ()
