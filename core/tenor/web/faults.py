"""What a person reads when something isn't done: the reason and the way out, never the inside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from flask import Flask, Response, jsonify, make_response, redirect, request
from werkzeug.exceptions import HTTPException

from tenor.api import problems
from tenor.api.callbacks import PREFIX as CALLBACKS
from tenor.kernel import SafeMode
from tenor.web import flashes
from tenor.web.addresses import with_query
from tenor.web.reporting import put_on_record
from tenor.web.rescuing import SignInAgain
from tenor.web.shell import bare_shell
from tenor.web.visit import visit
from tenor.web.web import SignInNeeded
from tenor_sdk.errors import Blocked, Conflict, Forbidden, Invalid, NotFound, TenorError
from tenor_sdk.i18n import Text, _

if TYPE_CHECKING:
    from tenor.web.web import Web

Values = dict[str, Any]


def handle_errors(app: Flask, web: Web) -> None:
    """Every error becomes a page, or JSON where a script asked."""

    @app.errorhandler(SignInNeeded)
    def sign_in(_error: SignInNeeded) -> Response:
        if _by_script():
            response = jsonify(status=401)
            response.status_code = 401
            return response
        if request.headers.get("HX-Request-Type") == "partial":
            return _whole_page_anew()
        wanted = request.full_path.rstrip("?") if request.method == "GET" else "/"
        to = "/sign-in" if wanted == "/" else f"/sign-in?next={quote(wanted)}"
        return make_response(redirect(to, 303))

    @app.errorhandler(SignInAgain)
    def sign_in_again(kept: SignInAgain) -> Response:
        if visit().actor is None:
            to = with_query("/sign-in", {"next": kept.page, "kept": "1"})
            return make_response(redirect(to, 303))
        title = web.say(_("This form is of a session before this one"))
        text = web.say(
            _("What you typed is kept, unsaved: it stands in the form when you open it.")
        )
        return _answer(web, 403, title, text, [], to_form=kept.page)

    @app.errorhandler(TenorError)
    def told(error: TenorError) -> Response:
        return _answer(web, error.status, *_words(web, error))

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        if request.path.startswith(("/api/", f"{CALLBACKS}/")):
            return problems.answer(web.kernel, problems.http_error(error), visit().request_id)
        code = error.code or 500
        if code == 404:
            return told(NotFound("not-found"))
        title = {
            405: _("That can’t be done here"), 413: _("That is too large"), 400: _("The request can’t be read"),
        }.get(code, _("The request can’t be answered"))  # fmt: skip
        return _answer(web, code, web.say(title), "", [])

    @app.errorhandler(Exception)
    def broken(error: Exception) -> Response:
        put_on_record(web.kernel, error)
        title = web.say(_("Something went wrong on our side"))
        text = web.say(_("Nothing was changed. Tell your administrator the number below."))
        return _answer(web, 500, title, text, [])


def _words(web: Web, error: TenorError) -> tuple[str, str, list[str]]:
    titles: tuple[tuple[type[TenorError], Text], ...] = (
        (NotFound, _("This can’t be found")), (Forbidden, _("This isn’t permitted to you")),
        (Conflict, _("Somebody else was first")), (Invalid, _("There are things to mend")),
        (SafeMode, _("Safe mode")),
    )  # fmt: skip
    title = next(
        (text for kind, text in titles if isinstance(error, kind)), _("This can’t be done")
    )
    points = []
    if isinstance(error, Blocked):
        points = [web.say(blocker.what) for blocker in error.blockers]
    if isinstance(error, NotFound):
        points = [
            web.say(_("Check the address, or search for the name or number (Ctrl K).")),
            web.say(_("Perhaps it isn’t among those that you may see; your administrator knows.")),
        ]
    return web.say(title), web.error(error), points


def _answer(
    web: Web, status: int, title: str, text: str, points: list[str], *, to_form: str = ""
) -> Response:
    if _by_script():
        response = jsonify(title=title, detail=text, request_id=visit().request_id)
        response.status_code = status
        return response
    error = {
        "status": str(status),
        "title": title,
        "text": text,
        "points": points,
        "actions": _ways_out(web, status, to_form),
        "request_id": visit().request_id,
        "time": f"{web.kernel.clock.now().astimezone(web.kernel.clock.zone):%Y-%m-%d %H:%M}",
    }
    return _within(web, error, status)


def _ways_out(web: Web, status: int, to_form: str) -> list[Values]:
    """Where the person goes from here; whoever is signed in may make a report of an error of ours."""
    if to_form:
        return [{"label": web.say(_("Open the form")), "href": to_form, "style": "primary"}]
    found: list[Values] = [{"label": web.say(_back(status)), "href": "/", "style": "primary"}]
    if status == 500 and visit().token:
        report = f"/report?number={visit().request_id}"
        found.append({"label": web.say(_("Make a report")), "href": report})
    return found


def _back(status: int) -> Text:
    """The way out; where nothing is served there is none but to wait."""
    return _("Try again") if status == 503 else _("Back to my work")


def _within(web: Web, error: Values, status: int) -> Response:
    """The page within the shell; where even that fails, without it."""
    if visit().actor is not None and status not in (500, 503):
        try:
            with web.reading() as ctx:
                return web.page(ctx, "error.html", {"error": error}, status=status)
        except Exception as second:  # noqa: BLE001 -- an error page must come, whatever else fails
            put_on_record(web.kernel, second)
    flashes.told(web.kernel)
    made = web.jinja.get_template("error.html").render(
        error=error, shell=bare_shell(web), lang=visit().language
    )
    return make_response(made, status)


def _whole_page_anew() -> Response:
    """To a part of a page that is asked for by itself: that its page is asked for, so that nothing is put into the
    part's place, and the address to come back to is the page's."""
    response = make_response("", 401)
    response.headers["HX-Refresh"] = "true"
    return response


def _by_script() -> bool:
    accepted = request.accept_mimetypes
    return accepted.best_match(["text/html", "application/json"]) == "application/json"
