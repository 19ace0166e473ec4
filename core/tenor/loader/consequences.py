"""What a set of plugins would bring to the people and cases of an institution: who gains which role, what is added to
workflows, which cases would stand in a state that is there no more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, Connection, column, func, inspect, not_, select, table

from tenor_sdk.access import EVERYBODY
from tenor_sdk.i18n import Text, _, ngettext

if TYPE_CHECKING:
    from tenor.loader.trying import FlowSeen, PatchSeen, RoleSeen, Tried

_users = table("base_user", column("id"), column("name"), column("active"), column("archived"))
_held = table("base_user_position", column("user_id"), column("position"))
_cases = table(
    "base_workflow_case", column("table_name"), column("branch"), column("state"), column("definition_id"),
)  # fmt: skip
_definitions = table(
    "base_workflow_definition", column("id"), column("workflow"), column("hash"), column("content", JSON),
)  # fmt: skip
#: names that a line tells before it counts the others
_TOLD = 5


@dataclass(frozen=True, kw_only=True)
class Gain:
    """A role that comes, and who has it at once by a position that they hold.

    Args:
        plugin, title: whose role, and what it is called.
        everybody: whether all who may sign in have it; else ``people``, by their names.
    """

    plugin: str
    title: str
    everybody: bool
    people: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Stranding:
    """Cases in flight whose state the workflow lacks afterwards.

    Args:
        workflow: its name.
        state: in which they stand; ``count``: how many.
        target: the state that takes its place; empty where none does.
    """

    workflow: str
    state: str
    count: int
    target: str = ""


@dataclass(frozen=True)
class Consequences:
    """What a change brings beyond tables.

    Args:
        patches: for the name of a workflow what is added to it.
    """

    gains: tuple[Gain, ...] = ()
    patches: tuple[tuple[str, PatchSeen], ...] = ()
    strandings: tuple[Stranding, ...] = ()


def of_enabling(connection: Connection, tried: Tried, new: Collection[str]) -> Consequences:
    """What plugins bring that come into service."""
    return Consequences(
        gains=tuple(_gain(connection, role) for role in tried.roles if role.plugin in new),
        patches=_patches(tried.flows, new),
        strandings=_strandings(connection, tried.flows, {}),
    )


def of_upgrade(
    connection: Connection, tried: Tried, mapping: Mapping[str, Mapping[str, str]]
) -> Consequences:
    """What newer versions make of the cases of those before.

    Args:
        mapping: for the name of a workflow the states that take the place of others, beside those of the plugins.
    """
    return Consequences(strandings=_strandings(connection, tried.flows, mapping))


def of_disabling(connection: Connection, name: str) -> Consequences:
    """Which cases stand in a state that a plugin brought to another's workflow: they wait until it is back."""
    found = (
        each
        for each in _in_flight(connection)
        if each.spec.get("plugin") == name != each.workflow.partition(".")[0]
    )
    return Consequences(
        strandings=_summed((each.workflow, each.state, "", each.n) for each in found)
    )


# -- people -----------------------------------------------------------------------------------------------------------


def _gain(connection: Connection, role: RoleSeen) -> Gain:
    everybody = EVERYBODY in role.positions
    asked = (
        select(_users.c.name)
        .join(_held, _held.c.user_id == _users.c.id)
        .where(_users.c.active, not_(_users.c.archived), _held.c.position.in_(role.positions))
        .distinct()
        .order_by(_users.c.name)
    )
    people = () if everybody else tuple(connection.execute(asked).scalars())
    return Gain(plugin=role.plugin, title=role.title, everybody=everybody, people=people)


# -- workflows --------------------------------------------------------------------------------------------------------


def _patches(flows: Sequence[FlowSeen], new: Collection[str]) -> tuple[tuple[str, PatchSeen], ...]:
    found = ((flow.workflow, patch) for flow in flows for patch in flow.patches)
    return tuple((name, patch) for name, patch in found if patch.plugin in new)


def _strandings(
    connection: Connection, flows: Sequence[FlowSeen], mapping: Mapping[str, Mapping[str, str]]
) -> tuple[Stranding, ...]:
    by_table = {flow.table: flow for flow in flows}
    found = []
    for each in _in_flight(connection):
        flow = by_table.get(each.table)
        if flow is not None and each.hash != flow.hash and each.state not in flow.states:
            target = {**flow.replaced, **mapping.get(flow.workflow, {})}.get(each.state, "")
            there = target if target in flow.states else ""
            found.append((flow.workflow, each.state, there, each.n))
    return _summed(found)


def _summed(found: Iterable[tuple[str, str, str, int]]) -> tuple[Stranding, ...]:
    """One for each state, whatever the definitions with which its cases began."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for workflow, state, target, n in found:
        counts[workflow, state, target] += n
    return tuple(
        Stranding(workflow=workflow, state=state, target=target, count=n)
        for (workflow, state, target), n in sorted(counts.items())
    )


@dataclass(frozen=True, kw_only=True)
class _Standing:
    """Cases in flight of one definition in one state, and what the definition says of that state."""

    workflow: str
    table: str
    hash: str
    state: str
    n: int
    spec: Mapping[str, Any]


def _in_flight(connection: Connection) -> list[_Standing]:
    """Where cases stand that have not ended; none where the tables are of a version that kept them otherwise."""
    there = inspect(connection)
    if not there.has_table(_cases.name):
        return []
    if "branch" not in {each["name"] for each in there.get_columns(_cases.name)}:
        return []
    by = (_cases.c.table_name, _cases.c.state, _cases.c.definition_id)
    counted = select(*by, func.count().label("n")).where(_cases.c.branch == "").group_by(*by)
    rows = connection.execute(counted).all()
    wanted = {row.definition_id for row in rows}
    asked = select(_definitions).where(_definitions.c.id.in_(wanted))
    definitions = {row.id: row for row in connection.execute(asked)}
    standing = [_standing(row, definitions[row.definition_id]) for row in rows]
    return [each for each in standing if not each.spec.get("final")]


def _standing(row: Any, definition: Any) -> _Standing:
    states = definition.content["states"]
    return _Standing(
        workflow=definition.workflow,
        table=row.table_name,
        hash=definition.hash,
        state=row.state,
        n=row.n,
        spec=next((each for each in states if each["name"] == row.state), {}),
    )


# -- in words ---------------------------------------------------------------------------------------------------------


#: what a plugin or a workflow is called, by its name
Called = Callable[[str], str]


def told(found: Consequences, called: Called = str) -> list[Text]:
    """Each in a sentence.

    Args:
        called: by default by the names that are typed.
    """
    return [
        *(_told_gain(gain, called) for gain in found.gains if gain.everybody or gain.people),
        *_told_idle([gain for gain in found.gains if not (gain.everybody or gain.people)], called),
        *(text for name, patch in found.patches for text in _told_patch(name, patch, called)),
        *(told_stranding(each, called) for each in found.strandings),
    ]


def _told_gain(gain: Gain, called: Called) -> Text:
    said = {"role": _title(gain), "plugin": called(gain.plugin)}
    if gain.everybody:
        return _("Everybody gains the role “{role}” of {plugin}", **said)
    names, more = _listed(gain.people[:_TOLD]), len(gain.people) - _TOLD
    names = _("{names} + {n}", names=names, n=more) if more > 0 else names
    return _("The role “{role}” of {plugin} goes to {names}", names=names, **said)


def _listed(names: Sequence[Text | str]) -> Text:
    """One after the other, with the comma of the reader's language."""
    places = {f"t{number}": name for number, name in enumerate(names)}
    return Text("{comma}".join(f"{{{place}}}" for place in places), {**places, "comma": _(", ")})


def _told_idle(gains: Sequence[Gain], called: Called) -> Iterator[Text]:
    """The roles that nobody has by a position, a line for each plugin."""
    for plugin in dict.fromkeys(gain.plugin for gain in gains):
        roles = _listed([_title(gain) for gain in gains if gain.plugin == plugin])
        words = _("Roles of {plugin} that go to nobody yet: {roles}")
        yield replace(words, values={"plugin": called(plugin), "roles": roles})


def _title(gain: Gain) -> Text:
    return Text(gain.title, module=f"tenor_{gain.plugin}")


def _told_patch(workflow: str, patch: PatchSeen, called: Called) -> Iterator[Text]:
    said = {"plugin": called(patch.plugin), "workflow": called(workflow)}
    for text, names in (
        (_("{plugin} adds states to {workflow}: {names}"), patch.states),
        (_("{plugin} adds branches to {workflow}: {names}"), patch.branches),
        (_("{plugin} adds steps to {workflow}: {names}"), patch.transitions),
        (_("{plugin} sets conditions on steps of {workflow}: {names}"), patch.guards),
        (_("{plugin} leads steps of {workflow} elsewhere: {names}"), patch.reroute),
    ):
        if names:
            yield replace(text, values={**said, "names": _listed(names)})


def told_stranding(each: Stranding, called: Called = str) -> Text:
    """How many cases lose their state, and where they go."""
    said = {"workflow": called(each.workflow), "state": each.state}
    if each.target:
        return ngettext(
            "{n} case of {workflow} goes from {state} to {target}.",
            "{n} cases of {workflow} go from {state} to {target}.",
            each.count, target=each.target, **said,
        )  # fmt: skip
    return ngettext(
        "{n} case of {workflow} stands in {state}, which is there no more.",
        "{n} cases of {workflow} stand in {state}, which is there no more.",
        each.count, **said,
    )  # fmt: skip
