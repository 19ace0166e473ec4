"""Enable, disable, upgrade: planned first, all or nothing; and what is shown of each plugin."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from sqlalchemy import select

from tenor.loader import consequences, grants, locking
from tenor.loader.access import manage_plugins
from tenor.loader.consequences import Consequences
from tenor.loader.failures import Failure, MigrationRefused, PluginFault, joined
from tenor.loader.grants import UNSAID, Decided, Decision
from tenor.loader.manifest import BASE, Manifest
from tenor.loader.migrations import migrate
from tenor.loader.order import closure, order
from tenor.loader.records import Generation, PluginState
from tenor.loader.revisions import Step, waiting
from tenor.loader.state import connected, read_revisions, read_state
from tenor.loader.trying import Tried, rehearse
from tenor_sdk.errors import Conflict, NotFound, Refused
from tenor_sdk.i18n import Text, _

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tenor.context import KernelContext
    from tenor.kernel import Kernel
    from tenor.loader.loader import Loader
    from tenor.loader.survey import Survey


@dataclass(frozen=True, kw_only=True)
class ChangePlan:
    """What enabling or disabling would bring.

    Args:
        verb: what was asked for, of ``name``.
        enables, disables: the plugins that would change, in load order.
        steps: migrations that would run.
        asks: for each plugin what it wants beyond its own records.
        undecided: of that, what nobody has granted or denied yet; the change waits for it.
        brings: what it means for people and cases.
        refusals: why it can't be done; empty: it can.
    """

    verb: Literal["enable", "disable", "upgrade"]
    name: str
    enables: tuple[str, ...] = ()
    disables: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    asks: tuple[tuple[str, str], ...] = ()
    undecided: tuple[tuple[str, str], ...] = ()
    brings: Consequences = field(default_factory=Consequences)
    refusals: tuple[Text, ...] = ()


def _enabled_now(loader: Survey) -> frozenset[str]:
    """The set on record: somebody may have changed it since this process began with an earlier one."""
    return frozenset(read_state(loader.settings.database).enabled)


def _decided_now(loader: Survey) -> Mapping[str, Decided]:
    """What was decided, on record; as with what is enabled."""
    return read_state(loader.settings.database).decided or {}


# -- plans ------------------------------------------------------------------------------------------------------------


def plan_enable(loader: Loader, name: str) -> ChangePlan:
    """What it would take to enable a plugin, with those that it needs, as far as it is found without importing any;
    the rest is ``foreseen``."""
    manifest = loader.installed.get(name)
    if manifest is None:
        refusal = _("{plugin} isn't installed.", plugin=name)
        return ChangePlan(verb="enable", name=name, refusals=(refusal,))
    enabled = _enabled_now(loader)
    wanted = closure([name], loader.installed) | enabled
    result = order(wanted, loader.installed)
    needed = closure([name], loader.installed)
    refusals = tuple(_refusal(each) for each in result.failures if each.plugin in needed)
    refusals += _against_lock(loader, needed)
    new = [each for each in result.plugins if each.name not in enabled and each.name != BASE]
    steps, faults = _steps(loader, result.plugins)
    return ChangePlan(
        verb="enable",
        name=name,
        enables=tuple(each.name for each in new),
        steps=steps,
        asks=tuple((each.name, asked) for each in new for asked in each.stated.asks),
        undecided=_undecided(loader, new),
        refusals=refusals + faults,
    )


def _undecided(loader: Loader, manifests: Iterable[Manifest]) -> tuple[tuple[str, str], ...]:
    decided = _decided_now(loader)
    return tuple((each.name, kind) for each in manifests for kind in grants.wanting(each, decided))


def _against_lock(loader: Loader, names: Collection[str]) -> tuple[Text, ...]:
    """What the lock of this place, if there is one, says against these plugins."""
    locked = locking.read(locking.lock_file(loader.settings))
    found = locking.differences(locked, loader.installed, names) if locked is not None else {}
    return tuple(_("{plugin}: {cause}", plugin=name, cause=how) for name, how in found.items())


def plan_disable(loader: Loader, name: str) -> ChangePlan:
    """What it would take to disable a plugin: those that need it would have to go first, and are named."""
    refusals: list[Text] = []
    enabled = _enabled_now(loader)
    if name == BASE:
        refusals.append(_("The kernel's own plugin can't be disabled."))
    elif name not in enabled:
        refusals.append(_("{plugin} isn't enabled.", plugin=name))
    refusals.extend(
        _("{other} needs it; disable that first.", other=other)
        for other in loader.needing(name, enabled)
    )
    return ChangePlan(verb="disable", name=name, disables=(name,), refusals=tuple(refusals))


def plan_upgrade(loader: Loader) -> ChangePlan:
    """What the versions that pip installed since would change in the tables."""
    result = order(loader.enabled, loader.installed)
    refusals = tuple(_refusal(failure) for failure in result.failures)
    refusals += _against_lock(loader, {BASE, *loader.enabled})
    steps, faults = _steps(loader, result.plugins)
    more = _undecided(loader, result.plugins)
    return ChangePlan(
        verb="upgrade", name="", steps=steps, asks=more, undecided=more, refusals=refusals + faults
    )


def foreseen(
    loader: Loader, change: ChangePlan, mapping: Mapping[str, Mapping[str, str]] | None = None
) -> ChangePlan:
    """A plan with what it means for people and cases. What would run is tried first, in a process of its own that
    knows of no institution; here no plugin is imported.

    Args:
        mapping: for the name of a workflow the states that take the place of others.
    """
    if change.refusals:
        return change
    if change.verb == "disable":
        with connected(loader.settings.database) as connection:
            return replace(change, brings=consequences.of_disabling(connection, change.name))
    try:
        tried = try_out(loader, change)
    except Refused as refused:
        refusal = _("{plugin} can't be put into service: {cause}", **refused.values)
        return replace(change, refusals=(refusal,))
    with connected(loader.settings.database) as connection:
        if change.verb == "enable":
            brings = consequences.of_enabling(connection, tried, change.enables)
            return replace(change, brings=brings)
        brings = consequences.of_upgrade(connection, tried, mapping or {})
    stranded = [each for each in brings.strandings if not each.target]
    return replace(change, brings=brings, refusals=tuple(map(_told_stranded, stranded)))


def try_out(loader: Loader, change: ChangePlan) -> Tried:
    """Put into service what would run after a change, in a process of its own. Who fails there today already, and
    isn't part of the change, is left out as it is at a start.

    Raises:
        Refused: ``plugin-rehearsal``, with the plugin and the cause.
    """
    needed = closure(change.enables or _enabled_now(loader), loader.installed)
    names = {each.name for each in order(names_after(loader, change), loader.installed).plugins}
    while True:
        try:
            return rehearse(sorted(names), loader.settings.start_timeout)
        except Refused as refused:
            fails = str(refused.values["plugin"])
            rest = {each for each in names if fails not in closure([each], loader.installed)}
            if fails in needed or rest == names:
                raise
            names = rest


def names_after(survey: Survey, change: ChangePlan) -> set[str]:
    """What is enabled once a change is made."""
    return {*_enabled_now(survey), *change.enables} - {*change.disables}


def _told_stranded(each: consequences.Stranding) -> Text:
    return _(
        "{cases} Say which state takes its place: --map {workflow}:{state}=…",
        cases=consequences.told_stranding(each), workflow=each.workflow, state=each.state,
    )  # fmt: skip


def _refusal(failure: Failure) -> Text:
    return _(
        "{plugin}: {cause} {remedy}",
        plugin=failure.plugin,
        cause=failure.cause,
        remedy=failure.remedy,
    )


def _steps(
    loader: Loader, manifests: Sequence[Manifest]
) -> tuple[tuple[Step, ...], tuple[Text, ...]]:
    """The migrations that would run, and why they can't."""
    current = read_revisions(loader.settings.database, [each.name for each in manifests])
    try:
        return tuple(waiting(manifests, current)), ()
    except PluginFault as fault:
        return (), (_refusal(fault.failure),)


# -- doing it ---------------------------------------------------------------------------------------------------------


def enable(
    kernel: Kernel, ctx: KernelContext, name: str, decision: Decision = UNSAID
) -> ChangePlan:
    """Enable a plugin with those that it needs, once this transaction is committed.

    It is tried first in a process of its own: one that can't be imported or mapped changes nothing. The migrations run
    after the commit, as they are a transaction of their own; then the new set is put on record and every process is
    replaced by one that runs it.

    Args:
        decision: what is granted and denied of what they ask for; of what was decided before nothing needs saying.

    Raises:
        Forbidden: without the permission.
        Refused: ``plugin-plan``, with the reasons; ``plugin-asks``: something is still to be decided;
            ``plugin-rehearsal``, with the failure; ``plugin-enabled``.
    """
    kernel.access.check_use(ctx, manage_plugins, None)
    change = plan_enable(kernel.loader, name)
    _must_hold(change)
    if not change.enables:
        raise Refused("plugin-enabled", plugin=name)
    decided = settled(kernel.loader, change, decision)
    try_out(kernel.loader, change)
    ctx.after_commit.append(lambda: _enable_now(kernel, ctx, change, decided))
    return change


def settled(loader: Loader, change: ChangePlan, decision: Decision) -> dict[str, Decided]:
    """What a decision settles of what a change asks for.

    Raises:
        NotFound: ``not-asked-for``.
        Refused: ``plugin-asks``: something is still to be decided.
    """
    before = _decided_now(loader)
    decided = grants.settle(change.asks, before, decision)
    grants.must_be_settled(change.undecided, {**before, **decided})
    return decided


def _enable_now(
    kernel: Kernel, ctx: KernelContext, change: ChangePlan, decided: Mapping[str, Decided]
) -> None:
    """Migrate, then put it on record; when the migrations are refused nothing has changed."""
    loader = kernel.loader
    upgrade_tables(loader, _enabled_now(loader) | set(change.enables))
    with kernel.context(ctx.actor, write=True, request_id=ctx.request_id) as recording:
        record_state(kernel, recording, enable=change.enables, decided=decided)
        # somebody may have disabled what it needs meanwhile, or taken its tables; whoever comes now waits for us
        again = plan_enable(loader, change.name)
        if again.enables != change.enables or again.steps or again.refusals:
            raise Conflict("changed-since")


def decide(kernel: Kernel, ctx: KernelContext, name: str, decision: Decision) -> None:
    """Grant or deny a plugin what it asks for, whatever was decided before; as the processes are replaced.

    Raises:
        Forbidden: without the permission.
        NotFound: ``plugin-not-installed``; ``not-asked-for``.
    """
    kernel.access.check_use(ctx, manage_plugins, None)
    manifest = kernel.loader.installed.get(name)
    if manifest is None:
        raise NotFound("plugin-not-installed", plugin=name)
    asked = [(name, kind) for kind in manifest.stated.asks]
    decided = grants.settle(asked, _decided_now(kernel.loader), decision)
    record_state(kernel, ctx, decided=decided)


def disable(kernel: Kernel, ctx: KernelContext, name: str) -> ChangePlan:
    """Disable a plugin. Its tables and rows stay as they are; it takes effect as the processes are replaced.

    Raises:
        Forbidden: without the permission.
        Refused: ``plugin-plan``, with the reasons.
    """
    kernel.access.check_use(ctx, manage_plugins, None)
    change = plan_disable(kernel.loader, name)
    _must_hold(change)
    record_state(kernel, ctx, disable=(name,))
    _must_hold(plan_disable(kernel.loader, name))  # somebody may have enabled one that needs it
    return change


def upgrade_tables(loader: Loader, names: Iterable[str]) -> list[Step]:
    """Run the migrations of these plugins.

    Raises:
        Refused: ``migration-refused``; nothing has changed.
    """
    manifests = order(names, loader.installed).plugins
    try:
        return migrate(
            loader.settings.owner, [each for each in manifests if each.migrations.is_dir()]
        )
    except MigrationRefused as refused:
        raise Refused("migration-refused", plugin=refused.plugin, problem=refused.told) from refused


def record_state(
    kernel: Kernel,
    ctx: KernelContext,
    *,
    enable: Iterable[str] = (),
    disable: Iterable[str] = (),
    decided: Mapping[str, Decided] = MappingProxyType({}),
) -> None:
    """Put on record what is enabled and disabled, and what plugins were granted and denied, as who acts, and count the
    generation up. The rest stays as it is on record by now, whatever set this process began with."""
    installed = kernel.loader.installed
    with kernel.db.system(ctx.guarded) as session:
        rows = {row.name: row for row in session.scalars(select(PluginState))}
        on, off = set(enable), set(disable)
        for name in sorted({*rows, *on, *decided} - {BASE}):
            row = rows.get(name)
            if row is None:
                row = PluginState(name=name)
                session.add(row)
            row.enabled = name in on or (bool(row.enabled) and name not in off)
            if name in installed:
                row.installed_version = installed[name].version
            if name in decided:
                row.granted = " ".join(sorted(decided[name].granted)) or None
                row.denied = " ".join(sorted(decided[name].denied)) or None
        next_generation(session)


def set_safe_mode(kernel: Kernel, ctx: KernelContext, reason: str) -> None:
    """Have only the kernel's own part run, nobody but administrators let in, and no job run; or all of it again. It
    takes effect as the processes are replaced.

    Args:
        reason: why, for those who are kept out; empty: it is over.

    Raises:
        Forbidden: without the permission.
        Refused: ``safe-mode-is-over``.
    """
    kernel.access.check_use(ctx, manage_plugins, None)
    with kernel.db.system(ctx.guarded) as session:
        generation = next_generation(session)
        if not (reason or generation.safe_mode):
            raise Refused("safe-mode-is-over")
        generation.safe_mode = reason


def next_generation(session: Session) -> Generation:
    """Count it up, so that every process is replaced."""
    generation = session.scalars(select(Generation)).one_or_none()
    if generation is None:
        generation = Generation(number=0)
        session.add(generation)
    generation.number += 1
    return generation


def _must_hold(change: ChangePlan) -> None:
    if change.refusals:
        raise Refused("plugin-plan", plugin=change.name, reasons=joined(change.refusals))
