"""What a start has no use for isn't imported by it: each of these would take as long as a dozen plugins."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tenor.testing.institution import installed

PLUGINS = Path(__file__).parents[2] / "plugins"
#: what migrates, reads spreadsheets and catalogues, proves certificates, draws, computes or hands on jobs
USELESS = {
    "PIL", "alembic", "asn1crypto", "babel", "celery", "cryptography", "fontTools", "mako", "openpyxl", "pandas",
    "psycopg", "pygments", "pyhanko", "redis", "reportlab", "rfc3161_client", "sklearn",
}  # fmt: skip
#: what makes pages and answers the API
SERVES: Final = {"flask", "jinja2", "werkzeug"}
COMMAND: Final = """
import sys
from tenor.boot import boot
from tenor.settings import KernelSettings

kernel = boot(KernelSettings.load(None))
assert not kernel.failures, kernel.failures
print(*{name.partition(".")[0] for name in sys.modules})
"""
START: Final = """
import sys
from tenor.boot import boot
from tenor.settings import KernelSettings
from tenor.web import create_app

kernel = boot(KernelSettings.load(None))
assert not kernel.failures, kernel.failures
assert create_app(kernel).test_client().get("/sign-in").status_code == 200
print(*{name.partition(".")[0] for name in sys.modules})
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An institution with all bundled plugins, which was started once: the first start reads the catalogues."""
    folder = tmp_path_factory.mktemp("home")
    bundled = [name for name in installed() if (PLUGINS / name).is_dir()]
    said(folder, "-m", "tenor.cli", "init", *bundled)
    said(folder, "-c", START)
    return folder


def said(home: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, *words],
        capture_output=True,
        check=False,
        env={**os.environ, "TENOR_HOME": str(home)},
        text=True,
    )
    assert not done.returncode, done.stderr
    return done.stdout


def test_a_start_imports_nothing_that_it_has_no_use_for(home: Path) -> None:
    assert not USELESS & {*said(home, "-c", START).split()}


def test_what_serves_nothing_imports_nothing_that_serves(home: Path) -> None:
    """A command, a worker, a relay, whatever plugins are enabled."""
    assert not (USELESS | SERVES) & {*said(home, "-c", COMMAND).split()}
