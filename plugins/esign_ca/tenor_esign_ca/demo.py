"""Signings of the demo bank: one contract is out with its borrower, one was signed by both sides and verified."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from tenor_documents.public import Contract, issue
from tenor_esign_ca.codes import code_of
from tenor_esign_ca.confirming import Code, confirm_borrower, mail_code
from tenor_esign_ca.records import BORROWER, Signing
from tenor_esign_ca.sending import SendTo
from tenor_esign_ca.verifying import verify_signing
from tenor_esign_ca.workflow import seal, send_for_signature
from tenor_sdk import Context
from tenor_sdk.demo import Stage, demo
from tenor_sdk.workflow import transition

LEGAL: Final = ("xu.min", "han.xue")
SEALER, AUDITOR = "gao.jie", "song.qing"


@dataclass(frozen=True)
class Case:
    """A contract of the demonstration that goes out.

    Args:
        manager: who meets the borrower at the counter; empty where the borrower hasn't come yet.
    """

    borrower: str
    email: str
    manager: str = ""


CASES: Final = (
    Case("临海远洋水产有限公司", "chen.haisheng@yuanyang.example", manager="shen.bai"),
    Case("盛川重工有限公司", "zhao.tieshan@shengchuan.example"),
)


@demo()
def signings(stage: Stage) -> None:
    """Each contract as far as it has come."""
    for case in CASES:
        _send(stage, case)
        stage.run_jobs()
        if case.manager:
            _sign(stage, case)


def _send(stage: Stage, case: Case) -> None:
    for login in LEGAL:
        with stage.as_(login) as ctx:
            drafts = select(Contract).where(
                Contract.borrower == case.borrower, Contract.state == "draft"
            )
            contract = ctx.session.scalars(drafts).first()
            if contract is not None:
                transition(ctx, contract, issue)
                transition(ctx, contract, send_for_signature, SendTo(case.email))
                return


def _sign(stage: Stage, case: Case) -> None:
    with stage.as_(case.manager) as ctx:
        mail_code(ctx, _signing(ctx, case))
    stage.run_jobs()
    with stage.as_(case.manager) as ctx:  # the borrower reads it out at the counter
        signing = _signing(ctx, case)
        confirm_borrower(ctx, signing, Code(code_of(ctx, signing.signature(BORROWER))))
    stage.run_jobs()
    with stage.as_(SEALER) as ctx:
        transition(ctx, _signing(ctx, case), seal)
    stage.run_jobs()
    with stage.as_(AUDITOR) as ctx:
        verify_signing(ctx, _signing(ctx, case))


def _signing(ctx: Context, case: Case) -> Signing:
    return ctx.session.scalars(select(Signing).where(Signing.borrower == case.borrower)).one()
