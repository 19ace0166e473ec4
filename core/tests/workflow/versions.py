"""Versions of the authority over bids, as the people of the demo bank bring them about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from tenor.base.authorities import Drafted, approve, draft_version, propose, publish
from tenor.workflow.records import AuthorityVersion
from tenor_sdk.testing import as_actor
from tenor_sdk.workflow import transition

TODAY: Final = date(2026, 6, 30)
TOMORROW: Final = date(2026, 7, 1)
KEY: Final = "bids.bids"
PROPOSER, APPROVER, PUBLISHER = "zhou.qiming", "gu.yan", "ding.ning"
#: a branch head alone up to ten million, two approvers above
PLAIN: Final = (
    ("branch-head", 1, "", "amount <= 10000000 CNY"),
    ("approver", 2, "", ""),
)
Line = tuple[str, int, str, str]


class Versions:
    """Drafts, proposes, approves and publishes."""

    def __init__(self, kernel: Any) -> None:
        self.kernel = kernel

    def draft(self, lines: Sequence[Line] = PLAIN, day: date = TODAY, on: date = TODAY) -> int:
        """周启明's draft with these lines."""
        with as_actor(self.kernel, PROPOSER, on=on) as ctx:
            place = draft_version(ctx, None, Drafted(day, "resolved by the board", KEY))
            version = ctx.session.get_one(AuthorityVersion, int(place.rpartition("/")[2]))
            names = ("position", "people", "among", "limits")
            rows = [dict(zip(names, one, strict=True)) for one in lines]
            self.kernel.records.update(ctx, version, {"entries": rows})
            return version.id

    def go(self, login: str, version: int, how: Any, *, on: date = TODAY, reason: str = "") -> bool:
        """A transition."""
        with as_actor(self.kernel, login, on=on) as ctx:
            found = ctx.session.get_one(AuthorityVersion, version)
            return transition(ctx, found, how, reason=reason)

    def publish(self, lines: Sequence[Line] = PLAIN, day: date = TODAY, on: date = TODAY) -> int:
        """A version that is in force from a day on."""
        version = self.draft(lines, day, on)
        self.go(PROPOSER, version, propose, on=on)
        self.go(APPROVER, version, approve, on=on)
        self.go(PUBLISHER, version, publish, on=on)
        return version

    def read(self, version: int) -> Any:
        """What stands in it."""
        with as_actor(self.kernel, "song.qing", write=False) as ctx:
            found = ctx.session.get_one(AuthorityVersion, version)
            lines = [(one.position, one.people, one.among, one.limits) for one in found.entries]
            return found.state, found.number, lines
