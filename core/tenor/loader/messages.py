"""Which strings of a plugin a person could read untranslated: labels and titles of what it declares, marked texts and
error keys of its source."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, Final

import tenor_sdk
from tenor.declarations import Declarations
from tenor.i18n.catalogues import catalogues_in
from tenor.loader.collect import collect, modules_of
from tenor.loader.manifest import Manifest
from tenor_sdk.declare import Declaration
from tenor_sdk.fields import info_of
from tenor_sdk.records import Record, words
from tenor_sdk.settings import Settings
from tenor_sdk.views import ListView
from tenor_sdk.workflow import Asked

#: the attributes of declarations that a person reads
_READ: Final = frozenset({"title", "label", "help"})
_ERRORS: Final = frozenset({"Refused", "Blocked", "Invalid", "Forbidden", "NotFound", "Conflict"})
_TITLED: Final = ("__title__", "__plural__")


@dataclass(frozen=True)
class Found:
    """A string that a person may read, and where it stands."""

    message: str
    place: str


def untranslated(order: Sequence[Manifest], plugin: str, language: str) -> list[str]:
    """The strings of a plugin that its catalogue, and the kernel's, lack in a language: ``place: message``. The words
    of an error may be those of a plugin that it needs.

    Args:
        order: the plugin and those that it needs, imported.
    """
    manifest = next(each for each in order if each.name == plugin)
    known: set[str] = set()
    for each in order:
        catalogue = catalogues_in(each.folder / "translations").get(language)
        if catalogue is not None:
            words_of = {*catalogue.singular, *catalogue.plural}
            own = each.name in (plugin, "base")
            known |= words_of if own else {one for one in words_of if one.startswith("error:")}
    missing = {
        each.message: f"{each.place}: {each.message}"
        for each in strings_of(manifest)
        if each.message not in known and not _needs_none(each.message, language)
    }
    return sorted(missing.values())


def _needs_none(message: str, language: str) -> bool:
    """English stands in the code, its errors apart; and what has no letters is the same in every language."""
    if message.startswith("error:"):
        return False
    return language == "en" or not any(letter.isascii() and letter.isalpha() for letter in message)


def strings_of(manifest: Manifest) -> Iterator[Found]:
    """Every string of a plugin that a person may read."""
    declarations = Declarations()
    collect(manifest, modules_of(manifest), declarations)
    for said in (manifest.title, manifest.summary, manifest.stated.category):
        yield Found(said, str(manifest.folder / "__init__.py"))
    for record in declarations.records:
        yield from _of_record(record)
    for value in declarations.values:
        if isinstance(value, Declaration):
            yield from _of_declaration(value, value, set())
        if isinstance(value, ListView) and value.record in declarations.records:
            # an empty list says with it what belongs there
            docs = (value.record.__doc__ or "").strip().partition("\n")[0]
            yield Found(docs, str(value.origin))
    for settings in declarations.settings:
        yield from _of_settings(settings)
    for event in declarations.events:
        # whoever writes a rule chooses it by its name, in words
        yield Found(words(event.__name__), event.__module__)
    for folder in _sources(manifest):
        for path in sorted(folder.rglob("*.py")):
            if "migrations" not in path.relative_to(folder).parts:
                yield from in_source(path)


def _sources(manifest: Manifest) -> list[Path]:
    """The folders of a plugin's source; what the SDK says is the kernel's to translate."""
    if manifest.name != "base":
        return [manifest.folder]
    return [manifest.folder, Path(tenor_sdk.__file__).parent]


def _of_record(record: type[Record]) -> Iterator[Found]:
    place = str(record.__origin__)
    yield Found(record.singular(), place)
    yield Found(record.plural(), place)
    for column in record.__mapper__.column_attrs:
        info = info_of(column.columns[0])
        yield Found(info.label or words(column.key), place)
        if info.help:
            yield Found(info.help, place)


def _of_settings(settings: type[Settings]) -> Iterator[Found]:
    for name, info in settings.declared.items():
        yield Found(info.label or words(name), settings.__module__)
        if info.help:
            yield Found(info.help, settings.__module__)


def _of_declaration(value: Any, within: Declaration, seen: set[int]) -> Iterator[Found]:
    """Titles, labels and helps of a declaration and of what it is made of, other plugins' parts apart."""
    if id(value) in seen:
        return
    seen.add(id(value))
    place = str(within.origin)
    for field in fields(value):
        held = getattr(value, field.name, None)
        if field.name in _READ and isinstance(held, str) and held:
            yield Found(held, place)
        for part in held if isinstance(held, list | tuple) else (held,):
            if isinstance(part, Declaration):
                if part.plugin == within.plugin:
                    yield from _of_declaration(part, part, seen)
            elif is_dataclass(part) and not isinstance(part, type):
                yield from _of_declaration(part, within, seen)
            elif isinstance(part, type) and is_dataclass(part):
                yield from _of_inputs(part, place)


def _of_inputs(inputs: Any, place: str) -> Iterator[Found]:
    """What a transition or action asks for."""
    for field in fields(inputs):
        asked = field.metadata.get("tenor")
        if isinstance(asked, Asked):
            texts = [
                asked.label or words(field.name),
                asked.help,
                *(label for _, label in asked.choices),
            ]
            yield from (Found(text, place) for text in texts if text)


def in_source(path: Path) -> Iterator[Found]:
    """Texts marked with ``_`` or ``ngettext``, and keys of errors, in one file."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"), str(path))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        first = node.args[0]
        if not isinstance(first, ast.Constant) or not isinstance(first.value, str):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        place = f"{path}:{node.lineno}"
        if name in ("_", "ngettext"):
            yield Found(first.value, place)
        elif name in _ERRORS:
            yield Found(f"error:{first.value}", place)
