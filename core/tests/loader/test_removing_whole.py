"""An export that was changed, and whoever is killed on the way: all of it, or nothing."""

import gzip
import io
import json
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from core.tests.loader.leaving import (
    count,
    everything,
    purge,
    reasons,
    remove,
    restore,
    tables,
)  # fmt: skip
from tenor.kernel import Kernel
from tenor.loader import bringing_back, removing
from tenor.loader.migrations import transaction
from tenor.loader.removing import exports_of
from tenor_sdk.errors import Refused, TenorError

if TYPE_CHECKING:
    from core.tests.loader.conftest import Shelf


# -- what isn't as it was exported -------------------------------------------------------------------------------------


def test_an_export_that_the_ledger_does_not_know_brings_nothing_back(
    host: Kernel, bare: Kernel, database: str
) -> None:
    file = remove(bare).file
    file.write_bytes(gzip.compress(gzip.decompress(file.read_bytes()).replace(b"first", b"forst")))
    with pytest.raises(TenorError) as refused:
        restore(bare)
    assert refused.value.key == "export-not-whole"
    assert "host_thing" not in tables(database)


def test_an_export_comes_back_from_where_it_was_moved(
    host: Kernel, bare: Kernel, database: str, tmp_path: Path
) -> None:
    moved = remove(bare).file.rename(tmp_path / "kept elsewhere")
    with pytest.raises(Refused) as refused:
        restore(bare)
    assert "isn't there" in reasons(refused.value)
    restore(bare, source=moved)
    assert count(database, "host_thing") == 3


def test_a_version_that_does_not_know_the_tables_brings_nothing_back(
    host: Kernel, bare: Kernel, shelf: "Shelf", database: str
) -> None:
    remove(bare)
    first = shelf.folder / "tenor_host" / "migrations" / "0001_first.py"
    first.write_text(first.read_text().replace('"0001"', '"0100"'))
    with pytest.raises(Refused) as refused:
        restore(bare)
    assert refused.value.key == "plugin-older"
    assert "host_thing" not in tables(database)


def test_an_export_says_what_it_is_and_only_its_owner_reads_it(host: Kernel, bare: Kernel) -> None:
    file = remove(bare).file
    assert file.stat().st_mode & 0o777 == 0o600
    with tarfile.open(file) as archive:
        names = archive.getnames()
        opened = archive.extractfile("about.json")
        assert opened is not None
        about = json.loads(opened.read())
    assert names[0] == "about.json"
    assert {"tables/host_thing.jsonl", "rows/base_comment.jsonl"} < set(names)
    assert (about["plugin"], about["version"], about["revision"]) == ("host", "1.0", "0001")


# -- killed on the way -------------------------------------------------------------------------------------------------


def killed_at(monkeypatch: pytest.MonkeyPatch, module: Any, step: str) -> None:
    """As a process that is killed there: nothing is tidied up, its transaction is lost."""

    def die(*_given: Any, **_named: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(module, step, die)


@pytest.mark.both_databases
@pytest.mark.parametrize("step", ["write", "take", "note"])
def test_killed_while_it_is_removed_all_is_there(
    host: Kernel, bare: Kernel, database: str, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    before = everything(database)
    with monkeypatch.context() as dying, pytest.raises(KeyboardInterrupt):
        killed_at(dying, removing, step)
        remove(bare)
    assert everything(database) == before
    with pytest.raises(Refused):  # a file that nobody names is nothing to bring back
        restore(bare)


@pytest.mark.both_databases
@pytest.mark.parametrize("step", ["_clear", "_fill", "_add", "_keep_files", "note"])
def test_killed_while_it_is_brought_back_nothing_is_there_and_it_begins_again(
    host: Kernel, bare: Kernel, database: str, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    before = everything(database)
    remove(bare)
    removed = everything(database)
    with monkeypatch.context() as dying, pytest.raises(KeyboardInterrupt):
        killed_at(dying, bringing_back, step)
        restore(bare)
    assert everything(database) == removed
    restore(bare)
    assert everything(database) == before


@pytest.mark.both_databases
@pytest.mark.parametrize("step", ["take", "note", "_destroy"])
def test_killed_while_it_is_purged_it_is_purged_by_saying_it_again(
    host: Kernel, bare: Kernel, database: str, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    before = everything(database)
    remove(bare)
    with monkeypatch.context() as dying, pytest.raises(KeyboardInterrupt):
        killed_at(dying, removing, step)
        purge(bare)
    if step != "_destroy":
        restore(bare)
        assert everything(database) == before
    purge(bare)
    assert exports_of(bare.settings, "host") == ()
    assert "host_thing" not in tables(database)


@pytest.mark.both_databases
def test_what_was_removed_though_the_commit_is_said_to_have_failed_comes_back(
    host: Kernel, bare: Kernel, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, own = everything(database), transaction

    @contextmanager
    def breaking_off(url: str) -> Iterator[Any]:
        with own(url) as both:
            yield both
        raise ConnectionError("the server went away before it said that it had committed")

    with monkeypatch.context() as breaking, pytest.raises(ConnectionError):
        breaking.setattr(removing, "transaction", breaking_off)
        remove(bare)
    assert "host_thing" not in tables(database)
    restore(bare)
    assert everything(database) == before


@pytest.mark.both_databases
def test_killed_while_files_are_destroyed_they_are_by_saying_it_again(
    host: Kernel, bare: Kernel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (letter,) = [path for path in (tmp_path / "files").glob("*/*") if path.is_file()]
    os.utime(letter, (0, 0))
    with monkeypatch.context() as dying, pytest.raises(KeyboardInterrupt):
        killed_at(dying, removing, "_destroy")
        purge(bare)
    assert letter.is_file()
    purge(bare)
    assert not letter.exists()
    assert [*removing.folder_of(bare.settings).iterdir()] == []


def forged(bare: Kernel, **said: Any) -> Path:
    """An export in the folder that says of itself what nobody wrote."""
    about = {
        "plugin": "host", "version": "1.0", "institution": "", "taken_at": "", "kind": "sqlite", "revision": "",
        "tables": {}, "rows": {}, "files": [], "form": 1, **said,
    }  # fmt: skip
    file = removing.folder_of(bare.settings) / "host-forged.tar.gz"
    file.parent.mkdir(exist_ok=True)
    content = json.dumps(about).encode()
    with tarfile.open(file, "w:gz") as archive:
        member = tarfile.TarInfo("about.json")
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return file


def test_an_export_that_nobody_wrote_destroys_nothing_that_is_anothers(
    host: Kernel, bare: Kernel, database: str, tmp_path: Path
) -> None:
    piece = {"columns": [], "rows": 0, "sha256": ""}
    forged(bare, tables={"host_other_thing": piece, "base_delegation": piece})
    before = tables(database)
    purge(bare)
    assert before - tables(database) == {"host_thing", "host_schema"}


def test_an_export_that_names_no_stored_file_destroys_none(
    host: Kernel, bare: Kernel, tmp_path: Path
) -> None:
    mine = tmp_path / "mine"
    mine.write_text("nobody's")
    os.utime(mine, (0, 0))
    forged(bare, files=[str(mine)])
    purge(bare)
    assert mine.is_file()
