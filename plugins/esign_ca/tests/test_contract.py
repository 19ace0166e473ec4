"""The embedded driver keeps the promises of the family, whichever store it has."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tenor_esign_ca.drivers import SigningDriver
from tenor_esign_ca.embedded import EmbeddedSigning
from tenor_esign_ca.stores import FolderStore, MemoryStore
from tenor_esign_ca.testing import SigningDriverContract
from tenor_sdk.testing import PluginContract


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


class TestEsign(PluginContract):
    """What every plugin promises."""

    plugin = "esign_ca"
