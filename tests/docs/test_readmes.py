"""What the README of each bundled plugin says: its records, roles, events and settings, and how it is disabled."""

from __future__ import annotations

from pathlib import Path

import pytest

from tenor.loader.imported import imported
from tenor.testing.quality import EXPLAINED, RULES, Looked

PLUGINS = Path(__file__).parents[2] / "plugins"


@pytest.mark.parametrize("name", sorted(each.parent.name for each in PLUGINS.glob("*/README.md")))
def test_the_readme_of_a_bundled_plugin_names_what_it_brings(name: str) -> None:
    manifest = next(each for each in imported(name) if each.name == name)
    looked = Looked(None, manifest, PLUGINS / name)
    lacking = {
        str(rule.words): broken
        for rule in RULES
        if rule.rung == EXPLAINED and (broken := list(rule.broken(looked)))
    }
    assert not lacking
