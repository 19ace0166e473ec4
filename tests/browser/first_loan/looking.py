"""The auditor reads the whole course; the administrator switches a plugin off and on."""

from __future__ import annotations

from tests.browser.office import Office
from tests.journeys.bank import wait_until

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


def switch_a_plugin_off(office: Office) -> None:
    """What goes is said before; what needs it says what is missing; all else works."""
    say, ding = office.say, office.desk("ding.ning")
    _open_plan(office, say("Disable…"))
    office.picture(ding, "disable-a-plugin")
    ding.press(say("Disable"))
    _wait_for(office, say("disabled"))
    office.picture(ding, "plugins")


def switch_it_on_again(office: Office) -> None:
    """Nothing was lost."""
    say, ding = office.say, office.desk("ding.ning")
    _open_plan(office, say("Enable…"))
    ding.press(say("Enable"))
    _wait_for(office, say("running"))


def _open_plan(office: Office, label: str) -> None:
    ding = office.desk("ding.ning")
    ding.open("/plugins")
    _row(office).get_by_text(label).click()


def _wait_for(office: Office, state: str) -> None:
    """The server is replaced by one with the other plugins, while the old one still answers."""
    office.console.expect("503")
    ding = office.desk("ding.ning")

    def there() -> bool:
        ding.page.goto(f"{office.house.url}/plugins")
        return _row(office).get_by_text(state, exact=True).count() > 0

    wait_until(there)


def _row(office: Office):
    main = office.desk("ding.ning").main
    return main.locator("tr", has=office.desk("ding.ning").page.get_by_text(PLUGIN, exact=True))
