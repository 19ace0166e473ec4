"""The auditor reads the whole course; the administrator switches a plugin off and on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.journeys.bank import wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from tests.browser.office import Office

ACTED = ("林晓雯", "周启明", "梁衡", "顾岩", "高洁", "蒋楠")
PLUGIN = "esign_ca"


def audit(office: Office) -> None:
    """Who did what, when, from what to what; and that the seals are whole."""
    say, song = office.say, office.desk("song.qing")
    song.open(office.notes["application"])
    song.sees(*ACTED[-2:])
    song.app(say("Admin"))
    song.menu(say("Audit"))
    song.choose(say("Record"), say("Applications", "origination"))
    song.fill(say("Record id"), office.notes["application"].rpartition("/")[2])
    song.press(say("Search"))
    song.sees("20,000,000.00", *ACTED)
    office.picture(song, "audit")
    assert "entries sealed" in office.house.command("audit", "seal")
    assert "The ledger is whole" in office.house.command("audit", "verify")
    song.press(say("Verify"))
    song.sees(say("Verified."))
    office.picture(song, "verified")


def switch_signatures_off(office: Office) -> None:
    """What goes is said before; the contract's page says what is missing, and all else works."""
    say, ding, xu = office.say, office.desk("ding.ning"), office.desk("xu.min")
    _open_plan(office, say("Disable…"))
    office.picture(ding, "disable-a-plugin")
    ding.press(say("Disable"))
    _wait_for(office, say("disabled"))
    office.picture(ding, "plugins")
    _wait_for_contract(office, blocked=True)
    office.picture(xu, "signatures-are-off")


def switch_signatures_on_again(office: Office) -> None:
    """Nothing was lost."""
    say, ding = office.say, office.desk("ding.ning")
    _open_plan(office, say("Enable…"))
    ding.press(say("Enable"))
    _wait_for(office, say("running"))
    _wait_for_contract(office, blocked=False)


def _open_plan(office: Office, label: str) -> None:
    ding = office.desk("ding.ning")
    ding.open("/plugins")
    ding.hands.press(_row(office).get_by_role("link", name=label))


def _wait_for(office: Office, state: str) -> None:
    """The server is replaced by one with the other plugins, while the old one still answers."""
    office.console.expect("503")
    ding = office.desk("ding.ning")

    def there() -> bool:
        ding.page.goto(f"{office.house.url}/plugins")
        return _row(office).get_by_text(state, exact=True).count() > 0

    wait_until(there)


def _wait_for_contract(office: Office, *, blocked: bool) -> None:
    """A browser may have a connection to the old process yet, for one last answer."""
    xu, off = (
        office.desk("xu.min"),
        office.say("Needs the plugin {plugin}, which is off", plugin=PLUGIN),
    )

    def so() -> bool:
        xu.page.goto(office.house.url + office.notes["contract"])
        return (xu.main.get_by_text(off).count() > 0) is blocked

    wait_until(so)


def _row(office: Office) -> Locator:
    ding = office.desk("ding.ning")
    return ding.main.locator("tr", has=ding.page.get_by_text(PLUGIN, exact=True))
