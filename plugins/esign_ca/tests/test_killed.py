"""A worker is killed in the middle of a signature: whoever takes over leaves exactly one."""

import os
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from sqlalchemy import select

from plugins.esign_ca.tests.cases import SigningCast
from plugins.esign_ca.tests.killed_worker import PLACES
from tenor_esign_ca.public import EvidenceStep, Signing

pytestmark = pytest.mark.both_databases

PATIENCE = 30


@pytest.fixture
def killed(database: str, plugins: tuple[str, ...], tmp_path: Path) -> Any:
    """A worker that works until it is somewhere, and is killed there."""

    def killed(where: str) -> None:
        root = Path(__file__).parents[3]
        environment = {**os.environ, "TENOR_TEST_DATABASE": database, "PYTHONPATH": str(root)}
        words = [sys.executable, "-m", "plugins.esign_ca.tests.killed_worker", str(tmp_path), where]
        with subprocess.Popen(
            [*words, *plugins], env=environment, cwd=root, stdout=subprocess.PIPE, text=True
        ) as worker:
            assert worker.stdout is not None
            assert worker.stdout.readline() == "stopped\n"
            worker.kill()
            worker.wait()

    return killed


def until(cast: SigningCast, signing: int, state: str) -> None:
    """The dead worker's lease runs out by the real clock; then its job is taken over."""
    end = monotonic() + PATIENCE
    while cast.signing(signing).state != state:
        assert monotonic() < end, cast.signing(signing).state
        cast.jobs()
        sleep(0.05)


@pytest.mark.parametrize("where", sorted(PLACES))
def test_wherever_the_worker_is_killed_there_is_one_signature_of_each(
    cast: SigningCast, killed: Any, where: str
) -> None:
    signing = cast.sent()
    cast.confirm(signing, cast.mail_code(signing))
    if where == "kept-not-told":
        cast.jobs()
        cast.seal(signing)
        killed(where)
    else:
        killed(where)
        until(cast, signing, "with-bank")
        assert cast.provider_state(signing) == "partially_signed"
        cast.seal(signing)
    until(cast, signing, "completed")
    signed = select(EvidenceStep.entry).where(EvidenceStep.event == "signed")
    assert [step["signer"] for step in cast.read(signed)] == ["borrower", "lender"]
    assert cast.contract(cast.signing(signing).contract_id).state == "signed"
    assert cast.pdfsig(signing).count("Signature is Valid.") == 2
    assert cast.read(select(Signing.state)) == ["completed"]
