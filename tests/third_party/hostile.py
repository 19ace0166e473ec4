"""Plugins that do harm, as wheels: one ends the process, one's records can't be mapped, one raises in all that it is
asked; and one of them that the institution can't do without."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tests.third_party.wheels import wheel_of

_PROJECT: Final = """
[project]
name = "tenor-{name}"
version = "1.0"
description = "{name}"
dependencies = ["tenor-sdk", "tenor-customers"]
[project.entry-points."tenor.plugins"]
{name} = "tenor_{name}:plugin"
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[tool.hatch.build.targets.wheel]
packages = ["tenor_{name}"]
"""
_LEAVER: Final = {"services.py": "import sys\nsys.exit(3)\n"}
_TORN: Final = {
    "records.py": """
from sqlalchemy.orm import Mapped, relationship
from tenor_customers.public import Customer
from tenor_sdk import Extension, Record, field, link


class Part(Record):
    customer_id: Mapped[int] = link(Customer)
    nowhere: Mapped["Nothing"] = relationship("Nothing")


class Torn(Extension[Customer]):
    depth: Mapped[int] = field(default=0)
""",
}
_RAISER: Final = {
    "hooks.py": """
from tenor_customers.public import StatementRecorded
from tenor_origination.public import owed_by_customer, application_flow, approve
from tenor_sdk import WorkflowPatch, guard, hookimpl, job, on
from tenor_sdk.views import Tile


@hookimpl(owed_by_customer)
def owed(ctx, customer_id):
    raise RuntimeError("nobody knows")


@on(StatementRecorded)
def hear(ctx, event):
    raise RuntimeError("heard enough")


@job(on=StatementRecorded, actor="service")
def work(ctx, event):
    raise RuntimeError("tired")


@guard
def never(ctx, application):
    raise RuntimeError("nobody passes")


def _count(ctx):
    raise RuntimeError("uncountable")


tile = Tile(title="Trouble", value=_count)
patch = WorkflowPatch(application_flow, guards=((approve, never),))
""",
}
_FILES: Final = {"leaver": _LEAVER, "torn": _TORN, "raiser": _RAISER, "vital": _LEAVER}


def hostile(name: str, into: Path, *, harmless: bool = False) -> Path:
    """A wheel.

    Args:
        harmless: of an earlier version, which does nothing yet and can be enabled.
    """
    folder = into / f"{name}-{harmless}"
    package = folder / f"tenor_{name}"
    package.mkdir(parents=True)
    (folder / "pyproject.toml").write_text(_PROJECT.format(name=name), "utf-8")
    critical = "critical=True" if name == "vital" else ""
    (package / "__init__.py").write_text(
        f'from tenor_sdk import Plugin\n\nplugin = Plugin(title="{name.title()}", {critical})\n', "utf-8"
    )  # fmt: skip
    for path, text in ({} if harmless else _FILES[name]).items():
        (package / path).write_text(text, "utf-8")
    return wheel_of(folder, into)
