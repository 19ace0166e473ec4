"""What stands in the way of a transition: guards, and plugins that are off."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from tenor.db.state import state_of
from tenor.events.events import FAILURES
from tenor.events.said import words_of
from tenor.workflow.definitions import Definition, TransitionSpec, guard_plugin
from tenor_sdk.errors import Blocked, TenorError
from tenor_sdk.i18n import Text, _
from tenor_sdk.records import Record
from tenor_sdk.workflow import Blocker, Guard

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.kernel import Kernel
    from tenor.workflow.merging import Flow

log = logging.getLogger(__name__)

#: what stands in the way of a transition, as the kernel sees it
Standing = Callable[["KernelContext", Record, Definition, TransitionSpec, "Flow"], "list[Blocker]"]
#: Whose procedure a callback is that may only read: no plugin's, so that no record is its own.
_READING: Final = "reading"


class Guards:
    """Asks guards; what can't be asked closes the way.

    Args:
        guards: of all workflows, by ``<plugin>.<function>``.
        running: names of the plugins that run.
        also: the kernel's own, beside those that plugins declare.
    """

    def __init__(
        self,
        kernel: Kernel,
        guards: Mapping[str, Guard],
        running: frozenset[str],
        also: Sequence[Standing] = (),
    ) -> None:
        self.kernel = kernel
        self._also = also
        self._guards = guards
        self._running = running

    def blockers(
        self,
        ctx: KernelContext,
        record: Record,
        definition: Definition,
        spec: TransitionSpec,
        flow: Flow,
    ) -> list[Blocker]:
        """Everything that stands in the way: missing plugins first, then each guard's answer."""
        found = [_off(plugin) for plugin in self._off(definition, spec)]
        if spec.plugin in self._running and not _declared(flow, spec):
            found.append(_gone(spec.name, spec.plugin))
        for standing in self._also:
            found += standing(ctx, record, definition, spec, flow)
        for name in spec.guards:
            if name in self._guards:
                found += self._ask(ctx, record, name, self._guards[name])
            elif guard_plugin(name) in self._running:
                found.append(_gone(name, guard_plugin(name)))
        return found

    def _off(self, definition: Definition, spec: TransitionSpec) -> list[str]:
        """Plugins that are off, though the case's definition needs them for this transition."""
        needed = {spec.plugin, *(guard_plugin(name) for name in spec.guards)}
        target = definition.state(spec.target)
        if target is not None:
            needed.add(target.plugin)
        return sorted(needed - self._running)

    def _ask(self, ctx: KernelContext, record: Record, name: str, guard: Guard) -> list[Blocker]:
        """A guard's answer. What it refuses in words is an answer; any other error closes the way and is on record."""
        try:
            with self.reading(ctx, "guard", guard_plugin(name), name):
                return list(guard(ctx, record))
        except Blocked as error:
            return list(error.blockers) or [_refused(error)]
        except TenorError as error:
            return [_refused(error)]
        except FAILURES as error:
            log.exception("the guard %s failed; its transition is out of service", name)
            if state_of(ctx.session).writes:
                on_record(ctx, "guard-failed", record, guard=name, error=words_of(error))
            return [
                Blocker(
                    _("A check couldn't be made, so this step is out of service"), why=Text(name)
                )
            ]

    @contextmanager
    def reading(self, ctx: KernelContext, kind: str, plugin: str, name: str) -> Iterator[None]:
        """A plugin's callback that may only read: timed, its errors undone by themselves, its writes refused."""
        with (
            self.kernel.events.timings.timed(kind, plugin, name),
            self.kernel.db.savepoint(ctx.guarded),
            self.kernel.access.procedure(ctx, _READING, name),
        ):
            yield


def on_record(ctx: KernelContext, kind: str, record: Record, **values: Any) -> None:
    """Put an act on record once the transaction is over: what it was part of may be undone."""
    kernel, actor, request_id = ctx.kernel, ctx.actor, ctx.request_id
    about = type(record)(id=record.id)

    def note() -> None:
        with kernel.context(actor, write=True, request_id=request_id) as later:
            kernel.audit.note(later, kind, about, **values)

    ctx.after_end.append(note)


def _declared(flow: Flow, spec: TransitionSpec) -> bool:
    """Whether the code of a transition is there: of the same plugin, not of another that took the name."""
    how = flow.transitions.get(spec.name)
    return how is not None and how.plugin == spec.plugin


def _off(plugin: str) -> Blocker:
    return Blocker(_("Needs the plugin {plugin}, which is off", plugin=plugin), href="/plugins")


def _gone(name: str, plugin: str) -> Blocker:
    what = _("The installed version of {plugin} lacks {name}", plugin=plugin, name=name)
    return Blocker(what, why=_("This case began with an earlier one"), href="/plugins")


def _refused(error: TenorError) -> Blocker:
    return Blocker(_("{error}", error=error))
