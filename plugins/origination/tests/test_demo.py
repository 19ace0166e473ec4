"""The applications of the demo bank went their way over days, as those of a bank do."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from tenor.loader.stage import play
from tenor.workflow.records import WorkflowStep
from tenor_origination.public import Application
from tenor_sdk import Amount
from tenor_sdk.testing import as_actor

pytestmark = pytest.mark.both_databases


def test_cases_stood_in_their_stages_for_days(institution: Any) -> None:
    play(institution)
    ctx: Any
    with as_actor(institution, "song.qing", write=False) as ctx:
        kernel = ctx.kernel
        figures = kernel.workflow.figures.of(ctx, kernel.workflow.flow(Application))
        found = select(Application).where(Application.amount == Amount.of("18000000"))
        approved = ctx.session.scalars(found).one()
        assert approved.decided_on.isoformat() == "2026-06-22"
        steps = ctx.session.scalars(select(WorkflowStep)).all()
    assert figures["risk-review"].middle > 1
    assert figures["approval"].middle > 1
    assert all(step.left_at >= step.entered_at for step in steps)
