"""The peers as sides: filled, served, and spoken to in their own way."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from psycopg.conninfo import conninfo_to_dict

from bench.figures import ROOT
from bench.over_http.client import Client
from bench.over_http.sides import TOKEN, Side, started
from bench.peers.environments import HERE, modules_of_tryton, python_of
from tenor_test_support.process import free_port

if TYPE_CHECKING:
    from tenor_test_support.postgres import PostgresDatabase

_PASSWORD: Final = "Of-a-bench-4711"


def _environment(database: PostgresDatabase, **more: str) -> dict[str, str]:
    at = {key: str(value) for key, value in conninfo_to_dict(database.dsn).items()}
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PGDATABASE": at["dbname"],
        "PGUSER": at["user"],
        "PGHOST": at["host"],
        **more,
    }


@contextmanager
def django(database: PostgresDatabase, folder: Path) -> Iterator[Side]:
    """Django with REST framework and simple-history."""
    python, there = python_of("django"), HERE / "django_side"
    environment = _environment(database)
    subprocess.run([python, there / "fill.py"], env=environment, check=True)
    port = free_port()
    command = [str(python), str(there / "site_.py"), str(port)]
    side = Side("django", port, f"Token {TOKEN}")
    with started(side, command, folder / "django.log", environment):
        yield side


@contextmanager
def tryton(database: PostgresDatabase, folder: Path) -> Iterator[Side]:
    """Tryton, over its JSON-RPC."""
    python, there = python_of("tryton"), HERE / "tryton_side"
    shutil.copytree(there / "book", modules_of_tryton(python) / "book", dirs_exist_ok=True)
    environment = _environment(
        database, TRYTOND_DATABASE__URI="postgresql:///", TRYTOND_DATABASE_URI="postgresql:///",
        PEER_PASSWORD=_PASSWORD, TRYTONPASSFILE=str(folder / "password"),
    )  # fmt: skip
    (folder / "password").write_text(_PASSWORD)
    _make_tryton(python, database, environment)
    subprocess.run([python, "-W", "ignore", there / "fill.py"], env=environment, check=True)
    port = free_port()
    environment["TRYTOND_DATABASE_NAMES"] = environment["PGDATABASE"]
    side = Side("tryton", port, "")
    command = [str(python), str(there / "serve.py"), str(port)]
    with started(side, command, folder / "tryton.log", environment):
        side.authorization = _signed_in(side, environment["PGDATABASE"])
        side.path = f"/{environment['PGDATABASE']}/rpc/"
        yield side


def _make_tryton(python: Path, database: PostgresDatabase, environment: Mapping[str, str]) -> None:
    admin: list[str | Path] = [python.parent / "trytond-admin", "-d", environment["PGDATABASE"]]
    for more in (["--all", "--email", "admin@example.org", "-u", "ir", "res"], ["-u", "book"]):
        subprocess.run(
            [*admin, *more], env=environment, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip


def _signed_in(side: Side, database: str) -> str:
    client = Client(side.port, "Nobody")
    login = ["keeper", {"password": _PASSWORD}, "en"]
    body = {"id": 1, "method": "common.db.login", "params": login}
    said = json.loads(client.ask("POST", f"/{database}/rpc/", body)[2])
    client.close()
    user, session = (said if isinstance(said, list) else said["result"])[:2]
    return "Session " + base64.b64encode(f"keeper:{user}:{session}".encode()).decode()
