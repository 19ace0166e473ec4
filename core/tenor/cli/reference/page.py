"""The page itself: which sections, in which order."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

from tenor.cli.reference import access, functions, records, workflow
from tenor.cli.reference.words import code, section
from tenor.declarations import Declarations
from tenor.loader.collect import collect, modules_of
from tenor.loader.manifest import Manifest
from tenor_sdk.plugin import WORDS


def page(manifest: Manifest) -> str:
    """The reference of a plugin in Markdown.

    Args:
        manifest: of a plugin that this process has imported, with all that it needs.
    """
    declared = Declarations()
    collect(manifest, modules_of(manifest), declared)
    return "\n".join([*_head(manifest), *_sections(manifest, declared)]).rstrip() + "\n"


def _head(manifest: Manifest) -> Iterator[str]:
    again = f"tenor plugin docs {manifest.name}"
    yield from (
        f"# {manifest.title}",
        "",
        f"<!-- {again}; written from the source, not by hand -->",
        "",
    )
    yield from (f"{code(manifest.name)}: {manifest.summary}", "")
    facts = {
        "needs": ", ".join(code(name) for name in sorted(manifest.requires)),
        "works together with": ", ".join(code(name) for name in manifest.stated.optional),
        "asks": "; ".join(f"{code(asked)} ({WORDS[asked]})" for asked in manifest.stated.asks),
        "critical": "the institution must not run without it" if manifest.stated.critical else "",
    }
    lines = [f"- {fact}: {told}" for fact, told in facts.items() if told]
    yield from (*lines, "") if lines else ()


def _sections(manifest: Manifest, declared: Declarations) -> Iterator[str]:
    public = sys.modules.get(f"{manifest.package}.public")
    names: list[tuple[str, Any]] = [
        (name, getattr(public, name)) for name in getattr(public, "__all__", ())
    ]
    yield from section("Records", records.records(declared.records))
    yield from section("Roles", access.roles(declared))
    yield from section("Permissions", access.permissions(declared))
    yield from section("Rules", access.rules(declared))
    yield from section("Workflow", workflow.workflows(declared))
    yield from section("Hooks", functions.hooks(declared))
    yield from section("Part in others' hooks", functions.parts_in_hooks(declared))
    yield from section("Events", functions.events(declared.events))
    yield from section("Listens to", functions.handlers(declared))
    yield from section("Jobs", functions.jobs(declared))
    yield from section("Notices", functions.notices(declared))
    yield from section("Settings", functions.settings(declared.settings))
    yield from section("Pages and commands", functions.doors(declared))
    yield from section("Drivers", functions.drivers(declared))
    yield from section("Brings drivers", functions.brought(manifest.distribution))
    yield from section("For other plugins", functions.offered(names))
