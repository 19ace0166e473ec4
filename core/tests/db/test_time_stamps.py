"""Time stamps over seals: one stands for all seals before it, and whatever isn't right about one is named."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from tenor.audit import Asked, checking_export, exporting
from tenor.audit.checking_export import Broken, check
from tenor.audit.stamps import Authority
from tenor.audit.tokens import certificates
from tenor.audit.trust import Trust
from tenor.base.stamping import stamp_now
from tenor.clock import Clock
from tenor_test_support import ledger

from .conftest import add_folder

if TYPE_CHECKING:
    from pathlib import Path

    from tenor_test_support.tsa import TimeStampAuthority

    from .conftest import House


@pytest.fixture
def authority(time_stamp_authority: TimeStampAuthority) -> Authority:
    trust = Trust(certificates(time_stamp_authority.roots))
    return Authority(time_stamp_authority.url, trust)


@pytest.fixture
def house(house: House) -> House:
    """A house whose days are those of the authority."""
    house.kernel.clock = Clock()
    return house


def seal(house: House, *subjects: str) -> None:
    for subject in subjects:
        add_folder(house, house.ann, subject)
        ledger.seal(house.kernel)


@pytest.fixture
def stamped(house: House, authority: Authority) -> House:
    """Three seals of which the second has a time stamp."""
    seal(house, "one", "two")
    assert stamp_now(house.kernel, authority) == 2
    seal(house, "three")
    return house


def change(house: House, statement: str, **values: object) -> None:
    """What somebody with the database in hand does."""
    with house.kernel.db.raw() as connection:
        connection.execute(text(statement), values)


def named(house: House, authority: Authority) -> list[str]:
    """What verifying finds."""
    return [str(finding) for finding in house.kernel.audit.verify(trust=authority.trust).findings]


def test_a_time_stamp_stands_for_all_seals_before_it(stamped: House, authority: Authority) -> None:
    verdict = stamped.kernel.audit.verify(trust=authority.trust)
    ((number, at),) = verdict.stamps.standing
    assert (verdict.findings, number, verdict.stamps.waiting) == ((), 2, 1)
    assert list(verdict.stamps.existed()) == [(1, at), (2, at)]
    assert abs(at - Clock().now()) < timedelta(minutes=1)


def test_a_later_time_stamp_takes_up_those_that_were_left(
    stamped: House, authority: Authority
) -> None:
    assert stamp_now(stamped.kernel, authority) == 3
    stamps = stamped.kernel.audit.verify(trust=authority.trust).stamps
    assert ([number for number, _at in stamps.standing], stamps.waiting) == ([2, 3], 0)
    assert [number for number, _at in stamps.existed()] == [1, 2, 3]


def test_a_seal_is_stamped_once(
    stamped: House, authority: Authority, time_stamp_authority: TimeStampAuthority
) -> None:
    assert stamp_now(stamped.kernel, authority) == 3
    assert stamp_now(stamped.kernel, authority) is None
    assert len(time_stamp_authority.requests) == 2


def test_where_nothing_is_sealed_nothing_is_stamped(house: House, authority: Authority) -> None:
    assert stamp_now(house.kernel, authority) is None


def test_without_certificates_time_stamps_are_counted_as_unread(stamped: House) -> None:
    verdict = stamped.kernel.audit.verify()
    assert (verdict.findings, verdict.stamps.standing, verdict.stamps.unread) == ((), (), 1)


@pytest.mark.parametrize(
    ("statement", "key"),
    [
        ("update base_seal_stamp set response = 'AAAA'", "stamp-unreadable"),
        ("update base_seal_stamp set response = 'é'", "stamp-unreadable"),
        ("update base_seal_stamp set nonce = '7'", "stamp-nonce"),
        ("update base_seal_stamp set nonce = 'x'", "stamp-unreadable"),
        ("update base_seal_stamp set received_at = '2026-01-01 08:00:00.000000'", "stamp-time"),
        ("update base_seal_stamp set at = '2026-01-01 08:00:00.000000'", "stamp-time"),
        ("update base_seal_stamp set seal_id = 3", "stamp-of-another-hash"),
    ],
)
def test_an_edited_time_stamp_is_named(
    stamped: House, authority: Authority, statement: str, key: str
) -> None:
    change(stamped, statement)
    assert any(found.endswith(f": {key}") for found in named(stamped, authority))


def test_a_time_stamp_of_somebody_elses_is_named(
    stamped: House, tmp_path: Path, authority: Authority
) -> None:
    from tenor_test_support.tsa import TimeStampAuthority

    folder = tmp_path / "elsewhere"
    folder.mkdir()
    another = Authority(authority.address, Trust(certificates(TimeStampAuthority(folder).roots)))
    assert named(stamped, another) == ["seal 2: stamp-untrusted"]
    of_a_policy = Authority(authority.address, Trust(authority.trust.roots, "1.2.3.4.2"))
    assert named(stamped, of_a_policy) == ["seal 2: stamp-policy"]


def test_seals_that_were_made_anew_have_no_time_stamp_any_more(
    stamped: House, authority: Authority
) -> None:
    change(stamped, "update base_seal set digest = root where id = 2")
    assert "seal 2: stamp-of-another-hash" in named(stamped, authority)


def test_a_seal_that_is_gone_is_named_by_its_time_stamp(house: House, authority: Authority) -> None:
    seal(house, "one", "two")
    stamp_now(house.kernel, authority)
    change(house, "delete from base_seal_member where seal_id = 2")
    change(house, "delete from base_seal where id = 2")
    assert named(house, authority) == ["seal 2: seal-missing"]


def test_a_time_stamp_that_a_later_seal_saw_is_not_taken_away_or_replaced_unnoticed(
    stamped: House, authority: Authority
) -> None:
    assert stamp_now(stamped.kernel, authority) == 3
    change(stamped, "update base_seal_stamp set response = response || ' ' where seal_id = 2")
    assert "seal 2: stamp-edited" in named(stamped, authority)
    change(stamped, "delete from base_seal_stamp where seal_id = 2")
    assert named(stamped, authority) == ["seal 2: stamp-missing"]
    change(stamped, "delete from base_seal_stamp where seal_id = 3")  # which no seal saw
    assert named(stamped, authority) == ["seal 2: stamp-missing"]


def test_an_export_that_lacks_such_a_time_stamp_is_refused(stamped: House) -> None:
    change(stamped, "delete from base_seal_stamp where seal_id = 2")
    with pytest.raises(Broken, match="seal 3 says another time stamp than is there"):
        check(exported(stamped).splitlines(keepends=True), {})


# -- handed to a supervisor --------------------------------------------------------------------------------------------


def exported(house: House) -> bytes:
    where = house.kernel.audit.where(Asked(table="guarded_folder"))
    with house.kernel.db.raw(write=False) as connection:
        now = datetime(2026, 6, 30, tzinfo=UTC)
        return "".join(exporting.lines(connection, now, where, {})).encode()


def test_the_export_says_by_when_its_seals_existed(stamped: House) -> None:
    told = check(exported(stamped).splitlines(keepends=True), {})
    with stamped.kernel.db.raw(write=False) as connection:
        at = connection.execute(text("select at from base_seal_stamp")).scalar_one()
    assert (told["stamp"], told["by"][:19]) == (2, str(at)[:19].replace(" ", "T"))


def test_the_program_that_checks_an_export_has_openssl_check_who_signed(
    stamped: House, tmp_path: Path, time_stamp_authority: TimeStampAuthority
) -> None:
    program, file, ours, others = (
        tmp_path / name for name in ("check.py", "ledger.jsonl", "roots.pem", "others.pem")
    )
    program.write_text(inspect.getsource(checking_export), encoding="utf-8")
    file.write_bytes(exported(stamped))
    ours.write_text(time_stamp_authority.roots)
    time_stamp_authority.certify("others")
    others.write_text((tmp_path / "time stamp authority" / "others.pem").read_text())

    def run(*words: str) -> tuple[int, str]:
        command = [sys.executable, "-I", "-S", str(program), str(file), *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout

    status, said = run()
    assert (status, "who signed the time stamp wasn't checked" in said) == (0, True)
    status, said = run("/dev/null", str(ours))
    assert (status, "Up to seal 2 all existed by" in said, "signed as it must" in said) == (
        0,
        True,
        True,
    )
    status, said = run("/dev/null", str(others))
    assert (status, "the time stamp of seal 2 isn't signed by whom it must be" in said) == (1, True)


@pytest.mark.parametrize(
    ("stamp", "why"),
    [("MAA=", "can't be read"), ("", "can't be read"), ("MIAA", "can't be read")],
)
def test_an_export_with_another_time_stamp_is_refused(stamped: House, stamp: str, why: str) -> None:
    with pytest.raises(Broken, match=why):
        check(with_stamp(exported(stamped), 2, stamp).splitlines(keepends=True), {})


def test_an_export_with_the_time_stamp_of_another_seal_is_refused(stamped: House) -> None:
    content = exported(stamped)
    stamp = json.loads(content.splitlines()[2])["stamp"]
    with pytest.raises(Broken, match="the time stamp of seal 3 is of something else"):
        check(with_stamp(content, 3, stamp).splitlines(keepends=True), {})


def with_stamp(content: bytes, number: int, stamp: str) -> bytes:
    """The export with another time stamp at a seal, its last line made anew."""
    from hashlib import sha256

    values = [json.loads(line) for line in content.splitlines()[:-1]]
    values[number]["stamp"] = stamp
    made = "".join(
        json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"
        for value in values
    ).encode()
    return made + f'{{"sha256":"{sha256(made).hexdigest()}"}}\n'.encode()
