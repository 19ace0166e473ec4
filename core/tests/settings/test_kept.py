"""What a start keeps for the next one: given back as it was, and only where it is ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from tenor.kept import Kept


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path / "made", "a key")


def pieces(folder: Path) -> list[Path]:
    return [*(folder / "made").iterdir()]


def test_a_piece_is_given_back_to_the_next_process(kept: Kept, tmp_path: Path) -> None:
    kept.put("one", b"content")
    assert Kept(tmp_path / "made", "a key").get("one") == b"content"


def test_a_piece_that_was_changed_is_none(kept: Kept, tmp_path: Path) -> None:
    kept.put("one", b"content")
    (path,) = pieces(tmp_path)
    path.write_bytes(path.read_bytes().replace(b"content", b"consent"))
    assert kept.get("one") is None


def test_a_piece_that_another_key_signed_is_none(kept: Kept, tmp_path: Path) -> None:
    Kept(tmp_path / "made", "another key").put("one", b"content")
    assert kept.get("one") is None


def test_a_piece_in_the_place_of_another_is_none(kept: Kept, tmp_path: Path) -> None:
    kept.put("one", b"content")
    (one,) = pieces(tmp_path)
    kept.put("two", b"other")
    (two,) = {*pieces(tmp_path)} - {one}
    two.write_bytes(one.read_bytes())
    assert kept.get("two") is None


def test_nothing_is_kept_where_there_is_no_institution(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "nowhere" / "made", "a key")
    kept.put("one", b"content")
    assert kept.get("one") is None
    assert not (tmp_path / "nowhere").exists()


def test_nobody_else_may_look_into_the_folder(kept: Kept, tmp_path: Path) -> None:
    kept.put("one", b"content")
    assert (tmp_path / "made").stat().st_mode & 0o777 == 0o700
