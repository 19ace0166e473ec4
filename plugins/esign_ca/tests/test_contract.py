"""The embedded driver keeps the promises of the family, whichever store it has."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from plugins.documents.tests.cases import LENDER
from tenor_documents.public import DocumentsSettings
from tenor_esign_ca.drivers import SigningDriver, signing
from tenor_esign_ca.embedded import EmbeddedSigning
from tenor_esign_ca.stores import FolderStore, MemoryStore
from tenor_esign_ca.testing import SigningDriverContract
from tenor_sdk.settings import change_setting
from tenor_sdk.testing import PluginContract, as_actor


class TestEmbeddedInMemory(SigningDriverContract):
    """The driver fixture is that of conftest."""

    @pytest.fixture
    def driver(self, store: MemoryStore, keys: MemoryStore) -> SigningDriver:
        return EmbeddedSigning(
            store, keys, institution="海岳商业银行", zone=ZoneInfo("Asia/Shanghai")
        )


class TestEmbeddedInAFolder(SigningDriverContract):
    """With keys under a passphrase."""

    @pytest.fixture
    def driver(self, tmp_path: Path) -> SigningDriver:
        return EmbeddedSigning(
            FolderStore(tmp_path / "files"),
            FolderStore(tmp_path / "keys"),
            institution="海岳商业银行",
            zone=ZoneInfo("Asia/Shanghai"),
            passphrase=b"a passphrase",
        )


class TestInTheInstitutionsDatabase(SigningDriverContract):
    """As an institution gets it: chosen by name, its books in the database, its keys under the institution's key."""

    @pytest.fixture
    def driver(self, institution: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[SigningDriver]:
        # a driver works within a job's call to the outside; the kit's calls stand for such calls
        monkeypatch.setattr(institution.jobs.runner, "run_of", lambda _ctx: object())
        with as_actor(institution, "ding.ning") as ctx:
            for name, value in LENDER.items():
                change_setting(ctx, DocumentsSettings, name, value)
        service = institution.access.service("esign_ca")
        with institution.context(service, write=False) as ctx:
            yield ctx.driver(signing)


class TestEsign(PluginContract):
    """What every plugin promises."""

    plugin = "esign_ca"
