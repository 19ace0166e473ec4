"""A customer with the statements of the demonstration's manufacturer, and who rates it."""

from collections.abc import Callable

import pytest

from tenor_credit.public import Judgement, confirm, propose_rating
from tenor_customers.demo_files import demo_uscc, zeyuan_workbook
from tenor_customers.imports import StatementUpload, import_statements
from tenor_customers.public import Customer, add_customer
from tenor_sdk import Rate
from tenor_sdk.files import Upload
from tenor_sdk.testing import Institution, as_actor
from tenor_sdk.workflow import transition

MANAGER, OFFICER = "lin.xiaowen", "zhou.qiming"
JUDGED = Judgement(Rate.of("0.82"), "clean-24-months", "stable", "sound")


@pytest.fixture
def zeyuan(institution: Institution) -> int:
    with as_actor(institution, MANAGER) as ctx:
        customer = add_customer(ctx, "泽远精密制造股份有限公司", demo_uscc(1))
        import_statements(ctx, customer, StatementUpload(Upload("zeyuan.xlsx", zeyuan_workbook())))
        return customer.id


@pytest.fixture
def rated(institution: Institution, zeyuan: int) -> Callable[..., int]:
    """Rate the customer, and confirm it where ``confirmed``; the rating's id."""

    def rate(login: str = OFFICER, judged: Judgement = JUDGED, *, confirmed: bool = True) -> int:
        with as_actor(institution, login) as ctx:
            rating = propose_rating(ctx, ctx.session.get_one(Customer, zeyuan), judged)
            if confirmed:
                transition(ctx, rating, confirm)
            return rating.id

    return rate
