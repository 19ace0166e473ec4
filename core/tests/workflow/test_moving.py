"""A petition on its way: who may move it, what stands in the way, what is on record."""

from __future__ import annotations

import pytest
from tenor_petitions.records import Petition
from tenor_petitions.services import file_petition
from tenor_petitions.workflow import Assessment, assess, submit

from tenor_sdk.errors import Conflict
from tenor_sdk.testing import Institution, as_actor
from tenor_sdk.workflow import transition

pytestmark = pytest.mark.both_databases


@pytest.fixture(scope="module")
def plugins() -> tuple[str, ...]:
    return ("petitions",)


@pytest.fixture
def filed(institution: Institution) -> int:
    with as_actor(institution, "lin.xiaowen") as ctx:
        return file_petition(ctx).id


def test_a_petition_goes_its_way(institution: Institution, filed: int) -> None:
    with as_actor(institution, "lin.xiaowen") as ctx:
        petition = ctx.session.get_one(Petition, filed)
        assert transition(ctx, petition, submit)
        assert petition.state == "review"
        with pytest.raises(Conflict) as refused:
            transition(ctx, petition, submit)
        assert refused.value.key == "not-from-this-state"
    with as_actor(institution, "zhou.qiming") as ctx:
        petition = ctx.session.get_one(Petition, filed)
        assert transition(ctx, petition, assess, Assessment(opinion="sound"))
        assert petition.state == "approval"
