"""What is known of a plugin without importing it: pip's metadata, and the literals of its ``plugin = Plugin(…)``."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from email import message_from_string
from functools import cache, lru_cache
from importlib.machinery import ModuleSpec
from importlib.metadata import EntryPoint, EntryPoints, PackageNotFoundError, entry_points, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Protocol

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tenor.loader.failures import Failure, words_of
from tenor_sdk.i18n import Text, _
from tenor_sdk.plugin import WORDS, Plugin

GROUP: Final = "tenor.plugins"
BASE: Final = "base"
_KERNEL: Final = ("tenor", "tenor-sdk")
_WORDS: Final = frozenset(each.name for each in fields(Plugin))
#: what may be wrong with a stranger's source and metadata besides: it is theirs alone
_ODDITIES: Final = (
    ValueError, TypeError, SyntaxError, AttributeError, LookupError, ImportError, OSError, RecursionError, MemoryError,
)  # fmt: skip
#: what each of them is
_KINDS: Final[dict[str, type]] = {
    "title": str, "category": str, "critical": bool, "optional": tuple, "asks": tuple
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """A plugin that is installed.

    Args:
        name: ``customers``; of the entry point, equal to the package less ``tenor_``.
        package: ``tenor_customers``; the kernel's own is ``tenor``.
        distribution: ``tenor-customers``.
        version: of the distribution.
        summary: the distribution's sentence on itself.
        requires: requirements that are plugins, by their name, with the versions that will do.
        kernel: requirements that are the kernel or the SDK.
        folder: of the package.
        stated: what its ``Plugin(…)`` says.
        point: by which it is loaded.
    """

    name: str
    package: str
    distribution: str
    version: str
    summary: str
    requires: dict[str, Requirement]
    folder: Path
    stated: Plugin
    point: EntryPoint
    kernel: tuple[Requirement, ...] = ()

    @property
    def title(self) -> str:
        return self.stated.title

    @property
    def migrations(self) -> Path:
        """The folder of its migrations, which need not exist."""
        return self.folder / "migrations"


@dataclass(frozen=True)
class _Described:
    """What pip's metadata say of a distribution; see ``Manifest``."""

    name: str
    version: str
    summary: str
    requires: tuple[tuple[str, Requirement], ...]
    kernel: tuple[Requirement, ...]


class ManifestError(ValueError):
    """A manifest that can't be read, with the file and line."""


class Brought(Protocol):
    """What the installed distributions bring: ``importlib.metadata.entry_points()``, a type of its own until 3.12."""

    def select(self, *, group: str) -> EntryPoints: ...


def find(points: Brought | None = None) -> tuple[dict[str, Manifest], list[Failure]]:
    """Every plugin that is installed, by name, and those whose manifest is at fault. Imports none of them.

    Args:
        points: what the installed distributions bring, where somebody read it already.
    """
    found: dict[str, Manifest] = {}
    failures: list[Failure] = []
    given = entry_points() if points is None else points
    for point in sorted(given.select(group=GROUP), key=_place):
        try:
            manifest = read(point)
        except ManifestError as error:
            failures.append(_unreadable(point.name, str(error)))
            continue
        except _ODDITIES as error:
            failures.append(_unreadable(point.name, words_of(error)))
            continue
        known = found.setdefault(manifest.name, manifest)
        if known.distribution != manifest.distribution:
            failures.append(_twice(manifest, known))
    return found, failures


def _place(point: EntryPoint) -> tuple[str, str]:
    try:
        described = _describing(point)
    except _ODDITIES:  # whoever reads it says what is wrong with it
        return point.name, ""
    return point.name, described.name if described else ""


def read(point: EntryPoint) -> Manifest:
    """The manifest behind an entry point.

    Raises:
        ManifestError: naming what is wrong, and where.
    """
    package, name = _names(point)
    described = _describing(point)
    if described is None:
        raise ManifestError(f"{point.value} comes from no distribution")
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ManifestError(f"{described.name} is installed, but its package {package} isn't there")
    return Manifest(
        name=name,
        package=package,
        distribution=canonicalize_name(described.name),
        version=described.version,
        summary=described.summary,
        requires=dict(described.requires),
        kernel=described.kernel,
        folder=Path(spec.origin).parent,
        stated=stated(_source(spec, package), spec.origin),
        point=point,
    )


@lru_cache(maxsize=256)
def stated(source: str, file: str) -> Plugin:
    """The one top-level ``plugin = Plugin(…)`` of a source, read without running it.

    Raises:
        ManifestError: there is none, there are several, or something in it is computed.
    """
    found = (_manifest_call(node) for node in ast.parse(source, file).body)
    calls = [call for call in found if call is not None]
    if len(calls) != 1:
        raise ManifestError(f"{file}: one top-level plugin = Plugin(…) is needed, not {len(calls)}")
    call = calls[0]
    if call.args:
        raise ManifestError(f"{file}:{call.lineno}: Plugin(…) takes keywords only")
    said = Plugin(**dict(_literals(call, file)))
    for name, kind in _KINDS.items():
        if not _is_of(getattr(said, name), kind):
            raise ManifestError(f"{file}:{call.lineno}: {name} isn't a {kind.__name__}")
    for each in said.asks:
        if each not in WORDS:
            raise ManifestError(f"{file}:{call.lineno}: a plugin can't ask for {each!r}")
    return said


def _is_of(value: object, kind: type) -> bool:
    """Whether a value is of this kind; a tuple is one of words."""
    return isinstance(value, kind) and (
        not isinstance(value, tuple) or all(isinstance(each, str) for each in value)
    )


def _literals(call: ast.Call, file: str) -> Iterator[tuple[str, Any]]:
    for keyword in call.keywords:
        place = f"{file}:{keyword.value.lineno}"
        if keyword.arg not in _WORDS:
            raise ManifestError(f"{place}: Plugin(…) has no {keyword.arg or '**'}")
        try:
            yield keyword.arg, ast.literal_eval(keyword.value)
        except (ValueError, TypeError):
            raise ManifestError(
                f"{place}: {keyword.arg} must be a literal: it is read without importing"
            ) from None


def _manifest_call(node: ast.stmt) -> ast.Call | None:
    """The right side of ``plugin = Plugin(…)``."""
    if isinstance(node, ast.AnnAssign):
        targets: list[ast.expr] = [node.target]
    elif isinstance(node, ast.Assign):
        targets = node.targets
    else:
        return None
    named = any(isinstance(target, ast.Name) and target.id == "plugin" for target in targets)
    return node.value if named and isinstance(node.value, ast.Call) else None


def _names(point: EntryPoint) -> tuple[str, str]:
    """Package and plugin name of ``notes = "tenor_notes:plugin"``."""
    if point.value == "tenor:plugin" and point.name == BASE:
        return "tenor", BASE
    # a dotted package would be imported by find_spec, so it is refused before
    match = re.fullmatch(r"tenor_(\w+):plugin", point.value)
    if match is None or match[1] != point.name:
        raise ManifestError(
            f'the entry point {point.name} = "{point.value}" must read {point.name} = "tenor_{point.name}:plugin"'
        )
    return f"tenor_{point.name}", point.name


def _source(spec: ModuleSpec, package: str) -> str:
    source = spec.loader.get_source(package) if hasattr(spec.loader, "get_source") else None  # type: ignore[union-attr]  # asked on the line
    if source is None:
        raise ManifestError(f"{package} has no source from which its manifest can be read")
    return str(source)


def _describing(point: EntryPoint) -> _Described | None:
    """What the distribution of an entry point says of itself; None where there is none, or it says nothing."""
    text = point.dist.read_text("METADATA") if point.dist else None
    return _described(text) if text else None


@lru_cache(maxsize=256)
def _described(metadata: str) -> _Described:
    """Read them once for as long as they stay as they are: each question of importlib's own reads them anew.

    Raises:
        ManifestError: there is no name or version in them.
        ValueError: a version or a requirement is none.
    """
    message = message_from_string(metadata)
    for said in ("Name", "Version"):
        if not message[said]:
            raise ManifestError(f"its metadata have no {said}")
    Version(message["Version"])
    requires = [*_ours(message.get_all("Requires-Dist", []))]
    summary = message["Summary"] or ""
    return _Described(
        message["Name"],
        message["Version"],
        summary,
        tuple((name, each) for name, each in requires if name),
        tuple(each for name, each in requires if not name),
    )


def _ours(lines: list[str]) -> Iterator[tuple[str, Requirement]]:
    """Each requirement that is a plugin by its name, and those that are the kernel, without one."""
    for line in lines:
        requirement = Requirement(line)
        name = canonicalize_name(requirement.name)
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        if name in _KERNEL:
            yield "", requirement
        elif name.startswith("tenor-"):
            yield name.removeprefix("tenor-").replace("-", "_"), requirement


def satisfies(manifest: Manifest, requirement: Requirement) -> bool:
    """Whether an installed plugin is of a version that will do."""
    return requirement.specifier.contains(Version(manifest.version), prereleases=True)


def unmet_kernel(manifest: Manifest) -> tuple[Requirement, str] | None:
    """What a plugin needs of the kernel or the SDK and doesn't find, and the version that is here."""
    for requirement in manifest.kernel:
        found = _version_of(canonicalize_name(requirement.name))
        if found and not requirement.specifier.contains(Version(found), prereleases=True):
            return requirement, found
    return None


@cache
def _version_of(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return ""


def _unreadable(name: str, problem: str) -> Failure:
    return Failure(
        plugin=name,
        stage="manifest",
        cause=_("Its manifest can't be read: {problem}", problem=problem),
        remedy=_reinstall(name),
    )


def _twice(manifest: Manifest, known: Manifest) -> Failure:
    both = f"{known.distribution}, {manifest.distribution}"
    return Failure(
        plugin=manifest.name,
        stage="manifest",
        cause=_("Two distributions bring it: {both}", both=both),
        remedy=_("Remove one: pip uninstall {distribution}", distribution=manifest.distribution),
    )


def _reinstall(name: str) -> Text:
    distribution = f"tenor-{name.replace('_', '-')}"
    return _(
        "Install it again: pip install --force-reinstall {distribution}", distribution=distribution
    )
