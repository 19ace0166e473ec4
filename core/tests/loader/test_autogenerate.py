"""A developer's next migration is written from the difference between records and migrations."""

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from core.tests.loader.conftest import Shelf

FIRST = """
from datetime import date, datetime
from enum import StrEnum
from sqlalchemy.orm import Mapped
from tenor_sdk import Amount, Owned, Rate, Record, field, numbered

class Kind(StrEnum):
    A = "a"
    B = "b"

class Thing(Record, Owned):
    number: Mapped[str] = numbered("T-{n}")
    kind: Mapped[Kind] = field(default=Kind.A)
    amount: Mapped[Amount]
    rate: Mapped[Rate | None]
    due: Mapped[date | None]
    seen: Mapped[datetime | None]
"""


def dev(shelf: "Shelf", *words: str, expect: int = 0) -> str:
    """``tenor dev …`` in a process of its own, as the records change between two calls; what it printed."""
    return ended(shelf, *words, expect=expect).stdout.strip()


def ended(
    shelf: "Shelf", *words: str, expect: int = 0, language: str = "en"
) -> "subprocess.CompletedProcess[str]":
    program = "import sys; from tenor.cli import main; sys.exit(main(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", program, "dev", *words],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(shelf.folder), "TENOR_LANG": language, "PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == expect, done.stderr
    return done


def test_a_plugins_first_migration_makes_its_tables_and_then_nothing_differs(
    shelf: "Shelf",
) -> None:
    shelf.plugin("host", {"records.py": FIRST})
    path = Path(dev(shelf, "migration", "host", "-m", "Make the things"))
    assert path.name == "0001_make_the_things.py"
    source = path.read_text("utf-8")
    assert "AmountType()" in source
    assert "sa.String(length=64)" in source
    assert "nothing to write" in dev(shelf, "migration", "host")


def test_a_new_field_is_a_revision_on_top_that_takes_itself_back(shelf: "Shelf") -> None:
    package = shelf.plugin("host", {"records.py": FIRST})
    dev(shelf, "migration", "host", "-m", "Make the things")
    (package / "records.py").write_text(FIRST + "    colour: Mapped[str | None]\n")
    path = Path(dev(shelf, "migration", "host", "-m", "Colour them"))
    source = path.read_text("utf-8")
    assert 'down_revision = "0001"' in source
    assert 'drop_column("colour")' in source
    assert "nothing to write" in dev(shelf, "migration", "host")


def test_a_check_names_what_no_migration_makes_and_writes_nothing(shelf: "Shelf") -> None:
    package = shelf.plugin("host", {"records.py": FIRST})
    dev(shelf, "migration", "host")
    assert dev(shelf, "migration", "host", "--check") == ""
    (package / "records.py").write_text(FIRST + "    colour: Mapped[str | None]\n")
    assert "colour" in dev(shelf, "migration", "host", "--check", expect=1)
    assert len(list((package / "migrations").glob("*.py"))) == 1


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import nowhere", "records.py:1: ModuleNotFoundError: No module named 'nowhere'"),
        ("x = (", "SyntaxError: '(' was never closed (records.py, line 1)"),
        ("import sys; sys.exit(3)", "records.py:1: sys.exit(3)"),
    ],
)
def test_what_can_not_be_imported_is_told_in_a_line_of_the_authors_language(
    shelf: "Shelf", source: str, said: str
) -> None:
    shelf.plugin("host", {"records.py": source})
    told = ended(shelf, "migration", "host", expect=1, language="zh-CN").stderr
    assert told.startswith("tenor: host：其代码无法导入：")
    assert told.endswith(f"{said}\n")
    assert told.count("\n") == 1


def test_a_link_to_nowhere_is_told_in_a_line_of_the_authors_language(shelf: "Shelf") -> None:
    lost = '    lost: Mapped["Nowhere"] = relationship()\n'
    imports = "from sqlalchemy.orm import relationship\n"
    shelf.plugin("host", {"records.py": imports + FIRST + lost})
    told = ended(shelf, "migration", "host", expect=1, language="zh-CN").stderr
    assert told.startswith("tenor: host：其记录声明有误：")
    assert told.count("\n") == 1


def test_another_plugins_missing_column_is_its_own_matter(shelf: "Shelf") -> None:
    package = shelf.plugin("host", {"records.py": FIRST})
    dev(shelf, "migration", "host", "-m", "Make the things")
    shelf.plugin(
        "guest",
        {
            "records.py": "from sqlalchemy.orm import Mapped\nfrom tenor_host.records import Thing\n"
            "from tenor_sdk import Extension, field\n"
            "class Extra(Extension[Thing]):\n    note: Mapped[str] = field(default='')\n"
        },
        requires=["tenor-host"],
    )
    (package / "records.py").write_text(FIRST + "    colour: Mapped[str | None]\n")
    source = Path(dev(shelf, "migration", "guest", "-m", "Make the extras")).read_text("utf-8")
    assert "guest_extra" in source
    assert "colour" not in source
