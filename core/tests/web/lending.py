"""The plugin ``lending``, whose fields go by one another, in front of a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tenor_sdk.testing import as_actor
from tenor_test_support.plugins import installed

if TYPE_CHECKING:
    from tenor.kernel import Kernel

FOLDER = Path(__file__).parents[1] / "records" / "plugins"
LIST = "/lending/loan"
NEW = f"{LIST}/new"
LIN = "lin.xiaowen"


@pytest.fixture(scope="session")
def lending(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """As pip would have installed it."""
    with installed(FOLDER, "lending", tmp_path_factory.mktemp("lending-web")) as name:
        yield name


def loans(kernel: Kernel) -> list[Any]:
    """What there is."""
    from tenor_lending import Loan

    with as_actor(kernel, LIN, write=False) as ctx:
        return list(ctx.session.query(Loan).order_by(Loan.id))
