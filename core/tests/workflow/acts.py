"""People acting on petitions, for the tests of the engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tenor_sdk.errors import TenorError
from tenor_sdk.testing import as_actor
from tenor_sdk.workflow import transition


def refused(kind: type[TenorError], act: Callable[..., Any], *args: Any, **more: Any) -> Any:
    """The refusal that an act meets, of exactly this kind."""
    with pytest.raises(kind) as caught:
        act(*args, **more)
    assert type(caught.value) is kind
    return caught.value


class Acts:
    """Acts of people on one petition after another, each in a transaction of its own."""

    def __init__(self, kernel: Any) -> None:
        self.kernel = kernel
        self.engine = kernel.workflow

    def file(self, login: str = "lin.xiaowen", **values: Any) -> int:
        from tenor_petitions.services import file_petition

        with as_actor(self.kernel, login) as ctx:
            return file_petition(ctx, **values).id

    def do(self, login: str, petition_id: int, act: Callable[[Any, Any], Any]) -> Any:
        """What ``act(ctx, petition)`` gives."""
        from tenor_petitions.records import Petition

        with as_actor(self.kernel, login) as ctx:
            return act(ctx, ctx.session.get_one(Petition, petition_id))

    def go(self, login: str, petition_id: int, how: Any, *args: Any, **more: Any) -> bool:
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
        with as_actor(self.kernel, "song.qing", write=False) as ctx:
            found: list[Any] = self.kernel.audit.search(ctx, kind=kind)
            return found

    def user(self, login: str) -> int:

        with as_actor(self.kernel, login, write=False) as ctx:
            return ctx.actor.id

    def rows(self, record: type[Any]) -> list[Any]:
        """Every row of a table of the kernel's."""
        with self.kernel.db.raw(write=False) as connection:
            table = record.__table__
            return list(connection.execute(table.select().order_by(table.c.id)))
