"""A third party's plugin leaves an institution of wheels, comes back, and is destroyed; whoever stays works on."""

from __future__ import annotations

from typing import Any

from tests.journeys.bank import wait_until
from tests.journeys.steps import CUSTOMER, MANAGER, at
from tests.third_party.institutions import House

CHECK = "/site_checks/site-check"


def test_a_stranger_leaves_comes_back_and_is_destroyed(lender: House) -> None:
    lender.install("site_checks")
    lender.plugin("enable", "site_checks", "--grant", "all")
    lender.serve()
    customer = checked(lender)
    disabled(lender, customer)
    said = lender.plugin("remove", "site_checks")
    assert "exported to" in said
    restored(lender, customer)
    with lender.replacing("disable"):
        lender.plugin("disable", "site_checks")
    destroyed(lender, customer)


def checked(lender: House) -> Any:
    """A customer with a check that is counted."""
    customer, manager = lender.cast.customer(), lender.cast[MANAGER]
    manager.post(f"{at(CUSTOMER, customer)}/actions/check-on-site", {"verdict": "deserted"})
    wait_until(lambda: lender.counted() == 1, "no job counts the check")
    return customer


def disabled(lender: House, customer: Any) -> None:
    """Its host stays as long as it is there; without it the host goes on, and its rows stay."""
    refused = lender.plugin("plan", "origination", "--disable", expect=1)
    assert "site_checks" in refused
    with lender.replacing("disable"):
        lender.plugin("disable", "site_checks")
    assert lender.counted() is None
    assert lender.cast[MANAGER].refused("GET", CHECK).status == 404
    plan = lender.plugin("plan", "site_checks", "--remove")
    assert "site_checks_site_check, with 1 rows" in plan


def restored(lender: House, customer: Any) -> None:
    """What was removed is there again, whether the package was gone meanwhile or not."""
    lender.where.uninstall("tenor-site-checks")
    lender.install("site_checks")
    lender.plugin("restore", "site_checks")
    with lender.replacing("enable"):
        lender.plugin("enable", "site_checks")
    (check,) = lender.cast[MANAGER].get(CHECK)["items"]
    assert check["verdict"] == "deserted"
    assert lender.counted() == 1


def destroyed(lender: House, customer: Any) -> None:
    """Its data and its export are gone; the ledger still says what was, and is whole."""
    lender.plugin("purge", "site_checks", given="site_checks\n")
    assert not list((lender.folder / "removed").glob("*site_checks*"))
    assert lender.cast[MANAGER].get(at(CUSTOMER, customer))["name"] == customer["name"]
    lender.command("audit", "verify")
