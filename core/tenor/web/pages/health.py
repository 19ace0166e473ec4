"""Whether the process lives, and whether it may be sent requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

if TYPE_CHECKING:
    from tenor.web.web import Web


def routes(at: Blueprint, web: Web) -> None:
    """For whoever watches over the process; without a person, so nothing of the institution is in it."""

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
        return jsonify(status="ok")
