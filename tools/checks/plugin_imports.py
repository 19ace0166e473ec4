"""A plugin imports the SDK, ``public`` of the plugins that it requires, and the libraries that it requires.

So a plugin can be rewritten behind its public names, removed without surprise, and installed alone. The list isn't
kept by hand: it is what pyproject.toml states.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

from tools.checks.found import Finding, imports
from tools.checks.workspace import Member, plugins

#: the kernel's business: none of their objects crosses the SDK
FORBIDDEN = ("celery", "flask", "marshmallow", "pluggy")
#: openly part of the SDK's vocabulary
SHARED = ("sqlalchemy", "alembic")


def findings(root: Path) -> Iterator[Finding]:
    """Imports that a plugin's requirements don't allow."""
    members = plugins(root)
    known = {member.package for member in members}
    for member in members:
        for path in member.python():
            for line, module in imports(path):
                words = _fault(module, member, known, path)
                if words:
                    yield Finding(path, line, words)


def _fault(module: str, member: Member, known: set[str], path: Path) -> str:
    top = module.partition(".")[0]
    if top in {member.package, "tenor_sdk", *SHARED} or top in sys.stdlib_module_names:
        return ""
    if top in FORBIDDEN:
        return f"{top} belongs to the kernel: use the SDK's word for it, or propose one"
    if top == "tenor":
        return "a plugin doesn't know the kernel: take what you need from tenor_sdk or from ctx"
    if top in known or top.startswith("tenor_"):
        return _fault_between(module, top, member, path)
    return (
        ""
        if _required(top, member)
        else f"{top} isn't among the dependencies of pyproject.toml: add it"
    )


def _fault_between(module: str, other: str, member: Member, path: Path) -> str:
    if _coupled(other, path):
        return "" if module.startswith(f"{other}.public") else _use_public(module, other)
    if other.replace("_", "-") not in member.requires:
        return f"{member.distribution} doesn't require {other}: add it to pyproject.toml, or use an event or a hook"
    return "" if re.match(rf"{other}\.public\b", module) else _use_public(module, other)


def _use_public(module: str, other: str) -> str:
    return (
        f"{module} is {other}'s own: import from {other}.public, and publish there what is missing"
    )


def _coupled(other: str, path: Path) -> bool:
    """Whether this file is the one home of an optional coupling, ``integrations/<other>.py``."""
    return "integrations" in path.parts and other.removeprefix("tenor_") in {
        path.stem,
        path.parent.name,
    }


def _required(top: str, member: Member) -> bool:
    return any(_normal(name) in member.requires for name in _providers().get(top, (top,)))


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@cache
def _providers() -> dict[str, list[str]]:
    return dict(packages_distributions())
