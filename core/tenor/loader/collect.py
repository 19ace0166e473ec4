"""Import a plugin's files, which bear fixed names, and gather what they declare. Nothing acts on it here."""

from __future__ import annotations

import pkgutil
import sys
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Table

from tenor.declarations import Declarations, Labelled, Loaded
from tenor.loader.manifest import BASE, Manifest
from tenor.loader.mapped import DeclarationError
from tenor_sdk.declare import Declaration, plugin_of
from tenor_sdk.events import Event
from tenor_sdk.records import Record, dispose, registry_of
from tenor_sdk.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

#: The files of a plugin, in the order in which they are imported; what isn't there is left out.
FILES: Final = (
    "public", "records", "access", "notices", "workflow", "events", "services", "jobs", "views", "pages", "drivers",
    "settings", "demo", "hooks", "commands",
)  # fmt: skip

#: What the kernel's rooms may bring under the name ``base``; the rest of theirs is in ``base/``.
ROOM_FILES: Final = ("records", "access", "notices", "jobs", "settings", "commands")

LABELS: Final = (
    "__tenor_job__", "__tenor_handling__", "__tenor_hookspec__", "__tenor_hookimpl__", "__tenor_guard__",
    "__tenor_page__", "__tenor_demo__", "__tenor_command__",
)  # fmt: skip


def modules_of(manifest: Manifest) -> list[str]:
    """The names of the modules that make up a plugin's declarations, found by looking at its folder."""
    if manifest.name == BASE:
        return list(_kernel_modules(manifest.folder))
    names = [manifest.package]
    for file in FILES:
        names.extend(_module(manifest.folder, manifest.package, file))
    return names


def integrations_of(manifest: Manifest, running: Iterable[str]) -> list[str]:
    """The modules ``integrations/<other>.py`` of a plugin whose other runs too."""
    folder, package = manifest.folder / "integrations", f"{manifest.package}.integrations"
    names: list[str] = []
    if (
        not folder.is_dir()
    ):  # as with most: to look there for each of a hundred others takes longer than to import it
        return names
    for other in running:
        if manifest.name not in (BASE, other):
            names.extend(_module(folder, package, other))
    return names


def _module(folder: Path, package: str, name: str) -> Iterator[str]:
    """A file as a module; a folder as the modules in it."""
    if (folder / f"{name}.py").is_file():
        yield f"{package}.{name}"
    elif (folder / name / "__init__.py").is_file():
        yield f"{package}.{name}"
        inside = pkgutil.walk_packages([str(folder / name)], f"{package}.{name}.")
        yield from sorted(found.name for found in inside)


def _kernel_modules(folder: Path) -> Iterator[str]:
    """The records and further declarations of the kernel's rooms, then ``base/``. Files of the command line bear some
    of the same names, and declare nothing."""
    rooms = sorted(
        room.name
        for room in folder.iterdir()
        if room.name != "cli" and (room / "__init__.py").is_file()
    )
    for file in ROOM_FILES:
        for room in rooms:
            if room != BASE and (folder / room / f"{file}.py").is_file():
                yield f"tenor.{room}.{file}"
    for path in sorted((folder / BASE).glob("*.py")):
        yield f"tenor.{BASE}.{path.stem}" if path.stem != "__init__" else f"tenor.{BASE}"


def collect(manifest: Manifest, names: Iterable[str], into: Declarations) -> None:
    """Import modules and add what they declare.

    Raises:
        BaseException: whatever the plugin's code raises when it is imported.
        DeclarationError: a table or a name that isn't the plugin's own.
    """
    modules = [import_module(name) for name in names]
    seen: set[int] = {id(value) for value in (*into.values, *into.settings, *into.events)}
    seen |= {id(labelled.function) for _, labelled in into.functions}
    for module in modules:
        for value in _values_of(module):
            _add(manifest.name, value, seen, into)
    known = set(into.records)
    into.records.extend(each for each in _records(manifest.name, modules) if each not in known)


def _values_of(module: ModuleType) -> Iterator[object]:
    """What stands at the top of a module, lists and tuples opened."""
    for name, value in list(vars(module).items()):
        if name.startswith("__"):
            continue
        if isinstance(value, list | tuple):
            yield from value
        else:
            yield value


def _add(plugin: str, value: object, seen: set[int], into: Declarations) -> None:
    """Sort a value into its kind, when this plugin's source made it and it isn't there yet."""
    if id(value) in seen:
        return
    if isinstance(value, Declaration):
        if value.plugin == plugin:
            seen.add(id(value))
            into.values.append(value)
    elif isinstance(value, type):
        _add_class(plugin, value, seen, into)
    elif callable(value):
        _add_function(plugin, value, seen, into)


def _add_class(plugin: str, value: type, seen: set[int], into: Declarations) -> None:
    if _home(value) != plugin:
        return
    if issubclass(value, Settings):
        into.settings.append(value)
    elif issubclass(value, Event):
        into.events.append(value)
    else:
        return
    seen.add(id(value))


def _add_function(
    plugin: str, value: Callable[..., Any], seen: set[int], into: Declarations
) -> None:
    labels = getattr(value, "__dict__", {})
    for label in LABELS:
        if label in labels and _home(value) == plugin:
            seen.add(id(value))
            into.functions.append((label, Labelled(plugin, value, labels[label])))


def _home(value: object) -> str:
    """The plugin whose module made a class or function; empty for anybody else's."""
    try:
        return plugin_of(str(getattr(value, "__module__", "")))
    except ValueError:
        return ""


def _records(plugin: str, modules: Iterable[ModuleType]) -> Iterator[type[Record]]:
    """The mapped classes of a plugin in the order of its source, each with a table of its own name."""
    mapped: set[type[Record]] = {mapper.class_ for mapper in registry_of(plugin).mappers}
    for record in sorted(mapped, key=lambda each: (_position(each, modules), each.__origin__.line)):
        table = record.__table__
        assert isinstance(table, Table)
        if not table.name.startswith(f"{plugin}_"):
            raise DeclarationError(
                f"{record.__origin__}: the table {table.name} must be named {plugin}_…"
            )
        yield record


def _position(record: type[Record], modules: Iterable[ModuleType]) -> tuple[int, str]:
    names = [module.__name__ for module in modules]
    module = record.__module__
    return (names.index(module) if module in names else len(names), module)


def loaded(manifest: Manifest) -> Loaded:
    """What the rooms are told of a plugin."""
    return Loaded(
        name=manifest.name,
        package=manifest.package,
        version=manifest.version,
        title=manifest.title,
        requires=tuple(sorted(manifest.requires)),
        folder=str(manifest.folder),
    )


def unload(manifest: Manifest) -> None:
    """Take a plugin out of the process: its classes, its tables, its modules; so that a later start begins afresh."""
    dispose(manifest.name)
    for name in list(sys.modules):
        if name == manifest.package or name.startswith(f"{manifest.package}."):
            del sys.modules[name]
