"""Institutions whose environment holds wheels alone, as their administrator and their people find them."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tenor_test_support.mail import SmtpSink
from tests.journeys.bank import PASSWORD, Bank
from tests.journeys.steps import ADMINISTRATOR, CUSTOMER, MANAGER, Cast
from tests.security.browsing import signed_in
from tests.third_party import wheels
from tests.third_party.wheels import Environment

#: puts the demo's people into an institution, in its own environment; a token for each, by login
_PEOPLE: Final = """
import json, os, sys
from tenor.base.demo import PEOPLE
from tenor.base.services import set_password_hash
from tenor.boot import boot
from tenor.identity.passwords import hashed
from tenor.loader.stage import actor_of, play
from tenor.settings import KernelSettings

kernel = boot(KernelSettings.load(environ=os.environ))
play(kernel, ["base"])
with kernel.context(kernel.access.system_actor(), write=True) as ctx:
    for login in ("ding.ning", "lin.xiaowen"):
        set_password_hash(ctx, login, hashed(sys.argv[1]))
print(json.dumps({each[0]: kernel.identity.create_token(actor_of(kernel, each[0]), "t") for each in PEOPLE}))
"""


class House(Bank):
    """An institution, and the environment of its own in which it runs.

    Args:
        where: its wheels are.
        more: of the variables of its processes.
    """

    def __init__(
        self, folder: Path, where: Environment, mails: SmtpSink, more: Mapping[str, str]
    ) -> None:
        super().__init__(folder, mails, more, str(where.python))
        self.where, self.folders = where, folder.parent
        self.tokens: dict[str, str] = {}

    def serve(self) -> None:
        """Open its site."""
        self.start("serve")
        self.known(self.tokens)

    @property
    def cast(self) -> Cast:
        """Its people."""
        return Cast(self)

    def counted(self) -> int | None:
        """How many site checks the customers' own list says of the one who is there; None without such a column."""
        page = signed_in(self.url, MANAGER).get(CUSTOMER)
        cell = re.search('data-label="现场核查"><span class="t-n(?:um"|one".*?)>(\\d+|—)', page)
        return None if cell is None else int(cell[1].replace("—", "0"))

    def install(self, name: str, *, before: bool = False) -> None:
        """As an administrator installs a third party's plugin."""
        into = self.folders / f"wheels-{name}-{before}"
        found = [*into.glob("*.whl")] or [wheels.vendors(name, into, before=before)]
        self.where.install(*found)

    def plugin(self, *words: str, given: str = "", expect: int = 0) -> str:
        """What ``tenor plugin …`` says to the administrator."""
        changes = words[0] in ("enable", "disable", "remove", "restore", "purge", "upgrade")
        named = ("--as", ADMINISTRATOR) if changes else ()
        return self.command("plugin", *words, *named, given=given, expect=expect)

    def states(self) -> dict[str, str]:
        """What ``tenor plugin list`` says of each plugin, by its name."""
        lines = self.plugin("list").splitlines()[1:]
        return {line.split()[0]: line for line in lines if line.strip()}


def people_of(where: Environment, environment: Mapping[str, str]) -> dict[str, str]:
    """Tokens of the demo's people, who are put into an institution."""
    told = where.run("-c", _PEOPLE, PASSWORD, environment=environment)
    tokens: dict[str, str] = json.loads(told.splitlines()[-1])
    return tokens


@contextmanager
def house(
    shared: Path, folder: Path, url: str = "", *plugins: str, more: Mapping[str, str] | None = None
) -> Iterator[House]:
    """An institution with people, as long as the block lasts.

    Args:
        shared: where what every test needs alike is made once.
        url: of its database; by default a file of SQLite in its folder.
        plugins: with which it begins.
    """
    with SmtpSink() as mails:
        where = wheels.environment(shared, folder / "environment")
        home = folder / "home"
        given = {**(more or {}), **({"TENOR_DATABASE_URL": url} if url else {})}
        made = House(home, where, mails, given)
        if url:
            home.mkdir()
            tokens = _founded(made, plugins)
        else:
            tokens = _copied(shared, made, plugins)
        made.tokens = tokens
        try:
            yield made
        finally:
            made.end()


def _founded(made: House, plugins: tuple[str, ...]) -> dict[str, str]:
    made.command("init", *plugins)
    return people_of(made.where, made.environment)


def _copied(shared: Path, made: House, plugins: tuple[str, ...]) -> dict[str, str]:
    """The same institution for every test that begins alike: founding it takes seconds."""
    template = shared / "-".join(("home", *plugins))
    with wheels.once(template) as missing:
        if missing:
            making = template.with_suffix(".making")
            making.mkdir()
            founding = House(making, made.where, made.mails, {})
            tokens = _founded(founding, plugins)
            (making / "tokens.json").write_text(json.dumps(tokens), "utf-8")
            making.rename(template)
    shutil.copytree(template, made.folder)
    kept: dict[str, str] = json.loads((made.folder / "tokens.json").read_text("utf-8"))
    return kept
