"""Catalogues: ``*.po`` files of a plugin's ``translations`` folder, read once and kept for the next start too."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from gettext import c2py
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog, Message

    from tenor.kept import Kept

_PLURAL = tuple[str, ...]


@dataclass(frozen=True)
class Catalogue:
    """The messages of one plugin in one language; those without a translation aren't in it."""

    singular: Mapping[str, str] = field(default_factory=dict)
    plural: Mapping[str, _PLURAL] = field(default_factory=dict)
    choose: Callable[[int], int] = lambda n: int(n != 1)

    def get(self, message: str, n: object = None) -> str | None:
        """The translation of a message id, by count where it has a plural."""
        forms = self.plural.get(message)
        if forms is None:
            return self.singular.get(message)
        return forms[min(self.choose(n if isinstance(n, int) else 1), len(forms) - 1)]


def catalogues_in(folder: Path, only: str = "", kept: Kept | None = None) -> dict[str, Catalogue]:
    """The catalogues below ``translations``, by language: ``en.po``, ``zh-CN.po``, ``zh_CN/LC_MESSAGES/any.po``.

    Args:
        only: the one language that is asked for; by default all.
        kept: where what was read stays for the next process.
    """
    found: dict[str, list[Path]] = {}
    for path in sorted(folder.rglob("*.po")):
        language = _language(path, folder)
        if only in ("", language):
            found.setdefault(language, []).append(path)
    return {language: _merged(paths, kept) for language, paths in found.items()}


def _language(path: Path, folder: Path) -> str:
    inside = path.relative_to(folder).parts
    return (inside[0] if len(inside) > 1 else path.stem).replace("_", "-")


def _merged(paths: list[Path], kept: Kept | None) -> Catalogue:
    parts = [_catalogue(path, kept) for path in paths]
    if len(parts) == 1:
        return parts[0]
    singular = {key: text for part in parts for key, text in part.singular.items()}
    plural = {key: forms for part in parts for key, forms in part.plural.items()}
    return Catalogue(singular, plural, parts[0].choose)


#: by path and when it was changed: of each site of a process the same
_here: Final[dict[tuple[Path, int], Catalogue]] = {}


def _catalogue(path: Path, kept: Kept | None) -> Catalogue:
    version = (path, path.stat().st_mtime_ns)
    if version not in _here:
        told = _told(path, kept)
        plural = {message: tuple(forms) for message, forms in told["plural"].items()}
        _here[version] = Catalogue(told["singular"], plural, c2py(told["choose"]))
    return _here[version]


def _told(path: Path, kept: Kept | None) -> dict[str, Any]:
    """What a file says, as JSON has it; read anew where it isn't what it was."""
    source, name = path.read_bytes(), f"catalogue {path}"
    of = sha256(source).hexdigest()
    piece = None if kept is None else kept.get(name)
    told: dict[str, Any] = json.loads(piece) if piece else {}
    if told.get("of") != of:
        told = {"of": of, **_read(source, _locale(path))}
        if kept is not None:
            kept.put(name, json.dumps(told).encode())
    return told


def _read(source: bytes, locale: str | None) -> dict[str, Any]:
    from babel.messages.pofile import read_po

    catalog = read_po(BytesIO(source), locale=locale, abort_invalid=True)
    singular: dict[str, str] = {}
    plural: dict[str, _PLURAL] = {}
    for message, texts in _translated(catalog):
        if isinstance(texts, tuple):
            plural[message] = texts
        else:
            singular[message] = texts
    return {"singular": singular, "plural": plural, "choose": catalog.plural_expr}


def _locale(path: Path) -> str | None:
    """Of the path, as far as babel knows it: it gives the plural rule where the file says none."""
    for name in (path.stem, *(part.name for part in path.parents[:3])):
        if name.replace("-", "_") in ("zh_CN", "en", "zh"):
            return name.replace("-", "_")
    return None


def _translated(catalog: Catalog) -> Iterator[tuple[str, str | _PLURAL]]:
    for message in catalog:
        if message.id and all(_texts(message)) and not message.fuzzy:
            first = message.id if isinstance(message.id, str) else message.id[0]
            texts = _texts(message)
            yield first, texts if isinstance(message.id, tuple | list) else texts[0]


def _texts(message: Message) -> _PLURAL:
    given = message.string
    return (str(given),) if isinstance(given, str) else tuple(str(text) for text in given or ("",))
