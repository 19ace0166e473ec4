"""A third party's plugin leaves an institution of wheels, comes back, and is destroyed; whoever stays works on."""

from __future__ import annotations

from typing import Any

from tests.journeys.bank import wait_until
from tests.journeys.steps import CUSTOMER, MANAGER, at
from tests.third_party.institutions import House

CHECK = "/site_checks/site-check"


def test_a_stranger_leaves_comes_back_and_is_destroyed(leaving: House) -> None:
    leaving.install("site_checks")
    leaving.plugin("enable", "site_checks", "--grant", "all")
    leaving.serve()
    customer = checked(leaving)
    disabled(leaving, customer)
    with leaving.replacing("remove"):
        said = leaving.plugin("remove", "site_checks")
    assert "exported to" in said
    restored(leaving, customer)
    with leaving.replacing("disable"):
        leaving.plugin("disable", "site_checks")
    destroyed(leaving, customer)


def checked(leaving: House) -> Any:
    """A customer with a check that is counted."""
    customer, manager = leaving.cast.customer(), leaving.cast[MANAGER]
    manager.post(f"{at(CUSTOMER, customer)}/actions/check-on-site", {"verdict": "deserted"})
    wait_until(lambda: leaving.counted() == 1, "no job counts the check")
    return customer


def disabled(leaving: House, customer: Any) -> None:
    """Its host stays as long as it is there; without it the host goes on, and its rows stay."""
    refused = leaving.plugin("plan", "origination", "--disable", expect=1)
    assert "site_checks" in refused
    with leaving.replacing("disable"):
        leaving.plugin("disable", "site_checks")
    assert leaving.counted() is None
    assert leaving.cast[MANAGER].refused("GET", CHECK).status == 404
    plan = leaving.plugin("plan", "site_checks", "--remove")
    assert "site_checks_site_check, with 1 rows" in plan


def restored(leaving: House, customer: Any) -> None:
    """What was removed is there again, whether the package was gone meanwhile or not."""
    leaving.where.uninstall("tenor-site-checks")
    leaving.install("site_checks")
    with leaving.replacing("restore"):
        leaving.plugin("restore", "site_checks")
    with leaving.replacing("enable"):
        leaving.plugin("enable", "site_checks")
    (check,) = leaving.cast[MANAGER].get(CHECK)["items"]
    assert check["verdict"] == "deserted"
    assert leaving.counted() == 1


def destroyed(leaving: House, customer: Any) -> None:
    """Its data and its export are gone; the ledger still says what was, and is whole."""
    leaving.plugin("purge", "site_checks", given="site_checks\n")
    assert not list((leaving.folder / "removed").glob("*site_checks*"))
    assert leaving.cast[MANAGER].get(at(CUSTOMER, customer))["name"] == customer["name"]
    leaving.command("audit", "verify")
