"""A page of customers is found where it stands in order, however many there are: nothing is sorted to find it."""

from __future__ import annotations

from typing import Any

import pytest

from tenor.kernel import Kernel
from tenor.records import PageQuery
from tenor_customers.public import Customer
from tenor_sdk.testing import as_actor
from tenor_test_support.statements import asking


@pytest.mark.parametrize(
    ("login", "index"),
    [("lin.xiaowen", "owner_id_name_id"), ("song.qing", "name_id")],
    ids=["of one's own", "of all"],
)
def test_a_page_is_read_along_an_index(institution: Kernel, login: str, index: str) -> None:
    ctx: Any
    with asking(institution.db.reader) as asked, as_actor(institution, login, write=False) as ctx:
        view = institution.views.list_view(Customer)
        institution.records.page(ctx, view, PageQuery(sort="name", count=False))
    (page,) = (each for each in asked if "ORDER BY customers_customer.name" in each)
    with institution.db.raw(write=False) as connection:
        wanted = (1,) * page.count("?")
        steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {page}", wanted).all()
    lists = [number for number, *_, step in steps if step.startswith("LIST SUBQUERY")]
    # what would be sorted to find them is a step of its own
    found = [[step for _number, parent, _, step in steps if parent == each] for each in lists]
    along = f"USING COVERING INDEX ix_customers_customer_{index}"
    assert any(len(each) == 1 and along in each[0] for each in found), found
