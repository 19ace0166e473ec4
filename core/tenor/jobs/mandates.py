"""What a person lets a plugin do in their name; see ``tenor_sdk.mandates``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from tenor.access.records import User
from tenor.db.state import state_of
from tenor.events.rows import table_of
from tenor.jobs.records import Mandate
from tenor_sdk.errors import Forbidden, NotFound, Refused

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.kernel import Kernel

_mandate: Final = table_of(Mandate)
_user: Final = table_of(User)


class Mandates:
    """Gives and ends mandates, and tells whose they are."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel

    def give(self, ctx: KernelContext, purpose: str) -> int:
        """A mandate of who acts, for the plugin whose procedure this is.

        Raises:
            Forbidden: ``no-person``; ``outside-a-procedure``.
        """
        if not ctx.actor.is_person:
            raise Forbidden("no-person")
        given = Mandate(user_id=ctx.actor.id, plugin=_plugin(ctx), purpose=purpose[:500])
        with self.kernel.db.system(ctx.session) as session:
            session.add(given)
            session.flush()
            return given.id

    def end(self, ctx: KernelContext, identity: int) -> None:
        """End one: by who gave it, or in a procedure of its plugin.

        Raises:
            NotFound: ``not-found``.
        """
        with self.kernel.db.system(ctx.session) as session:
            found = session.get(Mandate, identity)
            procedure = state_of(ctx.session).procedure
            mine = found is not None and found.user_id == ctx.actor.id
            inside = (
                found is not None and procedure is not None and procedure.plugin == found.plugin
            )
            if found is None or not (mine or inside):
                raise NotFound("not-found", what=Mandate.called())
            if found.ended_at is None:
                found.ended_at = ctx.now
                session.flush()

    def giver(self, ctx: KernelContext, identity: int, plugin: str) -> int:
        """Who gave a mandate, if it stands.

        Raises:
            Forbidden: ``other-plugins-mandate``. Refused: ``mandate-over``.
        """
        row = self._row(ctx, identity)
        if row is None or row.plugin != plugin:
            raise Forbidden("other-plugins-mandate")
        if not _stands(row):
            raise Refused("mandate-over")
        return int(row.user_id)

    def stands(self, ctx: KernelContext, identity: int) -> bool:
        """Whether a mandate is in force."""
        row = self._row(ctx, identity)
        return row is not None and _stands(row)

    def _row(self, ctx: KernelContext, identity: int) -> Any:
        """A mandate with how its giver stands; None where there is none."""
        statement = (
            select(_mandate.c.user_id, _mandate.c.plugin, _mandate.c.ended_at, _user.c.active, _user.c.archived)
            .join(_user, _user.c.id == _mandate.c.user_id)
            .where(_mandate.c.id == identity)
        )  # fmt: skip
        return self.kernel.db.execute(ctx.guarded, statement).one_or_none()

    @contextmanager
    def outside_procedures(self, ctx: KernelContext) -> Iterator[None]:
        """Within a job under a mandate: as its person at a form, whose own grants count and no procedure's.

        Raises:
            Forbidden: ``no-mandate``.
        """
        run = self.kernel.jobs.runner.run_of(ctx)
        if run is None or run.mandate_id is None:
            raise Forbidden("no-mandate")
        state = state_of(ctx.session)
        ctx.session.flush()
        gone_through, state.stack = state.stack, []
        try:
            yield
            ctx.session.flush()
        finally:
            state.stack = gone_through


def _stands(row: Any) -> bool:
    return row.ended_at is None and row.active and not row.archived


def _plugin(ctx: KernelContext) -> str:
    procedure = state_of(ctx.session).procedure
    if procedure is None:
        raise Forbidden("outside-a-procedure")
    return procedure.plugin
