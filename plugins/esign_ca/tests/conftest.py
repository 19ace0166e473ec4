"""Who signs; a driver with nothing signed yet; an authority made once for all tests, for its keys take a while."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from plugins.esign_ca.tests.cases import SigningCast
from tenor_esign_ca.embedded import EmbeddedSigning
from tenor_esign_ca.stores import MemoryStore
from tenor_esign_ca.testing import AT

ZONE = ZoneInfo("Asia/Shanghai")
INSTITUTION = "海岳商业银行"


@pytest.fixture
def cast(institution: Any) -> SigningCast:
    """Who acts in the institution of the test."""
    return SigningCast(institution)


def _driver(store: MemoryStore, keys: MemoryStore) -> EmbeddedSigning:
    return EmbeddedSigning(store, keys, institution=INSTITUTION, zone=ZONE)


@pytest.fixture(scope="session")
def authority_keys() -> dict[str, bytes]:
    """What a new authority keeps."""
    keys = MemoryStore()
    assert _driver(MemoryStore(), keys).health(at=AT).ready
    return dict(keys._kept)


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def keys(authority_keys: dict[str, bytes]) -> MemoryStore:
    """The keys of an authority that has certified nobody."""
    kept = MemoryStore()
    for name, content in authority_keys.items():
        kept.put_new(name, content)
    return kept


@pytest.fixture
def driver(store: MemoryStore, keys: MemoryStore) -> EmbeddedSigning:
    return _driver(store, keys)
