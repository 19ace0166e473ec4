"""The folders of an institution are its own."""

from pathlib import Path

from tenor.loader.founding import prepare_folders
from tenor.testing import settings_for


def test_nobody_else_looks_into_what_an_institution_keeps(tmp_path: Path) -> None:
    settings = settings_for("sqlite://", tmp_path / "house" / "data")
    prepare_folders(settings)
    for folder in (settings.data_dir, settings.files_folder, settings.mail_folder):
        assert folder.stat().st_mode & 0o077 == 0, folder
