"""A small project on disk, with the three floors, for the rules to judge."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

_PLUGIN = """
[project]
name = "tenor-{name}"
version = "0.1.0"
dependencies = [{dependencies}]
"""

_BARE = {
    "sdk/tenor_sdk/__init__.py": "",
    "core/tenor/__init__.py": "",
    "core/tenor/clock.py": "from datetime import datetime\nreading = datetime.now\n",
    "core/tenor/web/templates/page.html": "<p>{{ title }}</p>\n",
    "plugins/loans/pyproject.toml": _PLUGIN.format(
        name="loans", dependencies='"tenor-sdk", "tenor-customers"'
    ),
    "plugins/loans/tenor_loans/__init__.py": "",
    "plugins/customers/pyproject.toml": _PLUGIN.format(
        name="customers", dependencies='"tenor-sdk"'
    ),
    "plugins/customers/tenor_customers/__init__.py": "",
    "plugins/customers/tenor_customers/public.py": "",
    "tests/architecture/layers.txt": "clock: reads the time\nweb: shows it\n",
    "docs/decisions/README.md": "[One](0001-one.md)\n",
    "docs/decisions/0001-one.md": (
        "# One\n\n**Status**: accepted\n\n## Context\n\n## Decision\n\n## Consequences\n\n"
        "## A change violates this when\n\n## Evidence\n"
    ),
}


@pytest.fixture
def project(tmp_path: Path) -> Callable[..., Path]:
    """Makes a project that breaks no rule, with the given files (path: text) added or changed."""

    def make(files: dict[str, str] | None = None) -> Path:
        for name, text in {**_BARE, **(files or {})}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedent(text), encoding="utf-8")
        return tmp_path

    return make
