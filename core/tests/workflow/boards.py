"""The committee of the demo bank before a motion, for the tests of approvals."""

from __future__ import annotations

from typing import Any

from core.tests.workflow.standing_in import user
from tenor_sdk.approvals import Ballot, vote
from tenor_sdk.testing import as_actor
from tenor_sdk.values import Amount
from tenor_sdk.workflow import transition

CHAIR, JING, SUN, WU, ZHENG = "chen.li", "he.jing", "sun.jianguo", "wu.wan", "zheng.tao"
MOVER, OFFICER = "lin.xiaowen", "zhou.qiming"
APPROVERS = ("qin.feng", "liang.heng", "gu.yan")


class Boards:
    """Motions of 林晓雯, and who decides on them."""

    def __init__(self, kernel: Any) -> None:
        self.kernel, self.engine = kernel, kernel.workflow

    def tabled(self, *, party: str = SUN, named: tuple[str, ...] = (), **values: Any) -> int:
        """A motion that waits for its people; 孙建国 is party to it."""
        from tenor_boards.records import Motion
        from tenor_boards.workflow import table

        ids = " ".join(str(user(self.kernel, login)) for login in named)
        given = {"subject": "a bridge", "amount": Amount.of("500"), "named": ids, **values}
        party_id = user(self.kernel, party) if party else None
        with as_actor(self.kernel, MOVER) as ctx:
            motion = Motion(
                unit_id=ctx.actor.unit_id, owner_id=ctx.actor.id, party_id=party_id, **given
            )
            ctx.session.add(motion)
            ctx.session.flush()
            transition(ctx, motion, table)
            return motion.id

    def do(self, login: str, motion: int, act: Any) -> Any:
        from tenor_boards.records import Motion

        with as_actor(self.kernel, login) as ctx:
            return act(ctx, ctx.session.get_one(Motion, motion))

    def says(
        self,
        login: str,
        motion: int,
        ballot: Ballot,
        reason: str = "",
        how: Any = None,
        **more: Any,
    ) -> bool:
        """A vote of somebody's; whether it decided."""
        from tenor_boards.workflow import carry

        if not reason and ballot in (Ballot.AGAINST, Ballot.VETO, Ballot.RECUSE):
            reason = "too dear"

        def act(ctx: Any, one: Any) -> bool:
            return vote(ctx, one, how or carry, ballot, reason=reason, **more)

        moved: bool = self.do(login, motion, act)
        return moved

    def votes(self, motion: int, *who: str, how: Any = None) -> bool:
        """Votes for it, in their order; whether the last decided."""
        return [self.says(login, motion, Ballot.FOR, how=how) for login in who][-1]

    def change(self, motion: int, **values: Any) -> None:
        def act(_ctx: Any, one: Any) -> None:
            for name, value in values.items():
                setattr(one, name, value)

        self.do(MOVER, motion, act)

    def state(self, motion: int) -> str:
        state: str = self.do(MOVER, motion, lambda _ctx, one: one.state)
        return state

    def offer(self, login: str, motion: int, name: str = "carry") -> Any:
        offered = self.do(login, motion, self.engine.available)
        return next((one for one in offered if one.name == name), None)

    def cast(self, motion: int) -> list[tuple[str, str, str]]:
        """Everybody's votes so far: who, what, and why it fell."""
        voted = self.do(MOVER, motion, self.engine.voted)
        return [(one.user_name, str(one.ballot), one.void_reason) for one in voted]

    def ledger(self, kind: str) -> list[Any]:
        with as_actor(self.kernel, "song.qing", write=False) as ctx:
            found: list[Any] = self.kernel.audit.search(ctx, kind=kind)
            return found

    def words(self, text: Any, language: str = "en") -> str:
        said: str = self.kernel.translator.text(text, language)
        return said
