"""People at their tasks, for the tests of what they do with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from tenor_petitions.workflow import submit

from core.tests.workflow.standing_in import change_user
from tenor.access.records import User
from tenor.notify.records import Notice
from tenor.workflow.records import Task
from tenor_sdk.testing import as_actor

ZHOU, HE, LIN, DING = "zhou.qiming", "he.lei", "lin.xiaowen", "ding.ning"


def do(acts: Any, login: str, act: Callable[[Any], Any]) -> Any:
    with as_actor(acts.kernel, login) as ctx:
        return act(ctx)


def shelf(acts: Any, login: str, name: str = "before", **more: Any) -> list[int]:
    with as_actor(acts.kernel, login, write=False) as ctx:
        return [one.id for one in acts.engine.desk.page(ctx, name, **more).tasks]


def of(acts: Any, login: str) -> int:
    """A task of one of the two risk officers: the other was away when it came."""
    other = {ZHOU: HE, HE: ZHOU}[login]
    change_user(acts.kernel, other, on_leave_until=date(2026, 12, 31))
    petition = acts.file()
    acts.go(LIN, petition, submit)
    change_user(acts.kernel, other, on_leave_until=None)
    return latest(acts).id


def latest(acts: Any) -> Any:
    return acts.rows(Task)[-1]


def row(acts: Any, identity: int) -> Any:
    return next(one for one in acts.rows(Task) if one.id == identity)


def told(acts: Any, words: str) -> set[str]:
    """Who was told something that begins like this."""
    names = {one.id: one.login for one in acts.rows(User)}
    return {
        names[one.user_id] for one in acts.rows(Notice) if one.title["$text"][0].startswith(words)
    }
