"""Two plugins that only these tests have: on the path from the start, installed while these tests run."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

PLUGINS = Path(__file__).parent / "plugins"
sys.path.insert(0, str(PLUGINS))


@pytest.fixture(scope="module", autouse=True)
def petitions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """``petitions`` and ``inspections``, as pip would have installed them."""
    site = tmp_path_factory.mktemp("site")
    for name, requires in (("petitions", []), ("inspections", ["petitions"])):
        folder = site / f"tenor_{name}-1.0.dist-info"
        folder.mkdir()
        needs = "".join(f"Requires-Dist: tenor-{other}\n" for other in ("sdk", *requires))
        head = f"Metadata-Version: 2.1\nName: tenor-{name}\nVersion: 1.0\n"
        (folder / "METADATA").write_text(head + needs)
        point = f"[tenor.plugins]\n{name} = tenor_{name}:plugin\n"
        (folder / "entry_points.txt").write_text(point)
    sys.path.insert(0, str(site))
    importlib.invalidate_caches()
    yield
    sys.path.remove(str(site))


@pytest.fixture(scope="module")
def plugins() -> tuple[str, ...]:
    return ("petitions",)


class Acts:
    """Acts of people on one petition after another, each in a transaction of its own."""

    def __init__(self, kernel: Any) -> None:
        self.kernel = kernel
        self.engine = kernel.workflow

    def file(self, login: str = "lin.xiaowen", **values: Any) -> int:
        from tenor_petitions.services import file_petition

        from tenor_sdk.testing import as_actor

        with as_actor(self.kernel, login) as ctx:
            return file_petition(ctx, **values).id

    def do(self, login: str, petition_id: int, act: Callable[[Any, Any], Any]) -> Any:
        """What ``act(ctx, petition)`` gives."""
        from tenor_petitions.records import Petition

        from tenor_sdk.testing import as_actor

        with as_actor(self.kernel, login) as ctx:
            return act(ctx, ctx.session.get_one(Petition, petition_id))

    def go(self, login: str, petition_id: int, how: Any, *args: Any, **more: Any) -> bool:
        from tenor_sdk.workflow import transition

        moved: bool = self.do(
            login, petition_id, lambda ctx, petition: transition(ctx, petition, how, *args, **more)
        )
        return moved

    def state(self, petition_id: int) -> str:
        state: str = self.do("zhou.qiming", petition_id, lambda _ctx, petition: petition.state)
        return state

    def at_approval(self, **values: Any) -> int:
        """A petition that 林晓雯 submitted and 周启明 assessed."""
        from tenor_petitions.workflow import Assessment, assess, submit

        petition = self.file(**values)
        self.go("lin.xiaowen", petition, submit)
        self.go("zhou.qiming", petition, assess, Assessment(opinion="sound"))
        return petition

    def ledger(self, kind: str) -> list[Any]:
        """Entries of one kind, the latest first, as 宋清 reads them."""
        from tenor_sdk.testing import as_actor

        with as_actor(self.kernel, "song.qing", write=False) as ctx:
            found: list[Any] = self.kernel.audit.search(ctx, kind=kind)
            return found

    def user(self, login: str) -> int:
        from tenor_sdk.testing import as_actor

        with as_actor(self.kernel, login, write=False) as ctx:
            return ctx.actor.id

    def rows(self, record: type[Any]) -> list[Any]:
        """Every row of a table of the kernel's."""
        with self.kernel.db.raw(write=False) as connection:
            table = record.__table__
            return list(connection.execute(table.select().order_by(table.c.id)))


@pytest.fixture
def acts(institution: Any) -> Acts:
    return Acts(institution)
