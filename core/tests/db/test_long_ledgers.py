"""What leaves a long ledger passes through: however many entries, no more memory than a few pages of them take."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest

from tenor.audit import Asked, exporting
from tenor.audit.checking_export import check
from tenor.audit.records import Erasure, LegalHold
from tenor.audit.retiring import proved
from tenor_sdk.records import metadata
from tenor_test_support.ledger import TABLE, lengthen, peak, seal

from .conftest import add_folder
from .test_retiring import retired

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import House

FEW, MANY = 2_500, 10_000
#: the second file is four times as long as the first; what is held may grow by a little
GROWTH = 1.25


@pytest.fixture
def keeping(house: House) -> House:
    """A house whose ledger may be taken out."""
    tables: list[Any] = [Erasure.__table__, LegalHold.__table__]
    with house.kernel.db.raw() as connection:
        metadata.create_all(connection, tables=tables)
    return house


def test_taking_old_entries_out_takes_the_memory_of_a_page(keeping: House, tmp_path: Path) -> None:
    def work(archive: Path, count: int) -> int:
        lengthen(keeping.kernel, count)
        took = peak(lambda: retired(keeping, archive))
        with keeping.kernel.db.raw(write=False) as connection:
            assert len(proved(connection, archive)) >= count
        return took

    few = work(tmp_path / "few.jsonl", FEW)
    many = work(tmp_path / "many.jsonl", MANY)
    assert (tmp_path / "many.jsonl").stat().st_size > 2 * (tmp_path / "few.jsonl").stat().st_size
    assert many < few * GROWTH
    assert many < (tmp_path / "many.jsonl").stat().st_size / 2


def test_a_seal_that_is_made_in_the_middle_of_an_export_leaves_it_whole(house: House) -> None:
    add_folder(house, house.ann, "one")
    seal(house.kernel)
    add_folder(house, house.ann, "two")
    where = house.kernel.audit.where(Asked(table="guarded_folder"))
    with house.kernel.db.raw(write=False) as connection:
        lines = exporting.lines(connection, datetime(2026, 6, 30, tzinfo=UTC), where, {})
        begun = [next(lines), next(lines)]
        assert json.loads(begun[-1])["seal"][0] == 1
        seal(house.kernel)
        told = check(BytesIO("".join([*begun, *lines]).encode()), {})
    assert (told["entries"], told["seals"], told["unsealed"]) == (2, 1, 1)


def test_the_file_of_a_long_ledger_is_checked_line_by_line(keeping: House, tmp_path: Path) -> None:
    lengthen(keeping.kernel, FEW)
    archive = tmp_path / "old.jsonl"
    retired(keeping, archive)

    def checked() -> None:
        with archive.open("rb") as file:
            assert check(file, {})["entries"] >= FEW

    assert TABLE in archive.read_text("utf-8")
    assert peak(checked) < archive.stat().st_size / 5
