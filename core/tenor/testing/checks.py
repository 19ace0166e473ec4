"""The checks behind ``PluginContract``. Each returns what is wrong, one line each."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from tenor.access.rights import parent_of
from tenor.loader.collect import FILES
from tenor.loader.founding import arranged
from tenor.loader.manifest import Manifest, find
from tenor.loader.messages import untranslated
from tenor.loader.stage import play
from tenor.records import PageQuery
from tenor.testing import migrating
from tenor.testing.counting import statements
from tenor.testing.imports import undeclared_imports
from tenor.testing.institution import as_actor, make_user
from tenor.testing.leaving import leaving
from tenor.web.assets import icon_names
from tenor_sdk.access import Role
from tenor_sdk.declare import plugin_of
from tenor_sdk.records import Record
from tenor_sdk.views import Menu, Panel

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.kernel import Kernel


def check(name: str, institution: Kernel | None, plugin: str) -> list[str]:
    """Run one check of a plugin."""
    if name in _WITHOUT:
        return list(_WITHOUT[name](plugin))
    assert institution is not None
    return list(_WITHIN[name](institution, plugin))


def _manifest(plugin: str) -> Manifest:
    installed, unreadable = find()
    for failure in unreadable:
        assert failure.plugin != plugin, f"{failure.cause}"
    assert plugin in installed, f"{plugin} isn't installed"
    return installed[plugin]


def imports_lazily(plugin: str) -> Iterator[str]:
    """Its package can be imported without the files that declare something."""
    manifest = _manifest(plugin)
    program = f"import sys, {manifest.package}; print('\\n'.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    if done.returncode:
        yield f"{manifest.package} can't be imported: {done.stderr.strip().splitlines()[-1]}"
    own = {f"{manifest.package}.{file}" for file in FILES}
    for module in sorted(own & set(done.stdout.split())):
        yield f"{manifest.package}/__init__.py imports {module}: a list of plugins would load it"


def imports(plugin: str) -> Iterator[str]:
    """It imports the SDK, public names of plugins that it requires, and libraries that it requires."""
    yield from undeclared_imports(_manifest(plugin))


def access(kernel: Kernel, plugin: str) -> Iterator[str]:
    """Each of its records is granted to somebody, itself or through its parent."""
    granted = {grant.target for role in kernel.declarations.of(Role) for grant in role.grants}
    for record in _records(kernel, plugin):
        kind: type[Record] | None = record
        while kind is not None and kind not in granted:
            kind = parent_of(kind)
        if kind is None:
            yield f"{record.__origin__}: no role says who may do what with {record.__name__}"


def translations(kernel: Kernel, plugin: str) -> Iterator[str]:
    """Nothing that a person reads is left in English, nor an error in its key."""
    for language in dict.fromkeys((*kernel.settings.languages, "en")):
        for line in untranslated(arranged([plugin]), plugin, language):
            yield f"{language}: {line}"


def views(kernel: Kernel, plugin: str) -> Iterator[str]:
    """Every icon is there, and every list and page of its records can be made, by somebody with all roles, with the
    demo's data."""
    yield from _icons(kernel, plugin)
    play(kernel)
    roles = [role.key for role in kernel.declarations.of(Role)]
    make_user(kernel, "contract", roles=roles)
    with as_actor(kernel, "contract", write=False) as ctx:
        for record in _records(kernel, plugin):
            yield from _view(kernel, ctx, record)


def _icons(kernel: Kernel, plugin: str) -> Iterator[str]:
    """Icons that Tenor doesn't have: on a page a folder stands in their place."""
    known = icon_names()
    for menu in kernel.declarations.of(Menu):
        if menu.plugin == plugin and menu.icon not in known:
            near = ", ".join(get_close_matches(menu.icon, known)) or ", ".join(sorted(known))
            yield f"{menu.origin}: there is no icon {menu.icon}; near it: {near}"


def _view(kernel: Kernel, ctx: KernelContext, record: type[Record]) -> Iterator[str]:
    try:
        page = kernel.records.page(ctx, kernel.views.list_view(record), PageQuery())
    except KeyError:
        return
    except Exception as error:  # noqa: BLE001 -- told with the record's name
        yield f"{record.__origin__}: its list: {type(error).__name__}: {error}"
        return
    panels = [part for part in kernel.declarations.of(Panel) if part.plugin == record.__plugin__]
    form = kernel.views.form(record)
    shown = {id(part) for part in _parts(form)}  # by identity: attributes answer == with SQL
    for panel in panels:
        if page.records and id(panel) in shown:
            try:
                panel.content(ctx, page.records[0])
            except Exception as error:  # noqa: BLE001 -- told with the panel's place
                yield f"{panel.origin}: panel {panel.title}: {type(error).__name__}: {error}"


def _parts(form: object) -> list[object]:
    """Whatever stands on a page, at any depth."""
    found: list[object] = []
    for value in vars(form).values() if hasattr(form, "__dict__") else ():
        for part in value if isinstance(value, list | tuple) else (value,):
            found.append(part)
            if hasattr(part, "content"):
                found.extend(_parts(part))
    return found


def migrations(kernel: Kernel, plugin: str) -> Iterator[str]:
    """Its migrations lead to exactly its records, and back."""
    own = _records(kernel, plugin)
    manifest = _manifest(plugin)
    if not manifest.migrations.is_dir():
        if own:
            yield f"{plugin} has records and no migrations; tenor dev migration {plugin}"
        return
    yield from migrating.differing(kernel, manifest)
    yield from migrating.there_and_back(manifest)


def demo(kernel: Kernel, plugin: str) -> Iterator[str]:
    """Its demo data can be played, once."""
    play(kernel)
    if plugin in play(kernel):
        yield f"the demo data of {plugin} would be played twice"


def docstrings(kernel: Kernel, plugin: str) -> Iterator[str]:
    """Hooks say when they are asked, in which transaction, and what raising does; others say what they do."""
    for label, labelled in kernel.declarations.functions:
        if labelled.plugin != plugin:
            continue
        said = labelled.function.__doc__ or ""
        place = f"{labelled.function.__module__}.{labelled.function.__name__}"
        if not said.strip():
            yield f"{place} has no docstring"
        elif label == "__tenor_hookspec__":
            for word in ("When", "Transaction", "Actor", "Rais"):
                if word not in said:
                    yield f"{place}: its docstring doesn't say: {word.lower()}…"
    for event in kernel.declarations.events:
        if plugin_of(event.__module__) == plugin and not (event.__doc__ or "").strip():
            yield f"{event.__module__}.{event.__name__} has no docstring"


def _records(kernel: Kernel, plugin: str) -> list[type[Record]]:
    return [record for record in kernel.declarations.records if record.__plugin__ == plugin]


_WITHOUT: Final[Mapping[str, Callable[[str], Iterator[str]]]] = {
    "imports_lazily": imports_lazily,
    "imports": imports,
}
_WITHIN: Final[Mapping[str, Callable[[Kernel, str], Iterator[str]]]] = {
    "access": access,
    "translations": translations,
    "views": views,
    "migrations": migrations,
    "demo": demo,
    "docstrings": docstrings,
    "statements": statements,
    "leaving": leaving,
}
