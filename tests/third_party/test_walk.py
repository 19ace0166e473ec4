"""A third party's plugin in an institution of wheels: planned, enabled, used, upgraded while a case is in flight."""

from __future__ import annotations

from typing import Any

from tests.journeys.bank import wait_until
from tests.journeys.steps import APPLICATION, CUSTOMER, MANAGER, OPERATIONS, at
from tests.security.browsing import signed_in
from tests.third_party.institutions import House
from tests.third_party.wheels import ROOT

CHECK = "/site_checks/site-check"


def test_nothing_of_the_source_tree_can_be_imported(embedded: House) -> None:
    told = embedded.where.run(
        "-c", "import sys, tenor, tenor_sdk, tenor_origination as o\n"
        "print(*sys.path, tenor.__file__, tenor_sdk.__file__, o.__file__, sep='\\n')"
    )  # fmt: skip
    places = told.splitlines()
    assert not [place for place in places if place.startswith(str(ROOT))]
    assert all(place.startswith(str(embedded.where.folder)) for place in places[-3:])


def test_a_stranger_is_enabled_used_and_upgraded(lender: House) -> None:
    lender.install("site_checks", before=True)
    assert "enabled" not in lender.states()["site_checks"]
    planned(lender)
    lender.serve()
    with lender.replacing("enable"):
        lender.plugin("enable", "site_checks", "--grant", "all")
    application = held_up(lender)
    checked(lender, application, 1, sound=True)
    assert signed_in(lender.url, MANAGER).get("/site_checks/findings") == '{"sound":1}\n'
    application = lender.cast[OPERATIONS].go(at(APPLICATION, application), "complete")
    assert application["state"] == "on-site"
    upgraded(lender)
    (check,) = lender.cast[MANAGER].get(CHECK)["items"]
    assert check["verdict"] == "sound"
    application = lender.cast[OPERATIONS].go(at(APPLICATION, application), "seen")
    assert application["state"] == "completed"
    checked(lender, application, 2, verdict="doubtful")
    assert lender.states()["site_checks"].split()[-2:] == ["2.0", "enabled"]
    lender.command("audit", "verify")


def planned(lender: House) -> None:
    """What the plan of enabling it says."""
    plan = lender.plugin("plan", "site_checks")
    for words in (
        "enable site_checks",
        "Site checker",
        "leads steps of origination.application elsewhere: complete",
        "site_checks 0001: Make the tables",
    ):
        assert words in plan


def held_up(lender: House) -> Any:
    """An application whose customer nobody has seen, and what the stranger says of it."""
    cast = lender.cast
    application = cast.approved()
    for condition in cast.conditions(application):
        cast.meet(condition)
    path = f"{at(APPLICATION, application)}/transitions/complete"
    assert cast[OPERATIONS].refused("POST", path).problem == (422, "blocked")
    return application


def checked(lender: House, application: Any, times: int, **found: Any) -> None:
    """The customer is checked; a job counts it, in a column of the customers' own list."""
    path = f"{CUSTOMER}/{application['customer_id']}/actions/check-on-site"
    assert "入档" in lender.cast[MANAGER].post(path, found)["told"]
    wait_until(lambda: lender.counted() == times, "no job counts the check")


def upgraded(lender: House) -> None:
    """The second version takes the place of the first, its table with what stands in it."""
    lender.install("site_checks")
    plan = lender.plugin("plan", "--upgrade")
    assert "site_checks 0002: Say a verdict where there was a yes or no" in plan
    with lender.replacing("upgrade"):
        lender.plugin("upgrade")
