"""A stored file whose bytes were changed is told apart, and given out only to what judges it."""

from typing import Any

import pytest

from tenor.kernel import Kernel
from tenor.testing import as_actor
from tenor_sdk.errors import Conflict, NotFound
from tenor_sdk.files import read_file, store_file

CLERK = "lin.xiaowen"
WHAT_WAS_KEPT, WHAT_LIES_THERE = b"%PDF-1.7 lend 100 %%EOF", b"%PDF-1.7 lend 900 %%EOF"


@pytest.fixture(scope="module")
def plugins() -> tuple[str, ...]:
    return ()


@pytest.fixture
def changed(institution: Kernel) -> Any:
    """A file of which somebody changed a byte in the store."""
    with as_actor(institution, CLERK) as ctx:
        kept = store_file(ctx, "contract.pdf", WHAT_WAS_KEPT)
    institution.files.bytes.path(kept.sha256).write_bytes(WHAT_LIES_THERE)
    return kept


def test_a_file_whose_bytes_were_changed_is_not_given_out(
    institution: Kernel, changed: Any
) -> None:
    with as_actor(institution, CLERK) as ctx, pytest.raises(Conflict) as refused:
        read_file(ctx, changed.id)
    assert refused.value.key == "file-changed"


def test_what_judges_files_gets_the_bytes_as_they_lie(institution: Kernel, changed: Any) -> None:
    with as_actor(institution, CLERK) as ctx:
        assert read_file(ctx, changed.id, as_it_lies=True) == (changed, WHAT_LIES_THERE)


def test_nobody_else_gets_them(institution: Kernel, changed: Any) -> None:
    with as_actor(institution, "shen.bai") as ctx, pytest.raises(NotFound):
        read_file(ctx, changed.id, as_it_lies=True)
