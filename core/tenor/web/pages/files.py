"""Files: handed out to be kept, not opened, but for what a browser shows safely."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from flask import Blueprint, Response, make_response, request

if TYPE_CHECKING:
    from tenor.web.web import Web

_SHOWN: Final = ("application/pdf", "image/png", "image/jpeg")


def routes(at: Blueprint, web: Web) -> None:
    """``/files/<id>``; with ``?inline`` a PDF or picture is shown."""

    @at.get("/files/<int:identity>")
    def file(identity: int) -> Response:
        with web.reading() as ctx:
            stored, content = web.kernel.files.read(ctx, identity)
        inline = "inline" in request.args and stored.media_type in _SHOWN
        return sent(stored.name, stored.media_type, content, inline=inline)


def sent(name: str, media_type: str, content: bytes, *, inline: bool = False) -> Response:
    """Bytes under a name; ``inline`` in a sandbox."""
    made = make_response(content)
    made.headers["Content-Type"] = (
        media_type if not media_type.startswith("text/html") else "text/plain"
    )
    plain = "".join(
        each if (each.isascii() and each.isalnum()) or each in "._-" else "_" for each in name
    )
    how = "inline" if inline else "attachment"
    made.headers["Content-Disposition"] = (
        f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    )
    made.headers["X-Content-Type-Options"] = "nosniff"
    if inline:
        made.headers["Content-Security-Policy"] = "sandbox"
    return made
