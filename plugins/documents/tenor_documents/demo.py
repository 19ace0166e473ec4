"""The contracts of the demo bank: each approved application has its draft, made by the legal department."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import select

from tenor_documents.generating import generate_contract
from tenor_documents.guards import AWAITING
from tenor_documents.settings import DocumentsSettings
from tenor_origination.public import Application
from tenor_sdk.demo import Stage, demo
from tenor_sdk.settings import change_setting

#: the bank as a party to its contracts
LENDER: Final[Mapping[str, str]] = {
    "lender_name": "海岳商业银行股份有限公司",
    "lender_credit_code": "91530100MA6K7EXA1P",
    "lender_address": "云州市滨江大道88号海岳金融中心",
    "lender_representative": "顾岩",
}
LEGAL: Final = ("xu.min", "han.xue")


@demo()
def contracts(stage: Stage) -> None:
    """Who the bank is, and a draft for each application that awaits its contract."""
    with stage.as_("ding.ning") as ctx:
        for name, value in LENDER.items():
            change_setting(ctx, DocumentsSettings, name, value)
    for login in LEGAL:
        with stage.as_(login) as ctx:
            awaiting = select(Application).where(Application.state == AWAITING)
            for application in ctx.session.scalars(awaiting.order_by(Application.id)).all():
                generate_contract(ctx, application)
