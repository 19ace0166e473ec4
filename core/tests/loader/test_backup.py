"""The whole institution in one file, made while it runs, and put back where nothing is."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from tenor.access.records import Unit, User
from tenor.clock import Clock
from tenor.kernel import Kernel
from tenor.loader import restoring
from tenor.loader.backup import ABOUT, DATABASE, KEY, Made, back_up
from tenor.loader.founding import found
from tenor.loader.ledger_rights import open_tables
from tenor.loader.restoring import restore
from tenor.loader.state import connected, read_state
from tenor.settings import KernelSettings
from tenor.testing.institution import as_actor, start, stop
from tenor_sdk.errors import Conflict, NotFound, Refused, TenorError
from tenor_test_support.ledger import seal

if TYPE_CHECKING:
    from tenor_test_support.postgres import PostgresServer

LETTER = b"%PDF-1.7 a letter that is kept\n"


def keep_letter(institution: Kernel) -> str:
    with as_actor(institution, "system") as ctx:
        return institution.files.store(ctx, "letter.pdf", LETTER, None).sha256


def taken(institution: Kernel, target: Path, **given: Any) -> Made:
    return back_up(institution.settings, target, Clock(), **given)


@pytest.fixture
def backup(institution: Kernel, tmp_path: Path) -> Path:
    """One of an institution with a stored file, all of whose ledger is sealed."""
    keep_letter(institution)
    seal(institution)
    target = tmp_path / "kept" / "bank.backup"
    target.parent.mkdir()
    made = taken(institution, target)
    assert (made.files, made.missing) == (1, ())
    return target


@pytest.fixture
def elsewhere(
    database_kind: str, tmp_path: Path, request: pytest.FixtureRequest, institution: Kernel
) -> Iterator[KernelSettings]:
    """A place on another machine, where nothing is yet."""
    settings = institution.settings.but(data_dir=tmp_path / "elsewhere")
    if database_kind == "sqlite":
        yield settings.but(database_url="")
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.database() as made:
        yield settings.but(database_url=made.url)


@contextmanager
def running(settings: KernelSettings) -> Iterator[Kernel]:
    kernel = start(settings.database, (), settings.data_dir)
    try:
        yield kernel
    finally:
        stop(kernel)


def people(kernel: Kernel) -> list[tuple[str, str]]:
    with as_actor(kernel, "system", write=False) as ctx, kernel.db.system(ctx.session) as session:
        return [(each.login, each.name) for each in session.scalars(select(User).order_by(User.id))]


@pytest.mark.both_databases
def test_what_was_backed_up_is_all_there_elsewhere(
    institution: Kernel, backup: Path, elsewhere: KernelSettings
) -> None:
    before, roots = people(institution), institution.audit.roots()
    about, missing = restore(elsewhere, backup)
    assert (about.institution, about.seal, missing) == ("海岳商业银行", roots[-1], ())
    with running(elsewhere) as restored:
        assert people(restored) == before
        verdict = restored.audit.verify(dict(roots))
        assert (verdict.findings, verdict.seals) == ((), len(roots))
        with as_actor(restored, "system") as ctx:  # which ids come next is known too
            ctx.session.add(Unit(code="newcomer", name="Newcomer"))


@pytest.mark.both_databases
def test_a_file_comes_back_and_what_nobody_names_stays_behind(
    institution: Kernel, backup: Path, elsewhere: KernelSettings
) -> None:
    restore(elsewhere, backup)
    kept = [path for path in elsewhere.files_folder.glob("*/*") if path.is_file()]
    assert [path.read_bytes() for path in kept] == [LETTER]


@pytest.mark.both_databases
def test_a_backup_made_while_somebody_writes_holds_whole_transactions(
    institution: Kernel, tmp_path: Path, elsewhere: KernelSettings
) -> None:
    over, begun = Event(), Event()

    def write() -> None:
        number = 0
        while not over.is_set():
            number += 1
            with as_actor(institution, "system") as ctx:
                for half in "ab":
                    ctx.session.add(Unit(code=f"{half}-{number}", name=half))
                    ctx.session.flush()
            begun.set()

    writer = Thread(target=write)
    writer.start()
    try:
        assert begun.wait(30)
        taken(institution, tmp_path / "busy.backup")
    finally:
        over.set()
        writer.join(30)
    restore(elsewhere, tmp_path / "busy.backup")
    with connected(elsewhere.database) as connection:
        codes = set(connection.execute(text("SELECT code FROM base_unit")).scalars())
    halves = [{code[2:] for code in codes if code.startswith(f"{half}-")} for half in "ab"]
    assert halves[0] == halves[1] != set()


@pytest.mark.both_databases
def test_nothing_that_stands_is_overwritten(institution: Kernel, backup: Path) -> None:
    before = people(institution)
    with pytest.raises(Conflict) as refused:
        restore(institution.settings, backup)
    assert refused.value.key == "institution-exists"
    assert people(institution) == before


def test_a_backup_is_never_written_over_another(institution: Kernel, backup: Path) -> None:
    before = backup.read_bytes()
    with pytest.raises(Conflict) as refused:
        taken(institution, backup)
    assert refused.value.key == "file-exists"
    assert backup.read_bytes() == before
    assert [each.name for each in backup.parent.iterdir()] == [backup.name]


def test_only_its_owner_reads_a_backup(backup: Path) -> None:
    assert backup.stat().st_mode & 0o777 == 0o600


def test_a_missing_file_is_named_and_the_rest_is_kept(
    institution: Kernel, tmp_path: Path, elsewhere: KernelSettings
) -> None:
    digest = keep_letter(institution)
    (institution.settings.files_folder / digest[:2] / digest).unlink()
    assert taken(institution, tmp_path / "one.backup").missing == (digest,)
    assert restore(elsewhere, tmp_path / "one.backup")[1] == (digest,)


# -- the key ----------------------------------------------------------------------------------------------------------


def keyless(settings: KernelSettings) -> KernelSettings:
    """Without a key in the settings: it is in the data folder."""
    return settings.but(secret_key="")


def test_the_key_comes_back_readable_for_its_owner_alone(
    backup: Path, elsewhere: KernelSettings, institution: Kernel
) -> None:
    restore(keyless(elsewhere), backup)
    kept = elsewhere.data_dir / KEY
    assert kept.read_text() == institution.settings.key
    assert kept.stat().st_mode & 0o777 == 0o600


def test_a_backup_without_the_key_needs_one_where_it_is_restored(
    institution: Kernel, tmp_path: Path, elsewhere: KernelSettings
) -> None:
    target = tmp_path / "keyless.backup"
    taken(institution, target, key=False)
    assert institution.settings.key.encode() not in b"".join(members(target).values())
    with pytest.raises(Refused) as refused:
        restore(keyless(elsewhere), target)
    assert refused.value.key == "key-missing"
    restore(elsewhere, target)  # its settings name the key


def test_another_key_is_not_replaced(backup: Path, elsewhere: KernelSettings) -> None:
    elsewhere.data_dir.mkdir()
    (elsewhere.data_dir / KEY).write_text("another key than that of the backup")
    with pytest.raises(Conflict) as refused:
        restore(keyless(elsewhere), backup)
    assert refused.value.key == "other-key"
    assert not read_state(elsewhere.database).generation


# -- what was changed, cut off, or is something else -------------------------------------------------------------------


def members(backup: Path) -> dict[str, bytes]:
    with tarfile.open(backup) as archive:
        return {each.name: content_of(archive, each) for each in archive}


def content_of(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    opened = archive.extractfile(member)
    assert opened is not None  # it is a file
    return opened.read()


def written(target: Path, content: Mapping[str, bytes]) -> Path:
    with tarfile.open(target, "w:gz") as archive:
        for name, each in content.items():
            member = tarfile.TarInfo(name)
            member.size = len(each)
            archive.addfile(member, io.BytesIO(each))
    return target


def told_otherwise(content: dict[str, bytes], **said: Any) -> dict[str, bytes]:
    return {**content, ABOUT: json.dumps({**json.loads(content[ABOUT]), **said}).encode()}


def with_a_changed_file(content: dict[str, bytes]) -> dict[str, bytes]:
    name = next(name for name in content if name.startswith("files/"))
    return {**content, name: LETTER + b"!"}


def without(name: str) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    return lambda content: {each: said for each, said in content.items() if each != name}


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (lambda content: {**content, DATABASE: content[DATABASE] + b"\0"}, "backup-not-whole"),
        (without(DATABASE), "backup-not-whole"),
        (with_a_changed_file, "backup-not-whole"),
        (lambda content: {**content, "../outside": b"x"}, "backup-not-whole"),
        (lambda content: {**content, "/outside": b"x"}, "backup-not-whole"),
        (lambda content: {**content, "files/ab/short": b"x"}, "backup-not-whole"),
        (without(ABOUT), "not-a-backup"),
        (lambda content: {**content, ABOUT: b"[]"}, "not-a-backup"),
        (lambda content: {**content, ABOUT: b"{"}, "not-a-backup"),
        (lambda content: told_otherwise(content, more="than it may say"), "not-a-backup"),
        (lambda content: told_otherwise(content, form=2), "newer-backup"),
        (lambda content: told_otherwise(content, kind="postgresql"), "other-database"),
        (lambda content: told_otherwise(content, enabled=["nosuch"]), "plugin-missing"),
        (lambda content: told_otherwise(content, revisions={"base": "9999"}), "plugin-older"),
    ],
)
def test_what_is_not_as_it_was_made_restores_nothing(
    backup: Path,
    elsewhere: KernelSettings,
    change: Callable[[dict[str, bytes]], dict[str, bytes]],
    key: str,
) -> None:
    other = written(backup.with_name("changed"), change(members(backup)))
    with pytest.raises(TenorError) as refused:
        restore(elsewhere, other)
    assert refused.value.key == key
    assert not read_state(elsewhere.database).generation
    assert not (elsewhere.data_dir / "restoring").exists()


@pytest.mark.parametrize("left", [0, 20, 0.5, 0.999])
def test_what_was_cut_off_restores_nothing(
    backup: Path, elsewhere: KernelSettings, left: float
) -> None:
    content = backup.read_bytes()
    cut = backup.with_name("cut")
    cut.write_bytes(content[: int(left if left >= 1 else left * len(content))])
    with pytest.raises(Refused) as refused:
        restore(elsewhere, cut)
    assert refused.value.key in ("not-a-backup", "backup-not-whole")
    assert not read_state(elsewhere.database).generation


def test_a_link_in_it_is_refused(backup: Path, elsewhere: KernelSettings) -> None:
    other = backup.with_name("linked")
    with tarfile.open(backup) as source, tarfile.open(other, "w:gz") as archive:
        about = source.getmember(ABOUT)
        archive.addfile(about, source.extractfile(about))
        link = tarfile.TarInfo(DATABASE)
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    with pytest.raises(Refused) as refused:
        restore(elsewhere, other)
    assert refused.value.key == "backup-not-whole"


def test_a_file_that_is_not_there_is_named(elsewhere: KernelSettings, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        restore(elsewhere, tmp_path / "nowhere")


def test_what_sqlite_wrote_beside_its_file_counts_as_something(
    backup: Path, elsewhere: KernelSettings
) -> None:
    elsewhere.data_dir.mkdir()
    (elsewhere.data_dir / "tenor.db-wal").write_bytes(b"what was written last")
    with pytest.raises(Conflict):
        restore(elsewhere, backup)


# -- killed on the way ------------------------------------------------------------------------------------------------


@pytest.mark.both_databases
@pytest.mark.parametrize("step", ["_keep_key", "_keep_files", "put"])
def test_whoever_is_killed_on_the_way_left_nothing_and_begins_again(
    institution: Kernel,
    backup: Path,
    elsewhere: KernelSettings,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(restoring, step, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        patch.setattr("shutil.rmtree", lambda *_args, **_given: None)  # nobody tidies up
        with pytest.raises(KeyboardInterrupt):
            restore(elsewhere, backup)
    assert not read_state(elsewhere.database).generation
    restore(elsewhere, backup)
    with running(elsewhere) as restored:
        assert people(restored) == people(institution)


def test_a_backup_that_was_killed_has_no_name(
    institution: Kernel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        tarfile.TarFile, "add", lambda *_a, **_g: (_ for _ in ()).throw(KeyboardInterrupt)
    )
    with pytest.raises(KeyboardInterrupt):
        taken(institution, tmp_path / "killed.backup")
    assert not (tmp_path / "killed.backup").exists()


# -- the programs of PostgreSQL ----------------------------------------------------------------------------------------


@pytest.fixture
def on_postgresql(postgres_server: PostgresServer) -> Iterator[str]:
    with postgres_server.database() as made:
        yield made.url


def test_what_pg_dump_says_is_said(
    institution: Kernel, on_postgresql: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "tenor.loader.backup.read_state",
        lambda _url: read_state(institution.settings.database),
    )
    monkeypatch.setattr("tenor.loader.copies._program", lambda _name: "false")
    with pytest.raises(Refused) as refused:
        back_up(institution.settings.but(database_url=on_postgresql), tmp_path / "x", Clock())
    assert refused.value.key == "database-not-copied"
    assert not (tmp_path / "x").exists()


def test_a_program_that_is_missing_is_named(
    on_postgresql: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tenor.loader.copies import copied

    monkeypatch.setattr("tenor.loader.copies._DEBIAN", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Refused) as refused, copied(on_postgresql, tmp_path / "copy"):
        pass
    assert refused.value.key == "program-missing"


def test_the_site_can_change_the_restored_ledger_no_more_than_the_one_before(
    postgres_server: PostgresServer, tmp_path: Path
) -> None:
    """Where rights on tables to come are granted, pg_restore would leave the ledger's open."""
    site, made = f"site_{uuid4().hex[:12]}", KernelSettings(data_dir=tmp_path / "home")
    with postgres_server.database() as source, postgres_server.database() as target:
        found(made.but(database_url=source.url), ())
        back_up(made.but(database_url=source.url), tmp_path / "bank.backup", Clock())
        with said_to(
            target.url, f"CREATE ROLE {site} LOGIN", f"DROP OWNED BY {site}; DROP ROLE {site}"
        ):
            said(
                target.url,
                f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON TABLES TO {site}",
            )
            restore(made.but(database_url=target.url), tmp_path / "bank.backup")
            with connected(target.url.replace("postgres@", f"{site}@")) as connection:
                assert open_tables(connection) == (site, [])
                assert connection.execute(text("SELECT count(*) FROM base_ledger_entry")).scalar()


def said(url: str, words: str) -> None:
    with connected(url) as connection, connection.begin():
        connection.execute(text(words))


@contextmanager
def said_to(url: str, before: str, after: str) -> Iterator[None]:
    said(url, before)
    try:
        yield
    finally:
        said(url, after)


# -- the command ------------------------------------------------------------------------------------------------------


def tenor(home: Path, *words: str, expect: int = 0) -> str:
    given = {**os.environ, "TENOR_HOME": str(home), "TENOR_LANG": "en", "TENOR_INSTITUTION": "Test"}
    done = subprocess.run(
        [sys.executable, "-m", "tenor.cli", *words], env=given, capture_output=True, text=True, check=False
    )  # fmt: skip
    assert done.returncode == expect, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_the_command_makes_one_puts_it_back_and_checks_the_ledger(tmp_path: Path) -> None:
    home, other, file = tmp_path / "home", tmp_path / "other", tmp_path / "bank.backup"
    tenor(home, "init", "notes")
    tenor(home, "audit", "seal")
    (tmp_path / "roots").write_text(tenor(home, "audit", "roots"))
    assert "bytes" in tenor(home, "backup", str(file))
    said = tenor(other, "restore", str(file), "--roots", str(tmp_path / "roots"))
    assert "Test, as it was at" in said
    assert "The ledger is whole" in said
    assert "isn't empty" in tenor(other, "restore", str(file), expect=1)
    assert "no institution" in tenor(tmp_path / "third", "backup", str(tmp_path / "y"), expect=1)


def test_a_root_that_was_kept_and_is_not_in_the_backup_is_named(tmp_path: Path) -> None:
    home, other, file = tmp_path / "home", tmp_path / "other", tmp_path / "bank.backup"
    tenor(home, "init")
    tenor(home, "audit", "seal")
    tenor(home, "backup", str(file))
    (tmp_path / "roots").write_text("1 " + "0" * 64 + "\n")
    said = tenor(other, "restore", str(file), "--roots", str(tmp_path / "roots"), expect=1)
    assert "NOT whole" in said


def test_a_root_of_later_than_the_backup_is_told_apart(tmp_path: Path) -> None:
    home, other, file = tmp_path / "home", tmp_path / "other", tmp_path / "bank.backup"
    tenor(home, "init")
    tenor(home, "audit", "seal")
    tenor(home, "backup", str(file))
    (tmp_path / "roots").write_text(tenor(home, "audit", "roots") + "2 " + "0" * 64 + "\n")
    said = tenor(other, "restore", str(file), "--roots", str(tmp_path / "roots"))
    assert "1 seals came after the backup" in said
    assert "The ledger is whole" in said
