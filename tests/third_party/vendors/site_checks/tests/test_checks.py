"""A check is put on file and counted, in the unit of whoever looks after the customer."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from tenor_site_checks.public import Found, SiteCheck, Verdict, file_check
from tenor_site_checks.records import CustomerCheck

from tenor_customers.public import Customer, add_customer
from tenor_sdk import Context, Forbidden
from tenor_sdk.testing import Institution, as_actor, run_jobs

pytestmark = pytest.mark.both_databases
CODE = "91530100MA6K7EXB2H"


def the_customer(ctx: Context) -> Customer:
    return ctx.session.scalars(select(Customer).where(Customer.credit_code == CODE)).one()


@pytest.fixture(autouse=True)
def customer(institution: Institution) -> None:
    with as_actor(institution, "lin.xiaowen") as ctx:
        add_customer(ctx, "泽远精密制造股份有限公司", CODE)


def test_what_was_found_is_counted(institution: Institution) -> None:
    with as_actor(institution, "lin.xiaowen") as ctx:
        check = file_check(ctx, the_customer(ctx), Found(Verdict.SOUND, "设备齐全"))
        day = check.checked_on
    run_jobs(institution)
    with as_actor(institution, "lin.xiaowen", write=False) as ctx:
        kept = ctx.session.get_one(CustomerCheck, the_customer(ctx).id)
        assert (kept.checks, kept.last_checked_on) == (1, day)


def test_the_jobs_own_count_is_the_same_however_often_it_runs(institution: Institution) -> None:
    for verdict in (Verdict.DOUBTFUL, Verdict.DESERTED):
        with as_actor(institution, "lin.xiaowen") as ctx:
            file_check(ctx, the_customer(ctx), Found(verdict, ""))
    run_jobs(institution)
    run_jobs(institution)
    with as_actor(institution, "lin.xiaowen", write=False) as ctx:
        assert ctx.session.get_one(CustomerCheck, the_customer(ctx).id).checks == 2


def test_who_checks_no_sites_puts_nothing_on_file(institution: Institution) -> None:
    with pytest.raises(Forbidden), as_actor(institution, "zhou.qiming") as ctx:
        file_check(ctx, the_customer(ctx), Found(Verdict.SOUND, ""))


def test_another_branch_sees_no_check(institution: Institution) -> None:
    with as_actor(institution, "lin.xiaowen") as ctx:
        file_check(ctx, the_customer(ctx), Found(Verdict.SOUND, ""))
    with as_actor(institution, "shen.bai", write=False) as ctx:
        assert ctx.session.scalars(select(SiteCheck)).all() == []
