"""No tracked file carries the address of a package registry.

Versions and hashes say what is wanted; from where is the business of whoever installs: their mirror, their proxy.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tools.checks.found import Finding, files, lines

REMEDY = "make the lock files with `make lock`, which writes none"
_HOSTS = re.compile(
    r"\b(?:registry\.(?:npmjs|yarnpkg)\.\w+|(?:test\.)?pypi\.(?:org|python\.org)|files\.pythonhosted\.org"
    r"|pypi\.tuna\.\S+|mirrors?\.[\w.-]+/(?:pypi|npm)|registry\.npmmirror\.\w+)",
    re.IGNORECASE,
)
_RESOLVED = re.compile(r'^\s*"resolved":')


def findings(root: Path) -> Iterator[Finding]:
    """Hosts of registries, and ``resolved`` in a lock file of npm."""
    here = Path(__file__).resolve()
    for path in files(root, "**/*"):
        if path.resolve() == here or path.name == f"test_{here.name}":
            continue
        for number, line in lines(path):
            if _HOSTS.search(line) or (path.name == "package-lock.json" and _RESOLVED.match(line)):
                yield Finding(path, number, f"the address of a package registry: {REMEDY}")
