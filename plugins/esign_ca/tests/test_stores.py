"""What was kept stays, and of two writers one wins."""

import stat
from pathlib import Path

import pytest

from tenor_esign_ca.stores import FolderStore, MemoryStore, Store


@pytest.fixture(params=["memory", "folder"])
def any_store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return MemoryStore() if request.param == "memory" else FolderStore(tmp_path / "store")


def test_what_was_kept_is_found(any_store: Store) -> None:
    assert any_store.put_new("a/b.pem", b"1")
    assert any_store.get("a/b.pem") == b"1"


def test_the_first_writer_wins(any_store: Store) -> None:
    any_store.put_new("a/b.pem", b"1")
    assert not any_store.put_new("a/b.pem", b"2")
    assert any_store.get("a/b.pem") == b"1"


def test_the_same_bytes_again_are_not_new(any_store: Store) -> None:
    any_store.put_new("a", b"1")
    assert not any_store.put_new("a", b"1")


def test_nothing_stands_where_nothing_was_kept(any_store: Store) -> None:
    assert any_store.get("a/none") is None


@pytest.mark.parametrize("name", ["../up", "/root", "a/../b", ".hidden", "a//b", "A", "a\0"])
def test_a_name_never_leads_out_of_the_folder(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not a name"):
        FolderStore(tmp_path).put_new(name, b"")


def test_only_its_owner_enters_the_folder(tmp_path: Path) -> None:
    FolderStore(tmp_path / "store").put_new("keys/a.pem", b"1")
    for path in (tmp_path / "store", tmp_path / "store" / "keys"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "store/keys/a.pem").stat().st_mode) == 0o600


def test_no_draft_is_left_behind(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    store.put_new("a", b"1")
    store.put_new("a", b"2")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
