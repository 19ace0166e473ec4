"""What is found of plugins without importing any, and without the ORM."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tenor.loader.failures import PluginFault
from tenor.loader.manifest import find
from tenor.loader.revisions import RevisionError, behind, fault_of, revisions_of
from tenor.loader.state import connected, read_revisions, read_state

if TYPE_CHECKING:
    from core.tests.loader.conftest import Shelf

FIRST = 'revision = "0001"\ndown_revision = None\n'
SECOND = (
    '"""Paint the things\nof the host\n\nred."""\n'
    'revision: str = "0002"\ndown_revision: str | None = "0001"  # after it\n'
)
PROGRAM = """
import sys
from tenor.cli import main
status = main(["plugin", "list"])
print(status, [name for name in ("tenor_rude", "sqlalchemy", "alembic", "flask") if name in sys.modules])
"""


@pytest.mark.both_databases
def test_a_list_of_plugins_is_made_by_the_driver_alone(
    shelf: Shelf, database: str, tmp_path: Path
) -> None:
    shelf.plugin("rude", {"migrations/0001_first.py": "import sys; sys.exit(3)\n" + FIRST})
    environment = {
        "PYTHONPATH": str(shelf.folder), "TENOR_DATABASE_URL": database, "TENOR_HOME": str(tmp_path),
        "PATH": "/usr/bin:/bin", "TENOR_LANG": "en",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, env=environment
    )
    assert "rude" in done.stdout
    assert done.stdout.splitlines()[-1] == "0 []"


@pytest.mark.both_databases
def test_the_state_and_the_revisions_are_those_that_the_orm_reads(database: str) -> None:
    with connected(database) as connection:
        said = connection.exec_driver_sql("SELECT version_num FROM base_schema").scalar_one()
        number = connection.exec_driver_sql("SELECT number FROM base_generation").scalar_one()
    assert read_revisions(database, ["base", "nosuch"]) == {"base": said}
    assert read_state(database).generation == number
    assert revisions_of(find()[0]["base"].migrations)[-1].number == said


def test_revisions_are_read_in_line_with_what_they_do(shelf: Shelf) -> None:
    package = shelf.plugin("host", {"migrations/b.py": FIRST, "migrations/a.py": SECOND})
    found = revisions_of(package / "migrations")
    assert [each.number for each in found] == ["0001", "0002"]
    assert found[1].sentence == "Paint the things of the host"


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"a.py": FIRST, "b.py": FIRST.replace("1", "2")}, "a.py and b.py follow the same one"),
        ({"a.py": FIRST, "b.py": SECOND.replace("0001", "0007")}, "b.py follows 0007"),
        ({"a.py": SECOND}, "a.py follows 0001"),
        ({"a.py": 'revision = "0" + "1"\ndown_revision = None\n'}, "a.py: revision must be a literal"),
        ({"a.py": "def upgrade(): pass\n"}, "a.py: revision and down_revision must be texts"),
    ],
)  # fmt: skip
def test_revisions_that_do_not_follow_one_another_are_named(
    shelf: Shelf, files: dict[str, str], said: str
) -> None:
    package = shelf.plugin("torn", {f"migrations/{name}": text for name, text in files.items()})
    with pytest.raises(RevisionError, match=said):
        revisions_of(package / "migrations")
    failure = fault_of(find()[0]["torn"], None)
    assert failure is not None
    assert (failure.stage, said in str(failure.cause)) == ("migration", True)


def test_tables_of_a_newer_version_are_told_from_those_that_wait(shelf: Shelf) -> None:
    shelf.plugin("host", {"migrations/0001.py": FIRST, "migrations/0002.py": SECOND})
    host = find()[0]["host"]
    assert fault_of(host, "0002") is None
    assert [each.number for each in behind(host, "0001")] == ["0002"]
    waits, newer = fault_of(host, "0001"), fault_of(host, "0009")
    assert "tenor migrate" in str(waits and waits.remedy)
    assert "Its tables are at 0009" in str(newer and newer.cause)
    assert "pip install --upgrade tenor-host" in str(newer and newer.remedy)
    with pytest.raises(PluginFault):
        behind(host, "0009")
