"""``tenor demo``: a demo bank in a folder, made the first time, kept afterwards; prints its accounts and serves."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Final

from tenor.base.demo import DEMO_PASSWORD, INSTITUTION, PEOPLE, UNITS
from tenor.base.services import set_password_hash
from tenor.cli.place import Place
from tenor.cli.serve import serve
from tenor.cli.words import Commands, command
from tenor.identity.passwords import hashed
from tenor.kernel import Kernel
from tenor.loader.founding import found
from tenor.loader.loader import Loader
from tenor.loader.manifest import BASE, find
from tenor.loader.migrations import migrate
from tenor.loader.order import order
from tenor.loader.stage import play
from tenor.loader.state import read_state
from tenor.settings import KernelSettings
from tenor_sdk.i18n import _

#: plugins of this category are written to be read; the demo bank does without
_EXAMPLES: Final = "Examples"
_SETTINGS: Final = f"""\
institution = "{INSTITUTION}"
data_dir = "."
business_date = 2026-06-30
demo = true
"""


def add(commands: Commands) -> None:
    parser = command(commands, "demo", _demo, "make (once) and serve a demo bank in .demo")
    parser.add_argument(
        "--plugins", help="only these, separated by commas; by default all but examples"
    )
    parser.add_argument(
        "--people-only",
        action="store_true",
        help="units and people, no customers: as the tutorial begins",
    )
    parser.add_argument(
        "--no-serve", action="store_true", help="make it, print the accounts, and end"
    )


def _demo(place: Place, options: argparse.Namespace) -> int:
    home = Path(os.environ.get("TENOR_HOME") or ".demo").absolute()
    config = _written_settings(home)
    place.settings = KernelSettings.load(config)
    if not read_state(place.settings.database).generation:
        place.say(_("Making the demo bank; this takes a moment."))
        found(place.settings, _chosen(options.plugins))
    else:
        _bring_up_to_date(place.settings)
    with place.kernel() as kernel:
        _play(place, kernel, people_only=options.people_only)
        _print_accounts(place)
    return 0 if options.no_serve else serve(place, ["--config", str(config)])


def _written_settings(home: Path) -> Path:
    """The demo's ``tenor.toml``; the folder is kept out of version control."""
    home.mkdir(parents=True, exist_ok=True)
    config = home / "tenor.toml"
    if not config.exists():
        config.write_text(_SETTINGS, "utf-8")
        (home / ".gitignore").write_text("*\n")
    return config


def _chosen(names: str | None) -> list[str]:
    if names:
        return [name.strip() for name in names.split(",")]
    installed, _unreadable = find()
    return [
        name
        for name, manifest in installed.items()
        if name != BASE and manifest.stated.category != _EXAMPLES
    ]


def _bring_up_to_date(settings: KernelSettings) -> None:
    """Whoever updated the source since has newer tables; the data stay."""
    loader = Loader(settings)
    plugins = order(loader.enabled, loader.installed).plugins
    migrate(settings.owner, [each for each in plugins if each.migrations.is_dir()])


def _play(place: Place, kernel: Kernel, *, people_only: bool) -> None:
    """The demo data of each plugin that wasn't played yet, and the people's one password."""
    for failure in kernel.failures:
        place.say(
            _("{plugin}: {cause} {remedy}", plugin=failure.plugin, cause=failure.cause, remedy=failure.remedy)
        )  # fmt: skip
    if BASE in play(kernel, [BASE]):
        kept = hashed(DEMO_PASSWORD)
        with kernel.context(kernel.access.system_actor(), write=True) as ctx:
            for person in PEOPLE:
                set_password_hash(ctx, person[0], kept)
    if not people_only:
        play(kernel)


def _print_accounts(place: Place) -> None:
    units = {code: name for code, name, _above in UNITS}
    rows = [
        (login, name, units[unit], place.text(position.replace("-", " ").capitalize()))
        for login, name, unit, position, _where in PEOPLE
    ]
    place.say()
    place.table((_("Account"), _("Full name"), _("Unit"), _("Position")), rows)
    place.say()
    place.say(_("The password of all of them: {password}", password=DEMO_PASSWORD))
