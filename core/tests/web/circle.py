"""Companies of one person's and what is between them, for the tests of graphs."""

from __future__ import annotations

import re
from datetime import datetime
from html import unescape

from sqlalchemy import text

from tenor.kernel import Kernel
from tenor_sdk import Rate
from tenor_sdk.testing import as_actor

LIN, OTHER = "lin.xiaowen", "shen.bai"


class Circle:
    """Companies by their names, and what is between them."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.ids: dict[str, int] = {}

    def company(self, name: str) -> int:
        from tenor_circles import Company

        with as_actor(self.kernel, LIN) as ctx:
            made = Company(name=name, unit_id=ctx.actor.unit_id, owner_id=ctx.actor.id)
            ctx.session.add(made)
            ctx.session.flush()
            self.ids[name] = made.id
        return self.ids[name]

    def hide(self, name: str) -> None:
        """From now on it is another branch's."""
        with as_actor(self.kernel, OTHER) as ctx:
            there = ctx.actor.unit_id
        moved = text("UPDATE circles_company SET unit_id = :there WHERE id = :which")
        with self.kernel.db.raw() as connection:
            connection.execute(moved, {"there": there, "which": self.ids[name]})

    def stake(
        self, holder: str, held: str, share: str = "", how: str = "owns", at: datetime | None = None
    ) -> None:
        from tenor_circles import How, Stake

        ends = {"holder_id": self.of(holder), "held_id": self.of(held)}
        with as_actor(self.kernel, LIN) as ctx:
            rate = Rate.percent(share) if share else None
            ctx.session.add(Stake(**ends, how=How(how), share=rate, agreed_at=at))

    def of(self, name: str) -> int:
        return self.ids[name] if name in self.ids else self.company(name)


def rows(html: str) -> list[list[str]]:
    """The table behind the graph."""
    body = html.partition("t-chart-table")[2].partition("</tbody>")[0].partition("<tbody>")[2]
    return [
        [
            unescape(re.sub(r"<[^>]+>", "", cell)).strip()
            for cell in re.findall(r"(?s)<t[hd].*?</t[hd]>", row)
        ]
        for row in body.split("</tr>")
        if "<t" in row
    ]
