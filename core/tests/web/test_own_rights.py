"""What an administrator may do is another administrator's to settle: by page, API and file alike."""

from __future__ import annotations

from typing import Any

import pytest

from core.tests.web.test_api import Programs, program
from core.tests.workflow.standing_in import give
from tenor.access.records import Unit, User, UserPosition, UserRole
from tenor.kernel import Kernel
from tenor.loader.stage import actor_of
from tenor_sdk.errors import Forbidden
from tenor_sdk.testing import as_actor, make_user

__all__ = ["program"]
pytestmark = pytest.mark.both_databases
ROLE = "vault.appraiser"


@pytest.fixture
def ding(institution: Kernel) -> int:
    """An administrator; Bai Lu is the other one."""
    return actor_of(institution, "ding.ning").id


def test_over_the_api_they_give_themselves_no_role_and_no_position(
    program: Programs, ding: int
) -> None:
    ask = program("ding.ning")
    role = ask("POST", "/base/user-role", {"user_id": ding, "role": ROLE})
    assert (role.status_code, role.json["key"]) == (403, "own-rights")
    held = {"user_id": ding, "position": "relationship-manager", "unit_id": 1}
    position = ask("POST", "/base/user-position", held)
    assert (position.status_code, position.json["key"]) == (403, "own-rights")
    assert ask("GET", "/vault/box").status_code == 404


def test_on_its_page_they_are_told_why(person: Any, ding: int) -> None:
    page = person("ding.ning")
    new = "/base/user-role/new"
    given = {**page.form(new), "user_id": str(ding), "role": ROLE}
    assert "不能由本人" in page.send(new, given, 403).text


def test_nor_by_a_file(institution: Kernel, ding: int) -> None:
    rows = [{"user_id": ding, "role": ROLE}]
    ctx: Any
    with pytest.raises(Forbidden, match="own-rights"), as_actor(institution, "ding.ning") as ctx:
        institution.access.bulk.create(ctx, UserRole, rows)


def test_nor_by_handing_on_what_is_anothers(institution: Kernel, ding: int) -> None:
    lin = actor_of(institution, "lin.xiaowen").id
    ctx: Any
    with as_actor(institution, "ding.ning") as ctx:
        ctx.session.add(UserRole(user_id=lin, role=ROLE))
    with pytest.raises(Forbidden, match="own-rights"), as_actor(institution, "ding.ning") as ctx:
        ctx.session.query(UserRole).one().user_id = ding


def test_a_colleague_gives_it_to_them(program: Programs, ding: int) -> None:
    given = {"user_id": ding, "role": ROLE}
    assert program("bai.lu")("POST", "/base/user-role", given).status_code == 201


def test_nor_do_they_in_the_colleagues_place_give_it_to_either(
    institution: Kernel, ding: int
) -> None:
    bai = actor_of(institution, "bai.lu").id
    make_user(institution, "tai.shi")
    give(institution, "bai.lu", "tai.shi")
    for whom in (bai, actor_of(institution, "tai.shi").id):
        with pytest.raises(Forbidden, match="own-rights"), as_actor(institution, "tai.shi") as ctx:
            ctx.session.add(UserRole(user_id=whom, role=ROLE))


def test_what_holds_them_back_isnt_theirs_to_take_away(institution: Kernel, ding: int) -> None:
    """A restriction may hold for those who hold a position."""
    ctx: Any
    with pytest.raises(Forbidden, match="own-rights"), as_actor(institution, "ding.ning") as ctx:
        ctx.session.delete(ctx.session.query(UserPosition).filter_by(user_id=ding).first())


def test_they_move_themselves_into_no_other_unit(institution: Kernel, ding: int) -> None:
    ctx: Any
    with pytest.raises(Forbidden, match="own-rights"), as_actor(institution, "ding.ning") as ctx:
        me = ctx.session.get(User, ding)
        me.unit_id = ctx.session.query(Unit).filter(Unit.id != me.unit_id).first().id
    with as_actor(institution, "ding.ning") as ctx:
        ctx.session.get(User, ding).email = "ding@example.org"


@pytest.mark.parametrize("field", ["active", "archived"])
def test_they_take_their_own_account_out_of_use_no_more_than_into_it(
    program: Programs, ding: int, field: str
) -> None:
    ask, path = program("ding.ning"), f"/base/user/{ding}"
    version = ask("GET", path).json["version"]
    if field == "active":
        refused = ask("PATCH", path, {"active": False}, If_Match=f'"{version}"')
    else:
        refused = ask("POST", f"{path}/archive", {}, If_Match=f'"{version}"')
    assert (refused.status_code, refused.json["key"]) == (403, "own-rights")
    assert ask("GET", path).json[field] is (field == "active")


def test_by_which_name_they_sign_in_is_theirs_to_change(program: Programs, ding: int) -> None:
    ask, path = program("ding.ning"), f"/base/user/{ding}"
    version = ask("GET", path).json["version"]
    changed = ask("PATCH", path, {"login": "ding.n"}, If_Match=f'"{version}"')
    assert changed.json["login"] == "ding.n"
