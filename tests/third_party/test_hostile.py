"""Plugins that do harm, in an institution of wheels: each is named with cause and remedy, and the others go on."""

from __future__ import annotations

from typing import Any

from tests.journeys.steps import ADMINISTRATOR, APPLICATION, APPROVERS, MANAGER, at
from tests.security.browsing import Browser, signed_in
from tests.third_party.hostile import hostile
from tests.third_party.institutions import House

#: puts plugins on record as enabled, in the institution's own environment
_ENABLED = """
import os, sys
from tenor.boot import boot
from tenor.loader.lifecycle import record_state
from tenor.settings import KernelSettings

kernel = boot(KernelSettings.load(environ=os.environ))
with kernel.context(kernel.access.system_actor(), write=True) as ctx:
    record_state(kernel, ctx, enable=sys.argv[1:])
"""
REMEDY = "tenor plugin disable {name}"


def turned(house: House, *names: str) -> None:
    """Plugins that were enabled while they did nothing, and whose next version does harm."""
    into = house.folders / "hostile"
    house.where.install(*[hostile(name, into, harmless=True) for name in names])
    house.where.run("-c", _ENABLED, *names, environment=house.environment)
    house.where.install(*[hostile(name, into) for name in names])


def ready(house: House) -> tuple[str, dict[str, Any]]:
    """What watches over the site is told: the state, and each plugin that doesn't run."""
    told = Browser(house.url).ask("GET", "/readyz").json
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
    assert status == "safe-mode"
    assert failed["vital"]["remedy"].endswith(REMEDY.format(name="vital"))
    assert REMEDY.format(name="vital") in signed_in(embedded.url, ADMINISTRATOR).get("/plugins")
    assert embedded.cast[MANAGER].ask("GET", "/tasks").problem == (503, "safe-mode")
    with embedded.replacing("disable"):
        embedded.plugin("disable", "vital")
    assert embedded.cast.customer()["id"]


def test_who_raises_in_all_that_it_is_asked_holds_up_nobody_but_at_its_own_guard(
    embedded: House,
) -> None:
    turned(embedded, "raiser")
    embedded.serve()
    assert ready(embedded) == ("ok", {})
    application = embedded.cast.recommended()
    path = f"{at(APPLICATION, application)}/transitions/approve"
    (blocker,) = (
        embedded.cast[APPROVERS[0]].refused("POST", path, {"text": "同意"}).json["blockers"]
    )
    assert blocker["why"] == "raiser.never"
    assert signed_in(embedded.url, MANAGER).get("/")
    jobs = embedded.command("jobs", "list")
    for words in ("raiser.work", "RuntimeError: tired", "RuntimeError: heard enough"):
        assert words in jobs


def test_a_package_that_vanished_harms_nobody(embedded: House) -> None:
    turned(embedded, "raiser")
    embedded.where.uninstall("tenor-raiser")
    embedded.serve()
    status, failed = ready(embedded)
    assert status == "without-plugins"
    assert failed["raiser"]["remedy"] == "Install it: pip install tenor-raiser"
    assert "failed: It is enabled, but not installed." in embedded.states()["raiser"]
    assert embedded.cast.customer()["id"]
