"""Signing in and out, the language and the look of one's pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, make_response, request

from tenor.access.records import Delegation, User
from tenor.views import address
from tenor.web.security import keep_cookie
from tenor.web.shell import bare_shell, position_title
from tenor.web.visit import (
    DENSITIES,
    DENSITY_COOKIE,
    LANGUAGE_COOKIE,
    LETTERS,
    LETTERS_COOKIE,
    SESSION_COOKIE,
    THEME_COOKIE,
    THEMES,
    UNIT_COOKIE,
    UNITS,
    visit,
)
from tenor.web.web import Web, inside
from tenor_sdk.errors import Refused, TenorError
from tenor_sdk.i18n import _

if TYPE_CHECKING:
    from tenor.access import ActorData
    from tenor.context import KernelContext
    from tenor.web.show import Show

Values = dict[str, Any]
_COOKIES = {
    "theme": (THEME_COOKIE, THEMES),
    "density": (DENSITY_COOKIE, DENSITIES),
    "unit": (UNIT_COOKIE, UNITS),
}


def routes(at: Blueprint, web: Web) -> None:
    """The door."""

    @at.get("/sign-in")
    def sign_in_page() -> Response:
        if visit().actor is not None:
            return web.go(_wanted())
        return _page(web, None)

    @at.post("/sign-in")
    def sign_in() -> Response:
        login, password = request.form.get("login", ""), request.form.get("password", "")
        try:
            token = web.kernel.identity.sign_in(login, password, request.remote_addr or "")
        except Refused as error:
            return _page(web, error)
        response = web.go(_wanted())
        keep_cookie(web.kernel, response, SESSION_COOKIE, token)
        return response

    @at.post("/sign-out")
    def sign_out() -> Response:
        web.kernel.identity.sign_out(visit().token)
        response = web.go("/sign-in")
        response.delete_cookie(SESSION_COOKIE, path="/")
        response.headers["Clear-Site-Data"] = '"cache"'
        return response

    @at.post("/language")
    def language() -> Response:
        response = web.go(_back("/sign-in"))
        _keep_language(web, response, request.form.get("language", ""))
        return response

    @at.post("/me/preferences")
    def preferences() -> Response:
        return _preferences(web)

    @at.get("/me")
    def me() -> Response:
        with web.reading() as ctx:
            return web.page(ctx, "page.html", _me(web, ctx))


def _page(web: Web, error: TenorError | None) -> Response:
    fields = [
        {
            "name": "login", "label": web.say(_("Staff name")), "value": request.form.get("login", ""),
            "autocomplete": "username", "autofocus": True, "required": True, "max_length": 100,
        },
        {
            "kind": "password", "name": "password", "label": web.say(_("Password")), "value": "",
            "required": True,
        },
    ]  # fmt: skip
    settings = web.kernel.settings
    shell = bare_shell(web)
    door = {
        "institution": settings.institution,
        "action": "/sign-in",
        "hidden": [{"name": name, "value": text} for name, text in _carried()],
        "notice": _kept(web),
        "step": "password",
        "last_step": True,
        "fields": fields,
        "error": web.error(error) if error is not None else "",
        "languages": shell["languages"],
        "languages_action": "/language",
        "next": "/sign-in",
        "help": _help(web),
        "demo": _demo(web),
    }
    made = web.jinja.get_template("sign_in.html").render(sign_in=door, shell=shell)
    return make_response(made, 200 if error is None else error.status)


def _carried() -> list[tuple[str, str]]:
    """What stays in the address through a failed try."""
    kept = [("kept", "1")] if request.values.get("kept") else []
    return [("next", _wanted()), *kept]


def _kept(web: Web) -> Values | None:
    """To whom sent a form after their session had ended: that nothing is lost."""
    if not request.values.get("kept"):
        return None
    title = web.say(_("Your session has ended."))
    text = _("What you typed is kept for you, unsaved: sign in again and it stands in the form.")
    return {"title": title, "text": web.say(text)}


def _help(web: Web) -> str:
    if not web.kernel.settings.demo:
        return ""
    from tenor.base.demo import DEMO_PASSWORD

    text = _(
        "A demo institution. Sign in as lin.xiaowen, zhou.qiming, ding.ning or another of its people; "
        "the password of all is {password}.",
        password=DEMO_PASSWORD,
    )
    return web.say(text)


def _demo(web: Web) -> str:
    today = web.kernel.clock.today().isoformat()
    return web.say(_("Business date {day}", day=today)) if web.kernel.settings.demo else ""


def _wanted() -> str:
    """The page to which a person goes after signing in."""
    given = request.values.get("next", "/")
    return given if inside(given) and not given.startswith(("/sign-", "/inbox/count")) else "/"


def _back(otherwise: str) -> str:
    given = request.form.get("next", otherwise)
    return given if inside(given) else otherwise


def _keep_language(web: Web, response: Response, language: str) -> None:
    if language in web.kernel.settings.languages:
        keep_cookie(web.kernel, response, LANGUAGE_COOKIE, language, days=365)


def _preferences(web: Web) -> Response:
    language = request.form.get("language", "")
    own: Values = {"language": language} if language in web.kernel.settings.languages else {}
    if request.form.get("letters") in LETTERS:
        own["letters"] = request.form["letters"] == LETTERS[0]
    if own:
        _own(web, own)
    response = web.go(_back("/"))
    _keep_language(web, response, language)
    if "letters" in own:  # what the browser said before it was the person's own
        response.delete_cookie(LETTERS_COOKIE, path="/")
    for name, (cookie, known) in _COOKIES.items():
        if name in request.form and request.form[name] in known:
            keep_cookie(web.kernel, response, cookie, request.form[name], days=365)
    return response


def _own(web: Web, own: Values) -> None:
    """The language, and whether letters are shortcuts, are the person's own: theirs to change, whoever may change
    users."""
    with web.writing() as ctx, web.kernel.db.system(ctx.guarded) as session:
        user = session.get(User, ctx.actor.id)
        for name, value in own.items():
            if user is not None and getattr(user, name) != value:
                setattr(user, name, value)


def _me(web: Web, ctx: KernelContext) -> Values:
    show = web.show(ctx)
    actor = ctx.actor
    roles = [
        web.kernel.access.roles[key]
        for key in sorted(actor.roles)
        if key in web.kernel.access.roles
    ]
    fields = [
        {"label": show.say(_("Staff name")), "value": actor.login},
        {"label": show.say(_("E-mail")), "value": actor.email or None},
        {
            "label": show.say(_("Positions")),
            "value": show.listed(show.say(position_title(each)) for each in sorted(actor.positions))
            or None,
        },
        {
            "label": show.say(_("Roles")),
            "full": True,
            "value": show.listed(show.say(role.title, role.plugin) for role in roles) or None,
        },
    ]
    fields += [_stands_in(show, giver) for giver in actor.stands_in]
    head = {
        "title": actor.name,
        "sub": show.say(_("My account")),
        "actions": [{"label": show.say(_("Notices and quiet hours")), "href": "/me/notices"}],
    }
    panel = {
        "kind": "fields",
        "title": show.say(_("Who I am here")),
        "columns": 2,
        "fields": fields,
    }
    return {"title": actor.name, "head": head, "main": [panel]}


def _stands_in(show: Show, giver: ActorData) -> Values:
    """One in whose place somebody acts: by which positions, until when."""
    assert giver.lent is not None  # those for whom one stands in have delegated
    positions = show.listed(show.say(position_title(each)) for each in sorted(giver.positions))
    return {
        "label": show.say(_("Stands in for {name}", name=giver.name)),
        "value": {
            "kind": "link",
            "text": show.say(
                _("{positions}, until {day}", positions=positions, day=giver.lent.until.isoformat())
            ),
            "href": address(Delegation, giver.lent.delegation_id),
        },
    }
