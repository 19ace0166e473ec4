"""What every answer says to the browser, and the token that every form carries."""

from __future__ import annotations

import hashlib
import hmac
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Final

from flask import Request, Response

from tenor.web.visit import VISITOR_COOKIE, Visit
from tenor_sdk.errors import Forbidden

if TYPE_CHECKING:
    from tenor.kernel import Kernel

POLICY: Final = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "frame-ancestors 'none'; base-uri 'self'; form-action 'self'"
)
_HEADERS: Final = (
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("Cache-Control", "no-store, private"),
)
_VARY: Final = ("Cookie", "Accept-Language", "HX-Request")
_SAFE: Final = ("GET", "HEAD", "OPTIONS")


def protect(kernel: Kernel, response: Response, found: Visit) -> Response:
    """Set the headers that an answer didn't set itself."""
    given = {name.lower() for name, _value in response.headers}
    ours = (*_HEADERS, ("X-Request-ID", found.request_id))
    # added at one go: asked for one by one they are a twentieth of a list's cost
    response.headers.extend([pair for pair in ours if pair[0].lower() not in given])
    if "vary" in given:
        response.vary.update(_VARY)
    else:
        response.headers.add("Vary", ", ".join(_VARY))
    if secure(kernel):
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if found.visitor.startswith("new:"):
        token = found.visitor.removeprefix("new:")
        keep_cookie(kernel, response, VISITOR_COOKIE, token)
    return response


def secure(kernel: Kernel) -> bool:
    """Whether cookies travel over TLS only."""
    return kernel.settings.secure_cookies or kernel.settings.url.startswith("https://")


def keep_cookie(
    kernel: Kernel, response: Response, name: str, value: str, *, days: int | None = None
) -> None:
    """Set a cookie that scripts can't read; without ``days`` it goes with the browser."""
    response.set_cookie(
        name, value, max_age=days * 86400 if days else None, httponly=True, samesite="Lax",
        secure=secure(kernel), path="/",
    )  # fmt: skip


def csrf_token(kernel: Kernel, found: Visit) -> str:
    """The token of this browser's forms: signed, of its session, or of its visit where nobody is signed in."""
    if found.actor is not None:
        return _signed(kernel, f"session:{found.token}")
    if not found.visitor:
        found.visitor = f"new:{token_urlsafe(18)}"
    return _signed(kernel, f"visitor:{found.visitor.removeprefix('new:')}")


def check_csrf(kernel: Kernel, request: Request, found: Visit) -> None:
    """Refuse a change that doesn't come from a page of ours.

    Raises:
        Forbidden: ``form-not-ours``.
    """
    if request.method in _SAFE:
        return
    given = request.headers.get("X-CSRFToken") or request.form.get("csrf_token", "")
    whose = f"session:{found.token}" if found.actor is not None else f"visitor:{found.visitor}"
    known = bool(found.actor is not None or found.visitor)
    if not known or not hmac.compare_digest(given.encode(), _signed(kernel, whose).encode()):
        raise Forbidden("form-not-ours")


def _signed(kernel: Kernel, whose: str) -> str:
    key = kernel.settings.key.encode()
    return hmac.new(key, f"csrf:{whose}".encode(), hashlib.sha256).hexdigest()[:40]
