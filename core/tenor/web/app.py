"""The application: every page and the API, over a running kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import uuid4

from flask import Blueprint, Flask, Response, g, request

from tenor.api.blueprint import api_blueprint
from tenor.api.callbacks import PREFIX as CALLBACKS
from tenor.api.callbacks import callbacks_blueprint
from tenor.files.files import LARGEST
from tenor.web import (
    acting,
    bulk,
    bulked,
    column_choice,
    flashes,
    lists,
    moves,
    printing,
    record_acts,
    record_form,
    record_page,
    rescuing,
    saved,
)
from tenor.web.assets import serve_assets
from tenor.web.faults import handle_errors
from tenor.web.pages import (
    audit,
    dashboards,
    door,
    drafts,
    files,
    health,
    home,
    imports,
    inbox,
    jobs,
    mails,
    own,
    palette,
    plugin_page,
    plugins,
    reports,
    roles,
    search,
    settings,
    shortcuts,
    tasks,
    told,
    units,
    watched,
    workflows,
)
from tenor.web.routing import Number, Route
from tenor.web.security import check_csrf, protect
from tenor.web.visit import Visit, arrive, recognise
from tenor.web.web import Web

if TYPE_CHECKING:
    from tenor.kernel import Kernel

_PAGES: Final = (
    door, drafts, told, home, dashboards, tasks, inbox, search, palette, shortcuts, plugins, plugin_page, audit, jobs,
    reports, workflows, roles, units, mails, settings, files, health, watched, own, imports, saved, column_choice, bulk,
    bulked, moves, printing, lists, record_page, record_form, record_acts, acting,
)  # fmt: skip
#: Reached before anybody is known: their answers hold nothing of the institution, or prove themselves otherwise.
_WITHOUT_VISITOR: Final = ("/static/", "/healthz", "/readyz")
#: Asked by programs, which prove in each request who they are: no cookie is read or set.
_BY_PROGRAMS: Final = ("/api/", f"{CALLBACKS}/")


def create_app(kernel: Kernel) -> Flask:
    """The WSGI application of an institution.

    Args:
        kernel: booted; the application opens a context of it for each request.
    """
    app = Flask("tenor.web", static_folder=None, template_folder=None)
    app.url_rule_class = Route
    app.url_map.converters["int"] = Number
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST + 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
        MAX_FORM_PARTS=5000,
        SECRET_KEY=None,
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # of Flask's default provider
    web = Web(kernel)
    _frame(app, web)
    web.requests.install(app)
    serve_assets(app)
    for pages in _PAGES:
        at = Blueprint(pages.__name__.rpartition(".")[2], pages.__name__)
        pages.routes(at, web)
        app.register_blueprint(at)
    handle_errors(app, web)
    app.register_blueprint(api_blueprint(kernel))
    app.register_blueprint(callbacks_blueprint(kernel))
    return app


def _frame(app: Flask, web: Web) -> None:
    """What happens before and after every request."""

    @app.before_request
    def come() -> None:
        g.request_id = uuid4().hex[:16]
        if request.path.startswith(_BY_PROGRAMS):
            g.visit = Visit(g.request_id, "")
            return
        g.visit = arrive(web.kernel, request, g.request_id)
        if request.path.startswith(_WITHOUT_VISITOR) or request.path == watched.PATH:
            return
        recognise(web.kernel, g.visit)
        if request.path == rescuing.PATH:  # it says in a signed word of its own whose it is
            return
        rescuing.rescue(web.kernel, request, g.visit)
        check_csrf(web.kernel, request, g.visit)

    @app.after_request
    def go(response: Response) -> Response:
        found: Visit = g.visit
        flashes.carry(web.kernel, response)
        if response.status_code >= 400 or not request.path.startswith("/static/"):
            return protect(web.kernel, response, found)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        return response
