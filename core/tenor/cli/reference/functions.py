"""What runs, and when, and what an administrator sets, in a page of reference."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields
from enum import Enum
from importlib import metadata
from inspect import Parameter, isfunction, signature
from typing import Any, Final, get_origin

from tenor.cli.reference.words import code, first, said, table
from tenor.declarations import Declarations
from tenor_sdk.declare import Declaration
from tenor_sdk.drivers import DriverKind
from tenor_sdk.events import Event
from tenor_sdk.jobs import JobLabel
from tenor_sdk.notify import NoticeKind
from tenor_sdk.records import words
from tenor_sdk.settings import Settings

_FAMILIES: Final = "tenor.drivers."


def hooks(declared: Declarations) -> Iterator[str]:
    """The contract of each hook that others may take part in."""
    for found in declared.labelled("__tenor_hookspec__"):
        yield from (
            f"### {code(found.function.__name__)}",
            "",
            *_signature(found.function),
            said(found.function),
            "",
        )


def parts_in_hooks(declared: Declarations) -> Iterator[str]:
    """The hooks of others in which it takes part."""
    rows = (
        (code(found.label.spec.replace("__", ".", 1)), first(found.function))
        for found in declared.labelled("__tenor_hookimpl__")
    )
    yield from table(("hook", "its part"), rows)


def events(kinds: Iterable[type[Event]]) -> Iterator[str]:
    """What is told, with which values."""
    for kind in kinds:
        yield from (f"### {code(kind.event_name)}", "", said(kind), "")
        made: Any = kind  # by its base; nothing tells the type checker
        rows = ((code(value.name), code(_typed(value.type))) for value in fields(made))
        yield from table(("value", "type"), rows)


def handlers(declared: Declarations) -> Iterator[str]:
    """Whom it listens to, inside the transaction."""
    rows = (
        (
            code(found.label.event.event_name or "every event"),
            first(found.function) + (" Required." if found.label.required else ""),
        )
        for found in declared.labelled("__tenor_handling__")
    )
    yield from table(("event", "what it does"), rows)


def jobs(declared: Declarations) -> Iterator[str]:
    """What the machine does later."""
    rows = (
        (code(found.function.__name__), _when(found.label), first(found.function))
        for found in declared.labelled("__tenor_job__")
    )
    yield from table(("job", "when", "what it does"), rows)


def _when(label: JobLabel) -> str:
    if label.event is not None:
        return f"after {code(label.event.event_name)}"
    if label.schedule is None:
        return "when asked for"
    at = getattr(label.schedule, "at", None)
    return f"daily at {at:%H:%M}" if at else f"every {getattr(label.schedule, 'distance', '')}"


def settings(kinds: Iterable[type[Settings]]) -> Iterator[str]:
    """What an administrator sets."""
    rows = (
        (
            f"{info.label or words(name)} {code(name)}",
            code(_typed(kind.types()[name])),
            "secret" if info.secret else code(info.default),
            info.help,
        )
        for kind in kinds
        for name, info in kind.declared.items()
    )
    yield from table(("setting", "type", "from the start", "what it does"), rows)


def doors(declared: Declarations) -> Iterator[str]:
    """Pages and commands of its own."""
    pages = (
        (
            f"{'/'.join(found.label.methods)} {code(f'{found.label.plugin}{found.label.path}')}",
            first(found.function),
        )
        for found in declared.labelled("__tenor_page__")
    )
    yield from table(("page", "what it shows"), pages)
    commands = (
        (
            code(
                " ".join(
                    (
                        "tenor",
                        found.plugin,
                        found.label.name,
                        *list(signature(found.function).parameters)[1:],
                    )
                )
            ),
            found.label.help,
        )
        for found in declared.labelled("__tenor_command__")
    )
    yield from table(("command", "what it does"), commands)


def drivers(declared: Declarations) -> Iterator[str]:
    """The families of exchangeable providers that it publishes."""
    for kind in declared.of(DriverKind):
        yield from (
            f"### {kind.title}",
            "",
            f"Entry point {code(f'tenor.drivers.{kind.name}')}, class {code(kind.interface.__name__)}.",
            "",
            said(kind.interface),
            "",
            *(line for one in vars(kind.interface).values() for line in _to_fill_in(one)),
        )


def _to_fill_in(function: object) -> Iterator[str]:
    """A function of a family's class: a driver must have it, or may."""
    if not isfunction(function) or function.__name__.startswith("_"):
        return
    must = (
        "A driver has it." if hasattr(function, "__isabstractmethod__") else "A driver may have it."
    )
    yield from (f"#### {code(function.__name__)}", "", *_signature(function))
    yield from (f"{must} {said(function)}", "")


def brought(distribution: str) -> Iterator[str]:
    """The drivers that it brings for families, of its own or others'."""
    rows = (
        (code(point.group.removeprefix(_FAMILIES)), code(point.name), first(point.load()))
        for point in metadata.distribution(distribution).entry_points
        if point.group.startswith(_FAMILIES)
    )
    yield from table(("family", "driver", "what it is"), sorted(rows))


def notices(declared: Declarations) -> Iterator[str]:
    """The kinds of notices by which people choose how they are told."""
    rows = ((f"{kind.title} {code(kind.name)}", _way(kind)) for kind in declared.of(NoticeKind))
    yield from table(("kind of notice", "by mail, where nobody chose"), rows)


def _way(kind: NoticeKind) -> str:
    ways = (kind.mail, "urgent" if kind.urgent else "", "required" if kind.required else "")
    return ", ".join(way for way in ways if way)


def offered(names: Iterable[tuple[str, Any]]) -> Iterator[str]:
    """What others may import."""
    rows = ((code(f"{name}{_written(value)}"), _about(value)) for name, value in names)
    yield from table(("name", "what it is"), rows)


def _about(value: object) -> str:
    if isinstance(value, Declaration):
        return f"{type(value).__name__} {getattr(value, 'title', '')}".strip()
    if get_origin(value) is not None:
        return code(_plainly(str(value)))
    return first(value) if callable(value) else ""


def _signature(function: Any) -> list[str]:
    return ["```python", f"def {function.__name__}{_written(function)}", "```", ""]


def _written(function: object) -> str:
    """With what a function is called, as it is written, less the modules of its types; of others nothing."""
    if not isfunction(function):
        return ""
    found = signature(function)
    short = found.replace(parameters=[_shortly(one) for one in found.parameters.values()])
    unquoted = re.sub(r"(: |-> )'([^']*)'", r"\1\2", str(short))
    return _plainly(unquoted)


class _Word:
    """Stands for a default, in a word.

    Args:
        word: as it is written.
    """

    def __init__(self, word: str) -> None:
        self._word = word

    def __repr__(self) -> str:
        return self._word


def _shortly(given: Parameter) -> Parameter:
    """With its default where that is a word; what a set holds, say, has no order in which to be told."""
    default = given.default
    if default in (None, Parameter.empty) or type(default) in (bool, int, str):
        return given
    named = default.name if isinstance(default, Enum) else "…"
    return given.replace(default=_Word(named))


def _plainly(types: str) -> str:
    """Types less their modules."""
    return re.sub(r"\b(?:\w+\.)+(\w+)", r"\1", types)


def _typed(kind: Any) -> str:
    return kind if isinstance(kind, str) else str(getattr(kind, "__name__", kind))
