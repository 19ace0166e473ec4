"""What a request brings along: who asks, in which language, how they like their pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from flask import Request, g

if TYPE_CHECKING:
    from tenor.access import ActorData
    from tenor.kernel import Kernel

SESSION_COOKIE: Final = "tenor_session"
VISITOR_COOKIE: Final = "tenor_visitor"
LANGUAGE_COOKIE: Final = "tenor_language"
THEME_COOKIE: Final = "tenor_theme"
DENSITY_COOKIE: Final = "tenor_density"
UNIT_COOKIE: Final = "tenor_unit"
LETTERS_COOKIE: Final = "tenor_letters"
THEMES: Final = ("", "light", "dark")
DENSITIES: Final = ("", "comfortable")
UNITS: Final = ("one", "ten-thousand")
#: whether single letters are shortcuts
LETTERS: Final = ("on", "off")


@dataclass
class Visit:
    """One request.

    Args:
        request_id: in the log, the ledger and on error pages.
        language: of every word of the answer.
        actor: who is signed in; None where nobody is.
        token: of the browser's session, empty where nobody is signed in.
        visitor: of a browser that isn't signed in, so that its forms have a token of their own.
        unit: ``one`` or ``ten-thousand``: in which amounts are shown.
        letters: ``on`` or ``off``: whether a single letter is a shortcut; who speaks to their computer wants none.
    """

    request_id: str
    language: str
    actor: ActorData | None = None
    token: str = ""
    visitor: str = ""
    theme: str = ""
    density: str = ""
    unit: str = "one"
    letters: str = "on"
    #: how the forms of the page that is made are told whose they are; as they are until there is a page
    dressed: Callable[[dict[str, Any]], dict[str, Any]] = field(default=dict)

    @property
    def ten_thousands(self) -> bool:
        return self.unit == "ten-thousand"


def visit() -> Visit:
    """The request that is being answered."""
    found: Visit = g.visit
    return found


def arrive(kernel: Kernel, request: Request, request_id: str) -> Visit:
    """Read what a request brings along, without asking who sent it."""
    cookies = request.cookies
    return Visit(
        request_id=request_id,
        language=guessed_language(kernel, request),
        token=cookies.get(SESSION_COOKIE, ""),
        visitor=cookies.get(VISITOR_COOKIE, ""),
        theme=_one_of(cookies.get(THEME_COOKIE, ""), THEMES),
        density=_one_of(cookies.get(DENSITY_COOKIE, ""), DENSITIES),
        unit=_one_of(cookies.get(UNIT_COOKIE, ""), UNITS),
        letters=_one_of(cookies.get(LETTERS_COOKIE, ""), LETTERS),
    )


def recognise(kernel: Kernel, found: Visit) -> None:
    """Look up who is signed in; from then on the answer is in their language."""
    if not found.token:
        return
    found.actor = kernel.identity.actor_of_session(found.token)
    if found.actor is not None and found.actor.language in kernel.settings.languages:
        found.language = found.actor.language
    if found.actor is not None and found.actor.letters is not None:
        found.letters = LETTERS[0] if found.actor.letters else LETTERS[1]


def guessed_language(kernel: Kernel, request: Request) -> str:
    """Before signing in: what was chosen on the sign-in page, else what the browser prefers."""
    languages = list(kernel.settings.languages)
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    if chosen in languages:
        return chosen
    return request.accept_languages.best_match(languages) or languages[0]


def _one_of(given: str, known: tuple[str, ...]) -> str:
    return given if given in known else known[0]
