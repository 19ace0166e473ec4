"""The rung that a plugin stands on, computed from what it is: nobody claims it by hand.

*Sound*: it keeps the contract. *Explained*: its README says what it brings. *Proven*: its tests do what it declares.
A plugin stands on a rung when it keeps that one's rules and those of the rungs below.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from inspect import getdoc, isclass, isfunction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tenor.loader.collect import collect, modules_of
from tenor.loader.failures import BootError
from tenor.loader.imported import imported
from tenor.testing.checks import check
from tenor.testing.institution import build, start, stop
from tenor_sdk.access import Role
from tenor_sdk.i18n import Text, _
from tenor_sdk.testing.institution import Judged
from tenor_sdk.workflow import Workflow, WorkflowPatch

if TYPE_CHECKING:
    from tenor.declarations import Declarations
    from tenor.kernel import Kernel
    from tenor.loader.manifest import Manifest

SOUND, EXPLAINED, PROVEN = "sound", "explained", "proven"


@dataclass(frozen=True)
class Looked:
    """What a rule looks at.

    Args:
        kernel: an institution with the plugin and those that it needs; None: only what needs none is looked at.
        source: the folder of its distribution, with README and tests; None where only the package is there.
    """

    kernel: Kernel | None
    manifest: Manifest
    source: Path | None

    @cached_property
    def declared(self) -> Declarations:
        from tenor.declarations import Declarations

        found = Declarations()
        collect(self.manifest, modules_of(self.manifest), found)
        return found

    @cached_property
    def readme(self) -> str:
        file = self.source / "README.md" if self.source else None
        return file.read_text("utf-8") if file and file.is_file() else ""

    @cached_property
    def tests(self) -> str:
        files = sorted((self.source / "tests").rglob("*.py")) if self.source else []
        return "\n".join(file.read_text("utf-8") for file in files)


@dataclass(frozen=True)
class Rule:
    """One rule of a rung: its words, and what of a plugin doesn't keep it."""

    rung: str
    words: Text
    broken: Callable[[Looked], Iterable[str]]


def quality(plugin: str, folder: Path) -> list[Judged]:
    """Every rule with what doesn't keep it, the lowest rung first.

    Args:
        folder: where somebody works on it; its README and tests are there, else beside the package.

    Raises:
        BootError: it, or what it needs, isn't installed, or can't run.
    """
    manifest = next(each for each in imported(plugin) if each.name == plugin)
    with _unfit(), tempfile.TemporaryDirectory() as scratch:
        url = f"sqlite:///{scratch}/tenor.db"
        build(url, [plugin], Path(scratch))
        kernel = start(url, [plugin], Path(scratch))
        try:
            looked = Looked(kernel, manifest, _source(manifest, folder))
            return [Judged(rule.rung, rule.words, tuple(rule.broken(looked))) for rule in RULES]
        finally:
            stop(kernel)


@contextmanager
def _unfit() -> Iterator[None]:
    """What would fail the set-up of its tests is told in words."""
    try:
        yield
    except AssertionError as error:
        if isinstance(error.__cause__, BootError):
            raise error.__cause__ from error
        raise


def _source(manifest: Manifest, folder: Path) -> Path | None:
    """The nearest folder with the project that brings it."""
    for each in (folder, manifest.folder.parent):
        project = each / "pyproject.toml"
        if project.is_file() and f'"{manifest.package}:plugin"' in project.read_text("utf-8"):
            return each
    return None


def _kept(name: str, looked: Looked) -> list[str]:
    return check(name, looked.kernel, looked.manifest.name)


def _typed(looked: Looked) -> Iterator[str]:
    if not (looked.manifest.folder / "py.typed").is_file():
        yield f"{looked.manifest.package}/py.typed"


def _unnamed(text: str, named: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Things of whose names none stands in a text: the first of them."""
    for names in named:
        if not any(
            re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE) for name in names
        ):
            yield names[0]


def _records(looked: Looked) -> Iterator[str]:
    kinds = ((kind.__name__, kind.singular(), kind.plural()) for kind in looked.declared.records)
    yield from _unnamed(looked.readme, kinds)


def _roles(looked: Looked) -> Iterator[str]:
    yield from _unnamed(looked.readme, ((role.title,) for role in looked.declared.of(Role)))


def _events(looked: Looked) -> Iterator[str]:
    yield from _unnamed(looked.readme, ((event.__name__,) for event in looked.declared.events))


def _settings(looked: Looked) -> Iterator[str]:
    declared = (item for kind in looked.declared.settings for item in kind.declared.items())
    yield from _unnamed(looked.readme, ((name, info.label or name) for name, info in declared))


def _removal(looked: Looked) -> Iterator[str]:
    yield from _unnamed(looked.readme, [(f"tenor plugin disable {looked.manifest.name}",)])


def _offered(looked: Looked) -> Iterator[str]:
    """What ``public.py`` offers, and doesn't explain."""
    from importlib import import_module

    if f"{looked.manifest.package}.public" in modules_of(looked.manifest):
        public: Any = import_module(f"{looked.manifest.package}.public")
        for name in getattr(public, "__all__", ()):
            value = getattr(public, name)
            if (isfunction(value) or isclass(value)) and not getdoc(value):
                yield name


def _contract(looked: Looked) -> Iterator[str]:
    yield from _unnamed(looked.tests, [("PluginContract",)])


def _both(looked: Looked) -> Iterator[str]:
    yield from _unnamed(looked.tests, [("both_databases",)])


def _people(looked: Looked) -> Iterator[str]:
    if looked.declared.records:
        yield from _unnamed(looked.tests, [("as_actor", "cast")])


def _steps(looked: Looked) -> Iterator[str]:
    """Transitions that no test names."""
    flows: list[Workflow | WorkflowPatch] = [*looked.declared.of(Workflow)]
    flows += looked.declared.of(WorkflowPatch)
    names = (how.name for flow in flows for how in flow.transitions)
    yield from _unnamed(looked.tests, ((name, name.replace("-", "_")) for name in names))


def _functions(looked: Looked) -> Iterator[str]:
    """Jobs that no test names, and services: functions that are entered as procedures."""
    jobs = [found.function for found in looked.declared.labelled("__tenor_job__")]
    yield from _unnamed(looked.tests, ((each.__name__,) for each in (*jobs, *_services(looked))))


def _services(looked: Looked) -> Iterator[Any]:
    from importlib import import_module

    for module in modules_of(looked.manifest):
        for value in vars(import_module(module)).values():
            inside = getattr(value, "__wrapped__", None)
            entered = getattr(value, "__globals__", {}).get("__name__") == "tenor_sdk.services"
            if entered and isfunction(inside) and inside.__module__ == module:
                yield inside


def _properties(looked: Looked) -> Iterator[str]:
    folder = looked.manifest.folder
    if (folder / "domain").is_dir() or (folder / "domain.py").is_file():
        yield from _unnamed(looked.tests, [("given",)])


RULES: Final[Sequence[Rule]] = (
    Rule(SOUND, _("Its manifest is read without importing its files"), partial(_kept, "imports_lazily")),
    Rule(SOUND, _("It imports nothing that it doesn't declare"), partial(_kept, "imports")),
    Rule(SOUND, _("Every record has access rules"), partial(_kept, "access")),
    Rule(SOUND, _("Every string is translated"), partial(_kept, "translations")),
    Rule(SOUND, _("Every view can be made"), partial(_kept, "views")),
    Rule(SOUND, _("Migrations equal the records, up and down"), partial(_kept, "migrations")),
    Rule(SOUND, _("Demo data can be loaded"), partial(_kept, "demo")),
    Rule(SOUND, _("Hooks and handlers say when they run"), partial(_kept, "docstrings")),
    Rule(SOUND, _("No list asks more of the database for more rows"), partial(_kept, "statements")),
    Rule(SOUND, _("Disabled it keeps all, removed it takes its own"), partial(_kept, "leaving")),
    Rule(SOUND, _("It says that it is typed"), _typed),
    Rule(EXPLAINED, _("Its README names every record"), _records),
    Rule(EXPLAINED, _("Its README names every role"), _roles),
    Rule(EXPLAINED, _("Its README names every event"), _events),
    Rule(EXPLAINED, _("Its README names every setting"), _settings),
    Rule(EXPLAINED, _("Its README says how it is disabled"), _removal),
    Rule(EXPLAINED, _("What others may import is explained"), _offered),
    Rule(PROVEN, _("Its tests hold it to the contract"), _contract),
    Rule(PROVEN, _("Its tests run on both databases"), _both),
    Rule(PROVEN, _("Its tests act as people"), _people),
    Rule(PROVEN, _("Every transition is named by a test"), _steps),
    Rule(PROVEN, _("Every service and job is named by a test"), _functions),
    Rule(PROVEN, _("Its arithmetic has properties"), _properties),
)  # fmt: skip
