"""A change is rehearsed on a copy of the whole database, with the time of each step; nothing of the copy is left."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from tenor.loader.copies import copied, file_of, put
from tenor.loader.lifecycle import names_after
from tenor.loader.migrations import migrate
from tenor.loader.order import order
from tenor.loader.state import engine_of
from tenor.loader.trying import start_on
from tenor_sdk.errors import Refused
from tenor_sdk.i18n import Text, _

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tenor.loader.lifecycle import ChangePlan
    from tenor.loader.survey import Survey
    from tenor.settings import KernelSettings

_FOLDER: Final = "rehearsal"
#: stands on the copy, so that one that was left by a process that was killed is known again
_MARK: Final = "a copy that tenor plugin plan --on-clone made"


@dataclass(frozen=True)
class Timed:
    """A step of a rehearsal, and how long it took."""

    what: Text
    seconds: float  # float: a time that was measured


def on_clone(
    survey: Survey, change: ChangePlan, mapping: Mapping[str, Mapping[str, str]] | None = None
) -> list[Timed]:
    """Carry a change out on a copy: migrate it, start on it what would run, move the cases that lose their state.

    Raises:
        Refused: ``migration-refused``, ``plugin-rehearsal``, ``database-not-copied``, ``clone-not-made``.
    """
    steps: list[Timed] = []
    began = time.perf_counter()

    def done(what: Text) -> None:
        nonlocal began
        steps.append(Timed(what, time.perf_counter() - began))
        began = time.perf_counter()

    with _copy(survey.settings) as url:
        done(_("copy the database"))
        manifests = order(names_after(survey, change), survey.installed).plugins
        migrate(
            url,
            [each for each in manifests if each.migrations.is_dir()],
            backup=False,
            applied=lambda plugin, revision: done(
                _("{plugin} {revision}", plugin=plugin, revision=revision)
            ),
        )
        done(_("check what was migrated, and commit it"))
        names = [each.name for each in manifests]
        moved = start_on(url, names, mapping or {}, survey.settings.start_timeout)
        done(_("start with {n} plugins", n=len(names)))
        if moved:
            steps.append(Timed(_("cases put into another state: {n}", n=moved), 0))
    return steps


@contextmanager
def _copy(settings: KernelSettings) -> Iterator[str]:
    """The address of a copy, which goes at the end."""
    folder = settings.data_dir / _FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    target = folder / "copy"
    try:
        if file_of(settings.owner) is not None:
            with copied(settings.owner, target):
                pass
            yield f"sqlite:///{target}"
        else:
            with _database(settings.owner) as url:
                with copied(settings.owner, target):
                    pass
                put(target, url)
                yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _database(url: str) -> Iterator[str]:
    """A database of its own beside another one.

    Raises:
        Refused: ``clone-not-made``: the owner may not make one.
    """
    address = make_url(url)
    name = f"{address.database}_{_FOLDER}"
    engine = engine_of(url).execution_options(isolation_level="AUTOCOMMIT")
    quoted = engine.dialect.identifier_preparer.quote(name)
    try:
        with engine.connect() as connection:
            try:
                if _is_ours(connection, name):
                    connection.execute(text(f"DROP DATABASE {quoted}"))
                connection.execute(text(f"CREATE DATABASE {quoted}"))
                connection.execute(text(f"COMMENT ON DATABASE {quoted} IS '{_MARK}'"))
            except SQLAlchemyError as error:
                said = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
                raise Refused("clone-not-made", said=said) from error
        try:
            yield address.set(database=name).render_as_string(hide_password=False)
        finally:
            with engine.connect() as connection:
                connection.execute(text(f"DROP DATABASE {quoted} WITH (FORCE)"))
    finally:
        engine.dispose()


def _is_ours(connection: Connection, name: str) -> bool:
    """Whether a copy of before is there still; any other database of that name isn't touched."""
    asked = text(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = :name"
    )
    return connection.execute(asked, {"name": name}).scalar() == _MARK
