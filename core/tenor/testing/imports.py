"""What a plugin's source imports, against what its distribution states."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import distribution, packages_distributions
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tenor.loader.manifest import Manifest

#: openly part of the SDK's vocabulary
_SHARED: Final = ("tenor_sdk", "sqlalchemy", "alembic")
#: the kernel's business
_FORBIDDEN: Final = ("celery", "flask", "marshmallow", "pluggy", "tenor")


def undeclared_imports(manifest: Manifest) -> Iterator[str]:
    """Imports that the plugin's requirements don't allow: ``file:line: what``."""
    for path in sorted(manifest.folder.rglob("*.py")):
        for line, module in _imports(path):
            fault = _fault(manifest, path, module)
            if fault:
                yield f"{path}:{line}: {fault}"


def _imports(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"), str(path))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.lineno, node.module


def _fault(manifest: Manifest, path: Path, module: str) -> str:
    top = module.partition(".")[0]
    if top in (manifest.package, *_SHARED) or top in sys.stdlib_module_names:
        return ""
    if top in _FORBIDDEN:
        return f"{module} is the kernel's business; the SDK has the words for it"
    if top.startswith("tenor_"):
        return _fault_between(manifest, path, module)
    return (
        ""
        if _required(manifest.distribution, top)
        else f"{top} is no requirement of {manifest.distribution}"
    )


def _fault_between(manifest: Manifest, path: Path, module: str) -> str:
    other = module.partition(".")[0].removeprefix("tenor_")
    optional = "integrations" in path.parts and other in (path.stem, path.parent.name)
    if other not in manifest.requires and not optional:
        return f"{manifest.distribution} doesn't require {other}"
    public = f"tenor_{other}.public"
    return (
        ""
        if module == public or module.startswith(f"{public}.")
        else f"{module} is {other}'s own; {public} is for others"
    )


def _required(name: str, top: str) -> bool:
    lines = distribution(name).requires or []
    required = {canonicalize_name(Requirement(line).name) for line in lines}
    return any(canonicalize_name(each) in required for each in _providers().get(top, [top]))


@cache
def _providers() -> dict[str, list[str]]:
    return {top: list(names) for top, names in packages_distributions().items()}
