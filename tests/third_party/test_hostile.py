"""Plugins that do harm, in an institution of wheels: each is named with cause and remedy, and the institution goes on."""

from __future__ import annotations

import json
from typing import Any
from urllib.request import urlopen

import pytest

from tests.journeys.steps import ADMINISTRATOR, APPLICATION, CUSTOMER, MANAGER, OPERATIONS, at
from tests.security.browsing import signed_in
from tests.third_party.hostile import hostile
from tests.third_party.institutions import House

REMEDY = "tenor plugin disable {name}"


def turned(house: House, *names: str) -> None:
    """Plugins that were enabled while they did nothing, and whose next version does harm."""
    into = house.folders / "hostile"
    house.where.install(*[hostile(name, into, harmless=True) for name in names])
    for name in names:
        house.plugin("enable", name, "--grant", "all")
    house.where.install(*[hostile(name, into) for name in names])


def ready(house: House) -> tuple[str, dict[str, Any]]:
    """What watches over the site is told: the state, and each plugin that doesn't run."""
    with urlopen(f"{house.url}/readyz") as answer:
        told = json.load(answer)
    return told["status"], {each["plugin"]: each for each in told.get("plugins", ())}


def test_who_ends_the_process_and_who_cannot_be_mapped_are_left_out_and_named(
    embedded: House,
) -> None:
    turned(embedded, "leaver", "torn")
    embedded.serve()
    status, failed = ready(embedded)
    assert (status, {*failed}) == ("without-plugins", {"leaver", "torn"})
    assert "sys.exit(3)" in failed["leaver"]["cause"]
    assert failed["torn"]["stage"] == "mapping"
    assert "Nothing" in failed["torn"]["cause"]
    page = signed_in(embedded.url, ADMINISTRATOR).get("/plugins")
    listed = embedded.plugin("list")
    doctor = embedded.command("doctor", expect=1)
    log = (embedded.folder / "serve.log").read_text("utf-8")
    for name in ("leaver", "torn"):
        remedy = REMEDY.format(name=name)
        assert failed[name]["remedy"].endswith(remedy)
        assert remedy in page
        assert f"{name}" in listed
        assert remedy in doctor
        assert name in log
    assert embedded.cast.customer()["id"]


def test_a_plugin_that_the_institution_cannot_do_without_puts_it_into_safe_mode(
    embedded: House,
) -> None:
    turned(embedded, "vital")
    embedded.serve()
    status, failed = ready(embedded)
    print(status, failed)
    assert signed_in(embedded.url, ADMINISTRATOR).get("/plugins")
    assert embedded.cast[MANAGER].ask("GET", CUSTOMER).status == 503
    with embedded.replacing("disable"):
        embedded.plugin("disable", "vital")
    assert embedded.cast.customer()["id"]


def test_who_raises_in_all_that_it_is_asked_holds_up_nobody_but_at_its_own_guard(
    embedded: House,
) -> None:
    turned(embedded, "raiser")
    embedded.serve()
    assert ready(embedded)[1] == {}
    cast = embedded.cast
    application = cast.approved()
    for condition in cast.conditions(application):
        cast.meet(condition)
    path = f"{at(APPLICATION, application)}/transitions/complete"
    said = cast[OPERATIONS].refused("POST", path)
    print(said.status, said.text)
    signed_in(embedded.url, ADMINISTRATOR).get("/")
    print(embedded.plugin("list"))
    print(embedded.command("jobs", "list"))
    with embedded.replacing("disable"):
        embedded.plugin("disable", "raiser")
    assert cast[OPERATIONS].go(at(APPLICATION, application), "complete")["state"] == "completed"


@pytest.mark.parametrize("tidy", [True, False])
def test_a_package_that_vanished_harms_nobody(embedded: House, tidy: bool) -> None:
    embedded.install("site_checks")
    embedded.plugin("enable", "site_checks")
    if tidy:
        embedded.where.uninstall("tenor-site-checks")
    embedded.serve()
    print(ready(embedded))
    print(embedded.plugin("list"))
    assert embedded.cast.customer()["id"]
