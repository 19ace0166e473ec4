"""Where providers call back: no session, no token, no cookie; the driver in use proves who it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, g, make_response, request
from werkzeug.exceptions import HTTPException

from tenor.api.frame import Frame
from tenor.drivers.callbacks import LARGEST, PLACE
from tenor_sdk.callbacks import Callback
from tenor_sdk.errors import TenorError

if TYPE_CHECKING:
    from tenor.kernel import Kernel

PREFIX: Final = f"/{PLACE}"


def callbacks_blueprint(kernel: Kernel) -> Blueprint:
    """The routes below ``PREFIX``: one for each family of drivers."""
    frame = Frame(kernel)
    made = Blueprint("callbacks", __name__, url_prefix=PREFIX)

    @made.post("/<family>")
    def receive(family: str) -> Response:
        request.max_content_length = LARGEST
        callback = Callback(
            dict(request.headers), request.get_data(), request.query_string.decode("latin-1")
        )
        taken = kernel.drivers.callbacks.receive(
            family, callback, request.remote_addr or "", g.request_id
        )
        return make_response(taken.answer, 200, {"Content-Type": taken.media_type})

    made.register_error_handler(TenorError, frame.told)
    made.register_error_handler(HTTPException, frame.told_http)
    made.register_error_handler(Exception, frame.broken)
    return made
