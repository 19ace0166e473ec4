"""Yuanda keeps the promises of the family, and of every plugin."""

from tenor_yuanda.adviser import Yuanda

from tenor_npl_disposal.public import WayOut
from tenor_npl_disposal.testing import AT, SECURED, UNSECURED, AdviserContract, asked
from tenor_sdk.testing import Institution, PluginContract, as_actor


class TestYuandasPromises(PluginContract):
    plugin = "yuanda"


class TestYuanda(AdviserContract):
    driver = Yuanda


def test_what_is_secured_goes_to_court_and_what_is_old_is_sold(institution: Institution) -> None:
    with as_actor(institution, "tang.lan", write=False) as ctx:
        adviser = Yuanda(ctx)
        ways = [adviser.advise(asked(loan), at=AT).way for loan in (SECURED, UNSECURED)]
    assert ways == [WayOut.LITIGATE, WayOut.TRANSFER]
