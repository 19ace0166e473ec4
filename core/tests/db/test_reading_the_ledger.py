"""What can be asked of the ledger, and the file that proves itself to whoever has nothing of ours."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tenor_guarded import Folder, Sheet

from tenor.audit import Asked, checking_export, exporting
from tenor.audit.checking_export import Broken, check
from tenor.audit.records import LedgerEntry
from tenor.context import KernelContext
from tenor.declarations import Declarations
from tenor_test_support.ledger import seal

from .conftest import add_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tenor.audit import Entry

    from .conftest import House

_entries: Any = LedgerEntry.__table__


def asked(house: House, **parts: Any) -> list[Entry]:
    """What the ledger answers, whoever asks."""
    with house.as_(house.ann, write=False) as ctx:
        audit = house.kernel.audit
        return audit._read(ctx, *audit.where(Asked(**parts)), limit=100)


def acts(entries: list[Entry]) -> list[tuple[str, str]]:
    return [(entry.table_name, entry.kind) for entry in reversed(entries)]


def change(house: House, folder: int, subject: str) -> None:
    with house.as_(house.ann) as ctx:
        ctx.session.get_one(Folder, folder).subject = subject


# -- reading -----------------------------------------------------------------------------------------------------------


def test_entries_are_found_by_a_field(house: House) -> None:
    folder = add_folder(house, house.ann, "one")
    change(house, folder, "two")
    found = asked(house, table="guarded_folder", field="subject")
    assert acts(found) == [("guarded_folder", "create"), ("guarded_folder", "update")]
    assert asked(house, table="guarded_folder", field="nosuch") == []


def test_entries_are_found_by_time_and_person(house: House) -> None:
    add_folder(house, house.ann, "one")
    add_folder(house, house.ben, "two")
    found = asked(house, table="guarded_folder", person_id=house.ben.id)
    assert [entry.actor_name for entry in found] == [house.ben.name]
    now = house.kernel.clock.now()
    day = timedelta(days=1)
    assert len(asked(house, table="guarded_folder", since=now - day, until=now + day)) == 2
    assert asked(house, table="guarded_folder", since=now + day) == []
    assert asked(house, table="guarded_folder", until=now - day) == []


def test_a_whole_case_has_its_lines_those_that_are_gone_too(house: House) -> None:
    folder = add_folder(house, house.ann, "one")
    add_folder(house, house.ann, "another")
    with house.as_(house.ann) as ctx:
        opened = ctx.session.get_one(Folder, folder)
        opened.sheets.append(Sheet(text="second"))
        del opened.sheets[0]
    alone = asked(house, table="guarded_folder", record_id=folder)
    case = asked(house, table="guarded_folder", record_id=folder, whole_case=True)
    # that its lines were changed is a change of the folder, too
    assert acts(alone) == [("guarded_folder", "create"), ("guarded_folder", "update")]
    assert ("guarded_sheet", "create") in acts(case)
    assert ("guarded_sheet", "delete") in acts(case)
    assert [entry.kind for entry in case if entry.table_name == "guarded_folder"] == [
        "update",
        "create",
    ]


def test_set_based_work_is_found_by_each_record_that_it_changed(house: House) -> None:
    folder = add_folder(house, house.ann, "one")
    from tenor.db.state import state_of

    with house.as_(house.ann) as ctx:
        state = state_of(ctx.session)
        ids = [folder, folder + 40]
        house.kernel.audit.write_bulk(state, "update", Folder, ids, {"subject": "all"})
    assert acts(asked(house, table="guarded_folder", record_id=folder + 40)) == [
        ("guarded_folder", "bulk-update")
    ]
    assert asked(house, table="guarded_folder", record_id=folder + 4) == []


def test_an_entry_says_which_seal_covers_it(house: House) -> None:
    add_folder(house, house.ann, "one")
    seal(house.kernel)
    add_folder(house, house.ann, "two")
    assert [entry.seal_id for entry in asked(house, table="guarded_folder")] == [None, 1]


# -- the file ----------------------------------------------------------------------------------------------------------


def exported(house: House, hidden: Any = None, **parts: Any) -> bytes:
    where = house.kernel.audit.where(Asked(**parts))
    now = datetime(2026, 6, 30, tzinfo=UTC)
    with house.kernel.db.raw(write=False) as connection:
        return "".join(exporting.lines(connection, now, where, hidden or {})).encode()


@pytest.fixture
def sealed(house: House) -> House:
    """Two seals, and something that isn't sealed yet."""
    for subject in ("one", "two"):
        add_folder(house, house.ann, subject)
        seal(house.kernel)
    add_folder(house, house.ann, "three")
    return house


def test_an_export_is_checked_by_a_program_that_knows_nothing_of_ours(
    sealed: House, tmp_path: Path
) -> None:
    program, file, roots = (tmp_path / name for name in ("check.py", "ledger.jsonl", "roots.txt"))
    program.write_text(inspect.getsource(checking_export), encoding="utf-8")
    file.write_bytes(exported(sealed, table="guarded_folder"))
    kept = sealed.kernel.audit.roots()
    roots.write_text("".join(f"{number} {digest}\n" for number, digest in kept))
    command = [sys.executable, "-I", "-S", str(program), str(file), str(roots)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert (
        "3 entries and 0 rows of journals under 2 seals, 1 not sealed yet, 0 values withheld"
        in done.stdout
    )
    assert "Up to seal 2 the seals are those that were handed over" in done.stdout
    roots.write_text(f"{roots.read_text()}3 {'0' * 64}\n")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, "seal 3 isn't there any more" in done.stdout) == (1, True)


def test_it_is_said_up_to_which_seal_the_roots_reach(sealed: House) -> None:
    first = dict(sealed.kernel.audit.roots()[:1])
    content = exported(sealed)
    assert [check(BytesIO(content), roots)["roots"] for roots in ({}, first)] == [0, 1]


@pytest.mark.hypothesis
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_byte_of_an_export_can_be_edited(sealed: House, data: st.DataObject) -> None:
    content = bytearray(exported(sealed))
    at = data.draw(st.integers(0, len(content) - 1), label="at")
    content[at] ^= data.draw(st.integers(1, 255), label="bits")
    with pytest.raises((Broken, ValueError, KeyError, TypeError, AttributeError)):
        check(BytesIO(bytes(content)), {})


def edited(house: House, change: Callable[[Any], None]) -> bytes:
    """The file after somebody changed an entry of its second seal, with a last line that fits again."""
    values = [json.loads(line) for line in exported(house).splitlines()[:-1]]
    change(next(value for value in values if value.get("seal") == 2 and "entry" in value))
    text = "".join(
        json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"
        for value in values
    ).encode()
    return text + f'{{"sha256":"{sha256(text).hexdigest()}"}}\n'.encode()


def another_value(line: Any) -> None:
    name = next(iter(line["entry"]["values"]))
    line["entry"]["values"][name][1] = [None, "forged"]


CHANGES: dict[str, Any] = {
    "another person": lambda line: line["entry"]["head"].update(actor_name="nobody"),
    "another value": another_value,
    "fewer values": lambda line: line["entry"]["values"].popitem(),
    "another seal": lambda line: line.update(seal=1),
    "another number": lambda line: line["entry"].update(id=line["entry"]["id"] + 1),
    "a number in other words": lambda line: line["entry"].update(id=str(line["entry"]["id"])),
    "another place": lambda line: line.update(place=line["place"] + 1),
    "a row beside it": lambda line: line.update(row={"table": "guarded_folder", "id": 1}),
    "more than a line says": lambda line: line.update(note="of the board"),
    "more than an entry says": lambda line: line["entry"].update(note="of the board"),
    "more than a head says": lambda line: line["entry"]["head"].update(approved_by="the board"),
    "nobody in other words": lambda line: line["entry"]["head"].update(behalf_of_id=0),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_what_is_edited_and_signed_anew_is_refused(
    sealed: House, change: Callable[[Any], Any]
) -> None:
    assert check(BytesIO(edited(sealed, lambda _line: None)), {})["seals"] == 2
    with pytest.raises(Broken):
        check(BytesIO(edited(sealed, change)), {})


def test_values_that_are_withheld_leave_nothing_by_which_they_could_be_tried(sealed: House) -> None:
    content = exported(sealed, {"guarded_folder": frozenset(["subject"])}, table="guarded_folder")
    assert b"three" not in content
    entry = json.loads(content.splitlines()[-2])["entry"]
    assert entry["withheld"] == ["subject"]
    with sealed.kernel.db.raw(write=False) as connection:
        salts = connection.execute(_entries.select()).mappings().all()
    assert not any(row["salt"].encode() in content for row in salts)
    assert check(BytesIO(content), {})["withheld"] == 3


# -- records that nobody in service knows ------------------------------------------------------------------------------


def out_of_service(house: House) -> None:
    """As where the plugin of the records isn't enabled any more."""
    records = house.kernel.declarations.records
    gone = [each for each in records if each.__tablename__ == "guarded_folder"]
    house.kernel.declarations = Declarations(
        values=house.kernel.declarations.values,
        records=[each for each in records if each not in gone],
    )


def test_nothing_of_a_record_that_nobody_knows_is_shown(
    sealed: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(KernelContext, "may", lambda *_: True)
    with sealed.as_(sealed.ann, write=False) as ctx:
        (entry, *_) = sealed.kernel.audit.search(ctx, table="guarded_folder")
        assert entry.changes["subject"] == [None, "three"]
    out_of_service(sealed)
    with sealed.as_(sealed.ann, write=False) as ctx:
        (entry, *_) = sealed.kernel.audit.search(ctx, table="guarded_folder")
        assert entry.changes["subject"] == [None, "••••"]
        (entry, *_) = sealed.kernel.audit.search(ctx, table="guarded_sheet")
        assert entry.changes["text"] == [None, "first"]


def test_nothing_of_a_record_that_nobody_knows_goes_out(
    sealed: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(KernelContext, "may", lambda *_: True)
    out_of_service(sealed)
    with sealed.as_(sealed.ann) as ctx:
        content = "".join(sealed.kernel.audit.export(ctx, Asked())).encode()
    entries = [json.loads(line).get("entry") for line in content.splitlines()]
    told = {entry["head"]["table_name"]: entry["values"] for entry in entries if entry}
    assert (told["guarded_folder"], told["guarded_sheet"]["text"][1]) == ({}, [None, "first"])
    assert told[""]  # that it was taken out, which is about no record
    assert check(BytesIO(content), {})["withheld"] > 0
