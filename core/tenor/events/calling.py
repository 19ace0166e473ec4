"""Calling one implementation of a hook after the other: each timed, as a part of the transaction that can fail by
itself, and as a procedure of its plugin.

It does at once what ``timed``, ``savepoint`` and ``procedure`` do one within the other: for twenty implementations, of
which most have nothing to say, those would take a hundred times as long as they do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from tenor.db.sections import Section
from tenor.db.state import state_of
from tenor.events.timings import is_failure

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.events.hooks import Implementation
    from tenor.events.timings import Listener
    from tenor.meters import Meter

#: What a plugin's callback may raise without taking the house down; ``sys.exit`` is one of them.
FAILURES: Final = (Exception, SystemExit)
#: one implementation, and where its calls are counted
Part = tuple["Implementation", "Meter"]


def call_each(
    ctx: KernelContext,
    parts: Iterable[Part],
    offered: Mapping[str, Any],
    failed: Callable[[Implementation, BaseException], None],
    listener: Listener | None,
) -> list[Any]:
    """Ask each with those of the offered arguments that it names.

    Args:
        failed: told of an error, once what its part did is undone; it may raise.
        listener: hears how long each took.

    Returns:
        What each returned, without those that failed.
    """
    session = ctx.guarded
    state = state_of(session)
    stack, answers = state.stack, []
    section = Section(session, state)
    section.__enter__()
    began = perf_counter()
    for impl, meter in parts:
        stack.append(impl.procedure)
        try:
            try:
                answer = impl.call(offered)
                if session.has_changes:
                    session.flush()  # judged as what this plugin wrote
            finally:
                stack.pop()
            if section.opened:
                section.__exit__(None, None, None)
                section.__enter__()
        except FAILURES as error:
            meter.count(began, is_failure("hook", error), perf_counter())
            section.undo()
            failed(impl, error)
            section.__enter__()
            began = perf_counter()
        except BaseException:
            section.undo()
            raise
        else:
            ended = perf_counter()
            meter.count(began, False, ended)
            if listener is not None:
                listener(impl.key, ended - began)
            answers.append(answer)
            began = ended
    section.__exit__(None, None, None)
    return answers
