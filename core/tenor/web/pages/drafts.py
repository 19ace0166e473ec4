"""What was typed into a form that was open when its session ended: brought by the browser, dropped by the person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, jsonify, request

from tenor.web.addresses import with_query
from tenor.web.rescuing import PATH, keep
from tenor.web.visit import visit
from tenor.web.web import Done, inside
from tenor_sdk.errors import Refused
from tenor_sdk.i18n import _

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.web.web import Web


def routes(at: Blueprint, web: Web) -> None:
    """Drafts. The first is asked without a session: whose it is, the form says in a word that is signed."""

    @at.post(PATH)
    def bring() -> Response:
        try:
            page = "" if visit().actor is not None else keep(web.kernel, request.form)
        except Refused:  # too long: the form is still open, and says that nothing is kept
            page = ""
        if not page:
            return jsonify(kept=False)
        return jsonify(kept=True, again=with_query("/sign-in", {"next": page, "kept": "1"}))

    @at.post(f"{PATH}/drop")
    def drop() -> Response:
        key, page = request.form.get("key", ""), request.form.get("page", "/")

        def act(ctx: KernelContext) -> Done:
            web.kernel.identity.drafts.forget(ctx, key)
            return Done(page if inside(page) else "/", web.say(_("What was typed is dropped.")))

        return web.once(act)
