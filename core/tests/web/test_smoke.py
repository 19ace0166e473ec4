import pytest

from tenor_errands.public import add_errand
from tenor_sdk.testing import as_actor

PAGES = [
    "/",
    "/inbox",
    "/search?q=ERR",
    "/errands/errand",
    "/errands/errand/1",
    "/errands/errand/new",
    "/errands/errand/1/edit",
    "/errands/errand/1/why",
    "/errands/errand/1/transitions/start",
    "/errands/errand/1/transitions/drop",
    "/me",
    "/errands/errand?sort=subject&q=x&state=to-do",
    "/errands/errand/suggest?q=a",
    "/errands/errand/export?format=csv",
    "/base/unit",
    "/base/unit/1",
    "/base/user/1",
]


@pytest.mark.parametrize("path", PAGES)
def test_page(path, institution, person):
    with as_actor(institution, "lin.xiaowen") as ctx:
        add_errand(ctx, "fetch")
    print(person("lin.xiaowen").get(path)[:1500])


@pytest.mark.parametrize(
    "path",
    [
        "/plugins",
        "/audit",
        "/jobs",
        "/settings/errands",
        "/base/user",
        "/base/user/new",
        "/base/user/1/edit",
        "/plugins/visits/disable",
        "/base/user-position",
        "/base/calendar-day",
    ],
)
def test_admin(path, institution, person):
    person("song.qing" if path == "/audit" else "ding.ning").get(path)
