"""With loans enabled a contract carries the repayment plan as its annex."""

from typing import Any

import pytest

from plugins.documents.tests.cases import Cast
from tenor_documents.public import Contract
from tenor_sdk.files import read_file


@pytest.fixture(scope="module")
def plugins() -> tuple[str, ...]:
    return ("documents", "loans")


@pytest.fixture
def cast(institution: Any) -> Cast:
    return Cast(institution)


def test_the_annex_is_the_schedule_by_which_the_loan_will_be_booked(
    cast: Cast, text_of: Any
) -> None:
    # 8,000,000 at 4.35 % over 36 months, level payment: 237,439.47, the last one 237,439.58; with interest 8,547,821.03
    made = cast.draft(cast.approved("8000000"))
    with cast.act("song.qing") as ctx:
        contract = ctx.session.get(Contract, made)
        text = text_of(read_file(ctx, contract.file_id)[1])
    assert "分36期归还" in text
    annex = text[text.index("单位：人民币元") :]
    assert (annex.count("237,439.47"), annex.count("237,439.58")) == (35, 1)
    assert "2026-07-30" in annex
    assert ("8,000,000.00" in annex, "8,547,821.03" in annex) == (True, True)
