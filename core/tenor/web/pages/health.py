"""Whether the process lives, and whether it may be sent requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

if TYPE_CHECKING:
    from tenor.loader import Loader
    from tenor.web.web import Web


def routes(at: Blueprint, web: Web) -> None:
    """For whoever watches over the process; without a person, so nothing of the institution's data is in it."""

    @at.get("/healthz")
    def healthy() -> Response:
        return jsonify(status="ok")

    @at.get("/readyz")
    def ready() -> Response:
        try:
            with web.kernel.db.raw(write=False) as connection:
                connection.execute(text("select 1"))
        except SQLAlchemyError:
            response = jsonify(status="database")
            response.status_code = 503
            return response
        return jsonify(_standing(web))


def _standing(web: Web) -> dict[str, Any]:
    """``ok``; or, as it may be sent requests all the same, which plugins are left out, why, and what to do."""
    loader = web.kernel.loader
    status = "safe-mode" if loader.safe_mode else "without-plugins" if loader.failures else "ok"
    failed = [
        {
            "plugin": each.plugin,
            "stage": each.stage,
            "cause": _without_folders(loader, str(each.cause)),
            "remedy": str(each.remedy),
        }
        for each in loader.failures
    ]
    return {"status": status, "plugins": failed} if failed else {"status": status}


def _without_folders(loader: Loader, said: str) -> str:
    """Without where on the machine a plugin is installed: whoever may ask isn't known."""
    for manifest in loader.installed.values():
        said = said.replace(f"{manifest.folder.parent}/", "")
    return said
