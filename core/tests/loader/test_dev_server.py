"""``tenor dev``: a change of the source is served a moment later; one that can't be run leaves things as they were."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from core.tests.loader.test_supervisor import Running, put_on_record, run
from tenor.cli.restarting import stamps

if TYPE_CHECKING:
    from core.tests.loader.conftest import Shelf

__all__ = ["run"]


def test_a_file_that_comes_goes_or_changes_is_seen(tmp_path: Path) -> None:
    (tmp_path / "__pycache__").mkdir()
    file = tmp_path / "views.py"
    seen = [stamps([tmp_path])]
    for text in ("one", "two"):
        file.write_text(text)
        seen.append({**stamps([tmp_path]), "": len(seen)})
    (tmp_path / "__pycache__" / "views.py").write_text("")
    assert [len(each) for each in seen] == [0, 2, 2]
    file.unlink()
    assert stamps([tmp_path]) == {}


def children(dev: Running) -> list[str]:
    """The processes that serve, the newest last; an older one may still finish what it has begun."""
    own = dev.process.pid
    return Path(f"/proc/{own}/task/{own}/children").read_text().split()


@pytest.mark.parametrize("body", ["x = 1", "import nowhere"])
def test_it_starts_anew_as_the_source_changes(
    run: Callable[..., Running], database: str, tmp_path: Path, shelf: Shelf, body: str
) -> None:
    package = shelf.plugin("tools")
    put_on_record(database, tmp_path, "tools")
    dev = run("dev")
    dev.wait_for("Tenor serves at")
    before = children(dev)
    (package / "records.py").write_text(body)
    dev.wait_for("records.py changed")
    dev.wait_for("is running")
    assert children(dev)[-1] not in before
    assert dev.end() == 0
