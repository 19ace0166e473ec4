"""One sentence for the next page: that something is done. It travels in a signed cookie, read once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import Response, g, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from tenor.web.security import keep_cookie

if TYPE_CHECKING:
    from tenor.kernel import Kernel

_COOKIE: Final = "tenor_told"
_SECONDS: Final = 60


def tell(text: str, tone: str = "done", undo: dict[str, Any] | None = None) -> None:
    """Say this on the next page that is shown, with the button by which it is undone where there is one."""
    if text:
        said: dict[str, Any] = {"tone": tone, "text": text[:500]}
        g.setdefault("telling", []).append(said | ({"undo": undo} if undo else {}))


def told(kernel: Kernel) -> list[dict[str, Any]]:
    """What the page before left to be said; said now."""
    given = request.cookies.get(_COOKIE, "")
    if not given:
        return []
    g.told = True
    try:
        kept: list[dict[str, Any]] = _signer(kernel).loads(given, max_age=_SECONDS)
    except BadSignature:
        return []
    return kept


def carry(kernel: Kernel, response: Response) -> None:
    """Put what is to be said into the answer, and forget what was."""
    telling = g.get("telling")
    if telling:
        keep_cookie(kernel, response, _COOKIE, str(_signer(kernel).dumps(telling)))
    elif g.get("told"):
        response.delete_cookie(_COOKIE, path="/")


def _signer(kernel: Kernel) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(kernel.settings.key, salt="told")
