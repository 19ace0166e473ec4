"""The ``tenor`` command: what it prints, what it refuses, in the person's language."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tenor.loader.state import read_state
from tenor.settings import KernelSettings

if TYPE_CHECKING:
    from tenor_test_support.tsa import TimeStampAuthority

Run = Callable[..., str]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place of its own, in English."""
    folder = tmp_path / "home"
    monkeypatch.setenv("TENOR_HOME", str(folder))
    monkeypatch.setenv("TENOR_LANG", "en")
    monkeypatch.setenv("TENOR_INSTITUTION", "Test Bank")
    return folder


@pytest.fixture
def tenor(home: Path, command: Run) -> Run:
    """The command in that place."""
    return command


@pytest.fixture
def institution(home: Path, tenor: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One made by ``tenor init`` with an administrator."""
    import io

    tenor("init", "notes")
    monkeypatch.setattr("sys.stdin", io.StringIO("a long enough password\n"))
    tenor(
        "user", "add", "root", "Root", "--position", "administrator", "--role", "notes.note-author"
    )
    return home


def test_an_institution_is_made_with_folders_key_and_tables(tenor: Run, home: Path) -> None:
    tenor("init", "notes")
    assert (home / "secret.key").stat().st_mode & 0o777 == 0o600
    assert {"files", "mail", "tenor.db"} <= {each.name for each in home.iterdir()}
    assert read_state(f"sqlite:///{home}/tenor.db").enabled == ("notes",)


def test_a_second_init_changes_nothing(tenor: Run, home: Path) -> None:
    tenor("init")
    key = (home / "secret.key").read_text()
    assert "already" in tenor("init", "notes", expect=1)
    assert (home / "secret.key").read_text() == key
    assert read_state(f"sqlite:///{home}/tenor.db").enabled == ()


def test_the_settings_that_init_writes_are_those_that_the_next_command_reads(
    tenor: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TENOR_HOME")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TENOR_INSTITUTION", 'A "bank"')
    tenor("init", "--settings")
    monkeypatch.delenv("TENOR_INSTITUTION")
    settings = KernelSettings.load()
    assert settings.institution == 'A "bank"'
    assert settings.data_dir == tmp_path / ".tenor"
    assert "already" in tenor("init", expect=1)


def test_a_person_whose_password_is_too_short_is_not_added(
    tenor: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import io

    tenor("init")
    monkeypatch.setattr("sys.stdin", io.StringIO("short\na long enough password\n"))
    assert "at least" in tenor("user", "add", "ann", "Ann", expect=1)
    assert "ann can sign in." in tenor("user", "add", "ann", "Ann")


def test_an_init_with_a_plugin_that_is_not_installed_says_so(tenor: Run, home: Path) -> None:
    said = tenor("init", "nosuch", expect=1)
    assert "nosuch: It is enabled, but not installed." in said
    assert "pip install tenor-nosuch" in said


def test_without_an_institution_commands_say_how_to_make_one(tenor: Run) -> None:
    for words in (
        ["jobs", "list"],
        ["audit", "verify"],
        ["serve"],
        ["plugin", "enable", "notes"],
        ["plugin", "upgrade"],
    ):
        assert (
            tenor(*words, expect=1)
            == "tenor: There is no institution here yet; tenor init makes one.\n"
        )


def test_a_setting_that_cannot_be_used_is_one_line(
    tenor: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TENOR_PORT", "eighty")
    assert tenor("doctor", expect=1).startswith("tenor: TENOR_PORT: port: a whole number")


def test_seals_get_time_stamps_and_verifying_says_by_when_they_existed(
    tenor: Run,
    institution: Path,
    time_stamp_authority: TimeStampAuthority,
    tmp_path: Path,
) -> None:
    assert "No time stamp authority is set" in tenor("audit", "stamp", expect=1)
    assert "stamp" not in tenor("audit", "verify")
    roots = tmp_path / "roots.pem"
    roots.write_text(time_stamp_authority.roots, "ascii")
    said = tenor("audit", "authority", time_stamp_authority.url, str(roots), "--as", "root")
    assert said == f"The seals go to {time_stamp_authority.url}.\n"
    assert tenor("audit", "stamp") == "There is no seal to be stamped.\n"
    tenor("audit", "seal")
    assert "No time stamp stands; 1 seals aren't stamped yet." in tenor("audit", "verify")
    assert tenor("audit", "stamp") == "Seal 1 is stamped.\n"
    said = tenor("audit", "verify", "--times")
    assert said.startswith("seal 1 existed by ")
    assert "Time stamps stand up to seal 1, of " in said
    assert "; 0 seals aren't stamped yet." in said


def test_why_there_is_no_time_stamp_is_one_line(
    tenor: Run,
    institution: Path,
    time_stamp_authority: TimeStampAuthority,
    tmp_path: Path,
) -> None:
    from tenor_test_support.tsa import Answer

    roots = tmp_path / "roots.pem"
    roots.write_text(time_stamp_authority.roots, "ascii")
    tenor("audit", "authority", time_stamp_authority.url, str(roots), "--as", "root")
    tenor("audit", "seal")
    time_stamp_authority.answer = lambda _request: Answer([b"no"], status=500)
    said = tenor("audit", "stamp", expect=1)
    assert said == "tenor: There is no time stamp: 127.0.0.1: status 500\n"


def test_the_ledger_is_verified_and_sealed(tenor: Run, institution: Path) -> None:
    assert "The ledger is whole: 0 entries in 0 seals" in tenor("audit", "verify")
    assert "entries sealed" in tenor("audit", "seal")
    assert "in 1 seals, 0 not yet sealed" in tenor("audit", "verify")


def test_the_ledger_is_read_and_taken_out_as_a_person_who_may(
    tenor: Run, institution: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO("a long enough password\n"))
    tenor("user", "add", "song", "Song", "--position", "auditor")
    tenor("audit", "seal")
    said = tenor("audit", "list", "--record", "base.user", "--field", "login", "--as", "song")
    assert "Login: – → song" in said
    assert "root" not in tenor("audit", "list", "--record", "base.user/2", "--as", "song")
    asked = ("audit", "list", "--record", "base.user", "--field", "login", "--as", "song")
    for line in tenor(*asked, "--format", "jsonl").splitlines():
        entry = json.loads(line)
        assert entry["labels"].keys() == entry["changes"].keys()
        assert entry["labels"]["login"] == "Login"
    monkeypatch.setenv("TENOR_LANG", "zh-CN")
    line, *_rest = tenor(*asked, "--format", "jsonl").splitlines()
    assert json.loads(line)["labels"]["login"] == "登录名"
    monkeypatch.setenv("TENOR_LANG", "en")
    assert "A date is written" in tenor(
        "audit", "list", "--from", "today-30d", "--as", "song", expect=1
    )
    assert "no right" in tenor("audit", "list", "--as", "root", expect=1)
    assert '"format":"tenor-ledger-2"' in tenor("audit", "export", "--as", "song")
    assert "Checks a file of ledger entries" in tenor("audit", "checker")


def test_the_roots_are_kept_in_a_file_that_only_grows(
    tenor: Run, institution: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "roots.txt"
    tenor("audit", "seal")
    assert "1 roots kept." in tenor("audit", "anchor", str(kept))
    assert "0 roots kept." in tenor("audit", "anchor", str(kept))
    assert "is whole" in tenor("audit", "verify", "--roots", str(kept))
    kept.write_text(f"1 {'0' * 64}\n")
    assert "Seal 1 isn't what was kept" in tenor("audit", "anchor", str(kept), expect=1)


def test_nothing_young_is_taken_out_and_nothing_undecided_erased(
    tenor: Run, institution: Path, tmp_path: Path
) -> None:
    archive = tmp_path / "old.jsonl"
    assert "0 entries taken out" in tenor("audit", "retire", str(archive))
    assert not archive.exists()
    archive.write_text("something")
    assert "exists" in tenor("audit", "retire", str(archive), expect=1)
    assert "0 values erased" in tenor("audit", "erase")
    assert "isn't whole" in tenor("audit", "verify", "--archive", str(archive), expect=1)


def test_the_roots_of_the_seals_are_kept_elsewhere_and_compared(
    tenor: Run, institution: Path, tmp_path: Path
) -> None:
    tenor("audit", "seal")
    kept = tmp_path / "roots.txt"
    kept.write_text(tenor("audit", "roots"))
    assert "is whole" in tenor("audit", "verify", "--roots", str(kept))
    kept.write_text(f"{kept.read_text()}2 {'0' * 64}\n")
    assert "seal 2: seal-missing" in tenor("audit", "verify", "--roots", str(kept), expect=1)
    assert "entries sealed" in tenor("audit", "rebase")


def test_errors_are_told_in_the_persons_language(
    tenor: Run, institution: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (
        tenor("token", "create", "nobody", expect=1) == "tenor: There is no active user nobody.\n"
    )
    monkeypatch.setenv("TENOR_LANG", "zh_CN.UTF-8")
    assert (
        tenor("token", "create", "nobody", expect=1) == "tenor: 没有登录名为 nobody 的在用用户。\n"
    )


def test_a_token_is_shown_once_and_works(tenor: Run, institution: Path) -> None:
    from tenor.boot import boot

    token = tenor("token", "create", "root").strip()
    kernel = boot(KernelSettings.load())
    try:
        actor = kernel.identity.actor_of_token(token)
    finally:
        kernel.db.dispose()
    assert actor is not None
    assert actor.login == "root"


def test_a_token_that_is_revoked_is_worth_nothing_and_the_others_stay(
    tenor: Run, institution: Path
) -> None:
    from tenor.boot import boot

    lost, kept = (
        tenor("token", "create", "root", "--name", name).strip() for name in ("lost", "kept")
    )
    assert tenor("token", "revoke", "root", "--name", "lost") == "Tokens revoked: 1\n"
    kernel = boot(KernelSettings.load())
    assert kernel.identity.actor_of_token(lost) is None
    assert kernel.identity.actor_of_token(kept) is not None
    assert tenor("token", "revoke", "root") == "Tokens revoked: 1\n"
    assert kernel.identity.actor_of_token(kept) is None
    kernel.db.dispose()
    assert tenor("token", "revoke", "root", expect=1) == "Tokens revoked: 0\n"


def test_records_are_exported_as_the_person_who_may(tenor: Run, institution: Path) -> None:
    from tenor.boot import boot
    from tenor.loader.stage import actor_of
    from tenor_notes import Note

    kernel = boot(KernelSettings.load())
    with kernel.context(actor_of(kernel, "root"), write=True) as ctx:
        ctx.session.add_all([Note(subject="=HYPERLINK(1)"), Note(subject="plain")])
    kernel.db.dispose()
    rows = json.loads(tenor("export", "notes.note", "--as", "root", "--format", "json"))
    assert [row["subject"] for row in rows] == ["=HYPERLINK(1)", "plain"]
    assert "'=HYPERLINK(1)" in tenor("export", "notes.note", "--as", "root")
    some = tenor("export", "notes.note", "--as", "root", "--filter", "subject ~ PLAI")
    assert ("plain" in some, "HYPERLINK" in some) == (True, False)
    strange = ("export", "notes.note", "--as", "root", "--filter", "nonsense = 1")
    assert "at character 1: this list can't be narrowed by nonsense" in tenor(*strange, expect=1)


@pytest.mark.parametrize("form", ["csv", "json"])
def test_an_export_puts_its_filter_and_what_it_holds_on_record(
    tenor: Run, institution: Path, form: str
) -> None:
    from sqlalchemy import select

    from tenor.audit.records import LedgerEntry
    from tenor.boot import boot
    from tenor.events.rows import table_of
    from tenor.loader.stage import actor_of
    from tenor_notes import Note

    kernel = boot(KernelSettings.load())
    with kernel.context(actor_of(kernel, "root"), write=True) as ctx:
        ctx.session.add_all([Note(subject="one"), Note(subject="two")])
    words = ("export", "notes.note", "--as", "root", "--format", form)
    told = tenor(*words, "--filter", '"subject"=ONE or subject ~ tw')
    entries = table_of(LedgerEntry)
    with kernel.db.raw(write=False) as connection:
        changes = connection.execute(
            select(entries.c.changes).where(entries.c.kind == "export")
        ).scalar_one()
    kernel.db.dispose()
    said = {name: new for name, (_old, new) in changes.items()}
    held = list(json.loads(told)[0]) if form == "json" else told.splitlines()[0].split(",")
    assert said == {
        "of": "notes_note", "format": form, "rows": 1, "fields": held,
        "filter": "subject = ONE or subject ~ tw",
    }  # fmt: skip


def test_an_export_goes_to_a_file_as_a_workbook(tenor: Run, institution: Path) -> None:
    from openpyxl import load_workbook

    file = institution / "notes.xlsx"
    assert (
        tenor("export", "notes.note", "--as", "root", "--format", "xlsx", "--to", str(file)) == ""
    )
    sheet: Any = load_workbook(file).active
    assert "subject" in [cell.value for cell in sheet[1]]


def test_whoever_may_not_export_is_refused(tenor: Run, institution: Path) -> None:
    assert "You have no right to this" in tenor("export", "base.user", "--as", "root", expect=1)
    assert "There is no record" in tenor("export", "notes.nothing", "--as", "root", expect=1)


def test_plugins_are_enabled_and_disabled(tenor: Run, institution: Path) -> None:
    assert "enable errands" in tenor("plugin", "plan", "errands")
    assert "Enabled." in tenor("plugin", "enable", "errands")
    assert "errands is enabled already." in tenor("plugin", "enable", "errands", expect=1)
    assert "nothing was lost" in tenor("plugin", "disable", "errands")
    assert "isn't enabled" in tenor("plugin", "disable", "errands", expect=1)


def test_a_plugins_own_command_runs_as_the_person_named(tenor: Run, institution: Path) -> None:
    tenor("plugin", "enable", "errands")
    assert tenor("errands", "open", "--as", "root") == ""
    assert "tenor errands open: List the errands" in tenor("errands", expect=2)
    assert "There is no command nosuch" in tenor("nosuch", expect=2)


def test_jobs_are_listed_and_run(tenor: Run, institution: Path) -> None:
    tenor("jobs", "run")
    assert "done" in tenor("jobs", "list") or "No jobs." in tenor("jobs", "list")


def test_the_doctor_finds_what_is_missing(tenor: Run, institution: Path) -> None:
    assert "Nothing to complain of." in tenor("doctor")
    (institution / "secret.key").unlink()
    assert "There is no secret key" in tenor("doctor", expect=1)


def test_a_demo_bank_is_made_once_and_kept(tenor: Run, home: Path) -> None:
    said = tenor("demo", "--no-serve", "--plugins", "errands")
    assert "lin.xiaowen" in said
    assert "haiyue-2026" in said
    again = tenor("demo", "--no-serve")
    assert "Making the demo bank" not in again
    listed = tenor("--config", str(home / "tenor.toml"), "errands", "open", "--as", "lin.xiaowen")
    assert len(listed.splitlines()) == 2


def test_a_demo_bank_of_people_only_has_nothing_but_them(tenor: Run, home: Path) -> None:
    assert "zhou.qiming" in tenor("demo", "--no-serve", "--plugins", "errands", "--people-only")
    listed = tenor("--config", str(home / "tenor.toml"), "errands", "open", "--as", "lin.xiaowen")
    assert "泽远" not in listed


def test_the_demos_people_sign_in_with_the_password_that_was_printed(
    tenor: Run, home: Path
) -> None:
    from tenor.base.demo import DEMO_PASSWORD
    from tenor.boot import boot

    tenor("demo", "--no-serve", "--plugins", "errands")
    kernel = boot(KernelSettings.load(home / "tenor.toml"))
    try:
        session = kernel.identity.sign_in("zhou.qiming", DEMO_PASSWORD)
        actor = kernel.identity.actor_of_session(session)
    finally:
        kernel.db.dispose()
    assert actor is not None
    assert actor.name == "周启明"
