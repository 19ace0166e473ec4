"""How long the bundled plugins take until the first answer, a hundred made for it, the list of what is installed, and a
database for one test.

As in an institution: what Python compiled is there from an earlier start, and so is what Tenor keeps for the next.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from bench.figures import ROOT, Figure
from tenor_test_support.plugins import describe

ROUNDS: Final = 5
#: modules that a start has no use for
HEAVY: Final = (
    "pandas", "celery", "pyhanko", "sklearn", "alembic", "openpyxl", "cryptography", "PIL", "babel",
)  # fmt: skip
#: what no command needs that only looks at what is installed
ORM: Final = "sqlalchemy.orm"

_BARE: Final = "import flask, sqlalchemy.orm, marshmallow"
#: the peak by the system's own words: what rusage tells is never less than the peak of whoever started the process
_TOLD: Final = """
import json, os, sys, time
with open(os.path.join(os.sep, "proc", "self", "status")) as status:
    peak = int(status.read().partition("VmHWM:")[2].split()[0])
print(json.dumps([time.process_time(), peak / 1024, sorted(sys.modules)]))
"""
#: as a process of ``tenor serve`` begins
_FIRST: Final = """
from tenor.sweeping import rest, settle
rest()
from tenor.boot import boot
from tenor.settings import KernelSettings
from tenor.web import create_app
kernel = boot(KernelSettings.load(None))
assert not kernel.failures, kernel.failures
app = create_app(kernel)
settle()
assert app.test_client().get("/sign-in").status_code == 200
"""
_CROWD: Final = """
import sys
from pathlib import Path
from tenor.sweeping import rest
rest()
from tenor.boot import boot
from tenor.settings import KernelSettings
settings = KernelSettings(database_url=sys.argv[1], data_dir=Path(sys.argv[3]), secret_key="of a crowd, long enough")
kernel = boot(settings, plugins=[name for name in sys.argv[2].split(",") if name])
assert not kernel.failures, kernel.failures
"""
_LIST: Final = """
import sys
from tenor.cli import main
sys.argv = ["tenor", "plugin", "list"]
assert main() == 0
"""
_PLUGIN: Final = '''"""One of many."""

from sqlalchemy.orm import Mapped

from tenor_sdk import ListView, Menu, Plugin, Record, Role, can

plugin = Plugin(title="{title}")


class Thing(Record):
    """Something."""

    subject: Mapped[str]
    place: Mapped[str]


keeper = Role("Keeper of {title}", can.everything(Thing))
menu = Menu("{title}", ListView(Thing, (Thing.subject,)))
'''


def figures() -> Iterator[Figure]:
    """Seconds, megabytes, milliseconds; of each time the median of several processes, those that are compared by
    turns."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        yield from _first_answer(folder / "first")
        yield from _crowd(folder / "crowd")
        yield _list(folder / "list")
    yield from _databases()


def _first_answer(folder: Path) -> Iterator[Figure]:
    from tenor.testing.institution import installed

    home = _home(folder, TENOR_HOME=str(folder))
    names = [name for name in installed() if (ROOT / "plugins" / name).is_dir()]
    _run("from tenor.cli import main; main()", home, ["init", *names])
    ours, bare = _by_turns([lambda: _told(_FIRST, home), lambda: _told(_BARE, home)], ROUNDS)
    heavy = {name for one in ours for name in HEAVY if name in one[2]}
    if heavy:
        raise AssertionError(f"a start imports {', '.join(sorted(heavy))}")
    yield Figure(
        part=5, work=f"{len(names)} plugins to the first answer, CPU", value=_middle(ours, 0), unit="s",
        bare=_middle(bare, 0), bar=1.5, runs=ROUNDS,
    )  # fmt: skip
    yield Figure(
        part=5, work="the same, resident", value=_middle(ours, 1), unit="MiB", bar=150, runs=ROUNDS
    )


def _crowd(folder: Path) -> Iterator[Figure]:
    """Half as many beside: it grows with their number, and no faster."""
    from tenor.testing.institution import build

    names = [f"crowd{number}" for number in range(100)]
    path = _site(folder, names)
    url = f"sqlite:///{folder}/crowd.db"
    sys.path.insert(0, path)
    try:
        build(url, names, folder)
    finally:
        sys.path.remove(path)
    home = _home(folder, PYTHONPATH=path)

    def start(count: int) -> Callable[[], Any]:
        return lambda: _told(_CROWD, home, [url, ",".join(names[:count]), str(folder)])

    none, half, whole = (
        _middle(runs, 0) for runs in _by_turns([start(0), start(50), start(100)], ROUNDS)
    )
    yield Figure(
        part=5, work="boot with 100 plugins, CPU", value=whole, unit="s", bar=5, runs=ROUNDS
    )
    yield Figure(
        part=5, work="the second fifty of them beside the first", value=whole - half, unit="s",
        bare=half - none, bar=1.5, runs=ROUNDS,
    )  # fmt: skip


def _list(folder: Path) -> Figure:
    from tenor.testing.institution import installed

    more = 30 - len(installed())
    path = _site(folder, [f"crowd{number}" for number in range(more)])
    home = _home(folder, TENOR_HOME=str(folder / "home"), PYTHONPATH=path)
    _run("from tenor.cli import main; main()", home, ["init"])
    (runs,) = _by_turns([lambda: _told(_LIST, home)], ROUNDS)
    if any(ORM in one[2] for one in runs):
        print(f"   tenor plugin list imports {ORM}")
    return Figure(
        part=5, work="tenor plugin list, 30 plugins, CPU", value=_middle(runs, 0), unit="s", bar=0.3, runs=ROUNDS
    )  # fmt: skip


def _databases() -> Iterator[Figure]:
    """As the fixtures give it: a copy of one that the migrations made once."""
    from tenor.testing.institution import build, installed
    from tenor_test_support.postgres import running

    names = [name for name in installed() if (ROOT / "plugins" / name).is_dir()]
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "template.db"
        build(f"sqlite:///{template}", names, Path(folder))
        copy = Path(folder) / "copy.db"
        yield _database("SQLite", lambda: shutil.copyfile(template, copy))
        with running() as server:
            built = server.template("bench", lambda url: build(url, names, Path(folder)))

            def made() -> None:
                with server.database(built):
                    pass

            yield _database("PostgreSQL", made)


def _database(name: str, make: Callable[[], object]) -> Figure:
    took = []
    for _ in range(10):
        began = time.perf_counter()
        make()
        took.append((time.perf_counter() - began) * 1e3)
    return Figure(
        part=5, work=f"{name}: a database for one test", value=sorted(took)[5], unit="ms", bar=100, runs=10
    )  # fmt: skip


def _site(folder: Path, names: Sequence[str]) -> str:
    """A folder of the path in which these plugins are installed."""
    site = folder / "site"
    for name in names:
        describe(site, name)
        package = site / f"tenor_{name}"
        package.mkdir()
        (package / "__init__.py").write_text(_PLUGIN.format(title=name.capitalize()), "utf-8")
    return str(site)


def _home(folder: Path, **settings: str) -> dict[str, str]:
    """The environment of a place, in which Python may keep what it compiles."""
    kept = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
    return {**kept, **settings}


def _by_turns(starts: Sequence[Callable[[], Any]], rounds: int) -> list[list[Any]]:
    """What each tells, one after the other in each round, so that what else the machine does meets all of them; the
    first round isn't counted."""
    taken = [[start() for start in starts] for _ in range(rounds + 1)]
    return [list(one) for one in zip(*taken[1:], strict=True)]


def _told(program: str, environment: Mapping[str, str], words: Sequence[str] = ()) -> Any:
    """The CPU seconds, the megabytes and the modules of a new process."""
    return json.loads(_run(program + _TOLD, environment, words).splitlines()[-1])


def _run(program: str, environment: Mapping[str, str], words: Sequence[str] = ()) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program, *words],
        check=True, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True,
    )  # fmt: skip
    return done.stdout


def _middle(runs: Sequence[Any], place: int) -> float:
    return float(sorted(one[place] for one in runs)[len(runs) // 2])
