"""A virtual environment for each peer, made once and kept under ``build/peers``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

from bench.figures import ROOT

HERE: Final = Path(__file__).parent
_WANTED: Final = {
    "django": (
        "django~=5.2.0",
        "djangorestframework~=3.16",
        "django-simple-history~=3.10",
        "psycopg[binary]~=3.2",
        "waitress",
    ),
    "tryton": ("trytond~=8.2.0", "psycopg[binary,pool]~=3.2", "waitress"),
}


def python_of(peer: str) -> Path:
    """The interpreter of a peer's environment, with what the peer needs."""
    folder = ROOT / "build" / "peers" / peer
    python = folder / "bin" / "python"
    if not (folder / "made").exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *_WANTED[peer]], check=True)
        (folder / "made").touch()
    return python


def modules_of_tryton(python: Path) -> Path:
    """Where Tryton looks for modules."""
    found = subprocess.run(
        [python, "-c", "import trytond.modules as found; print(found.__path__[0])"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return Path(found.stdout.strip())
