"""The members of the workspace as their pyproject.toml states them."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from tools.checks.found import TargetGone


@dataclass(frozen=True)
class Member:
    """A distribution: its folder, its import package, and what it requires."""

    folder: Path
    package: str
    distribution: str
    requires: frozenset[str]

    @property
    def source(self) -> Path:
        """The folder of its import package."""
        return self.folder / self.package

    @property
    def importable(self) -> bool:
        """Whether there is a package yet."""
        return (self.source / "__init__.py").is_file()

    def python(self) -> list[Path]:
        """Its Python files, tests apart: a package, or a single module."""
        module = self.source.with_suffix(".py")
        return sorted([*self.source.rglob("*.py"), *([module] if module.is_file() else [])])


def plugins(root: Path) -> list[Member]:
    """The bundled plugins and the examples of the documentation.

    Raises:
        TargetGone: there is none.
    """
    found = [*root.glob("plugins/*/pyproject.toml"), *root.glob("docs/examples/*/pyproject.toml")]
    if not found:
        raise TargetGone("plugins/*/pyproject.toml matches no file: correct the rule")
    return [_member(file) for file in sorted(found)]


def plugin_files(root: Path) -> list[Path]:
    """The Python files of every plugin, tests apart.

    Raises:
        TargetGone: there is none.
    """
    found = [path for member in plugins(root) for path in member.python()]
    if not found:
        raise TargetGone("no plugin has a Python file: correct tools/checks/workspace.py")
    return found


def _member(file: Path) -> Member:
    project = tomllib.loads(file.read_text("utf-8"))["project"]
    extras = project.get("optional-dependencies", {}).values()
    stated = [*project.get("dependencies", ()), *(each for extra in extras for each in extra)]
    name = _normal(project["name"])
    return Member(file.parent, name.replace("-", "_"), name, frozenset(map(_normal, stated)))


def _normal(requirement: str) -> str:
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    return re.sub(r"[-_.]+", "-", name[0]).lower() if name else ""
