"""A plugin to begin with: it runs, has a record, roles, a list, words in two languages and tests, and passes them."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Final

from tenor.loader.manifest import find
from tenor_sdk.errors import Conflict, Invalid

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

#: letters first, then letters, digits and single underscores: it becomes a package, a table and an address
_NAME: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_LONGEST: Final = 30
_FORBIDDEN: Final = frozenset('"\\\n\r{}$')
_PACKAGE: Final = "package"


def write_plugin(name: str, title: str, title_zh: str, folder: Path) -> Path:
    """Write a new plugin; the folder of its distribution.

    Args:
        name: such as ``site_visits``.
        title: in English; empty: made of the name.
        title_zh: in Chinese; empty: as in English, until somebody translates it.
        folder: in which that of the distribution is made.

    Raises:
        Invalid: ``not-a-plugin-name``; ``not-a-plugin-title``: too long, or it would end a string in the source.
        Conflict: ``plugin-exists``: one of that name is installed; ``file-exists``.
    """
    if not _NAME.fullmatch(name) or len(name) > _LONGEST or keyword.iskeyword(name):
        raise Invalid("not-a-plugin-name", None, name=name[:80])
    if any(set(said) & _FORBIDDEN or len(said) > _LONGEST for said in (title, title_zh)):
        raise Invalid("not-a-plugin-title", None)
    if name in find()[0]:
        raise Conflict("plugin-exists", name=name)
    words = _words(name, title, title_zh)
    target = folder / words["distribution"]
    if target.exists():
        raise Conflict("file-exists", name=str(target))
    for path, template in _templates(files("tenor.cli") / "scaffold"):
        file = target / Template(path).substitute(words).replace(_PACKAGE, words["package"], 1)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(Template(template).substitute(words), "utf-8")
    return target


def _words(name: str, title: str, title_zh: str) -> dict[str, str]:
    """What the templates are filled with."""
    title = title or name.replace("_", " ").capitalize()
    one = _one_of(name)
    record, chinese = one.replace("_", " ").capitalize(), title_zh or title
    translations = {
        record: chinese,
        title: chinese,
        f"{title} for Tenor": chinese,
        f"{record} keeper": f"{chinese}经办人",
        f"{record} reader": f"{chinese}查阅人",
        "Customers": "客户",
        "Remark": "备注",
    }
    entries = (f'\nmsgid "{said}"\nmsgstr "{meant}"\n' for said, meant in translations.items())
    return {
        "name": name,
        "title": title,
        "translations": "".join(entries),
        "distribution": f"tenor-{name.replace('_', '-')}",
        "package": f"tenor_{name}",
        "record": "".join(part.capitalize() for part in one.split("_")),
        "record_title": record,
        "table": f"{name}_{one}",
    }


def _one_of(name: str) -> str:
    """What one of them is called: ``insurance_policies`` keep an ``insurance_policy``."""
    if name.endswith("ies") and len(name.rpartition("_")[2]) > len("ties"):
        return f"{name.removesuffix('ies')}y"
    return name.removesuffix("s") if not name.endswith("ss") else name


def _templates(folder: Traversable, before: str = "") -> Iterator[tuple[str, str]]:
    """Path and text of each; the path without the ending by which they aren't taken for what they become."""
    for each in sorted(folder.iterdir(), key=lambda one: one.name):
        if each.is_dir():
            yield from _templates(each, f"{before}{each.name}/")
        elif each.name.endswith(".in"):
            yield f"{before}{each.name.removesuffix('.in')}", each.read_text("utf-8")
