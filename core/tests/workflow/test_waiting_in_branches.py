"""What was returned in a branch waits until something is brought to it, whatever moves beside it."""

from __future__ import annotations

from typing import Any

import pytest

from core.tests.workflow.assays import MOVER, OFFICER, Assays

pytestmark = pytest.mark.both_databases


@pytest.fixture(scope="module")
def plugins() -> tuple[str, ...]:
    return ("assays",)


@pytest.fixture
def assays(institution: Any) -> Assays:
    return Assays(institution)


def returned(assays: Assays) -> int:
    from tenor_assays.workflow import back, start

    assay = assays.file(start)
    assays.go(OFFICER, assay, back, reason="sort it better")
    assert assays.branches()["bounce"] == "sorting"
    return assay


def test_what_was_returned_in_a_branch_waits_though_another_branch_moves(assays: Assays) -> None:
    from tenor_assays.workflow import ease

    assay = returned(assays)
    assays.go(OFFICER, assay, ease)
    assert assays.branches()["bounce"] == "sorting"


def test_it_goes_on_once_something_was_brought(assays: Assays) -> None:
    assay = returned(assays)
    assays.do(MOVER, assay, assays.engine.advance)
    assert assays.branches()["bounce"] == "checking"
