"""What somebody typed when their session had ended, or another's had begun: it is kept for them, to be shown again.

A form says whose it is in a signed word, so that what comes from it is kept for that person and no other, whoever sits
at the browser by then. What is masked to anybody, what is secret and files are never kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from flask import Request
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.datastructures import MultiDict

from tenor.records.specs import CUSTOM, specs_of
from tenor.web.conflict import chosen
from tenor.web.lines import relations_of
from tenor.web.security import check_csrf
from tenor.web.visit import Visit, visit
from tenor_sdk.errors import Forbidden

if TYPE_CHECKING:
    from tenor.kernel import Kernel
    from tenor_sdk.records import Record

#: the input in which a form says whose it is, and the address to which the browser brings one that is still open
WHOSE: Final = "_whose"
PATH: Final = "/drafts"
_OWN: Final = CUSTOM.replace(".", "-")
_BASE: Final = "_base"
_HOUR: Final = 3600
_DAY: Final = 24


class SignInAgain(Exception):
    """What was typed is kept: whoever typed it signs in again, and comes back to the form.

    Args:
        path: of the form.
    """

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


def whose(kernel: Kernel, path: str) -> str:
    """The word by which the form at an address says that it is of whoever is signed in."""
    actor = visit().actor
    return str(_signer(kernel).dumps([actor.id, path])) if actor is not None else ""


def rescue(kernel: Kernel, request: Request, found: Visit) -> None:
    """Keep what is sent from a form of somebody else than whoever is signed in, before it is refused.

    Raises:
        SignInAgain: nobody is signed in, or the same person anew.
        Forbidden: ``form-of-another``: somebody else is.
    """
    if request.method != "POST" or WHOSE not in request.form:
        return
    user_id, path = _read(kernel, request.form[WHOSE])
    if not user_id or path != request.path:
        return
    if found.actor is not None and found.actor.id == user_id:
        try:
            check_csrf(kernel, request, found)
        except Forbidden:  # the form is of a session before this one
            if keep(kernel, request.form):
                raise SignInAgain(path) from None
        return
    kept = keep(kernel, request.form)
    if found.actor is not None:
        raise Forbidden("form-of-another")
    if kept:
        raise SignInAgain(path)


def keep(kernel: Kernel, form: MultiDict[str, str]) -> bool:
    """Keep what a form holds for whom it says; whether it could be."""
    user_id, path = _read(kernel, form.get(WHOSE, ""))
    plugin, slug = [*path.split("/")[1:3], "", ""][:2]
    kind = kernel.records.by_path.get((plugin, slug))
    if not user_id or kind is None:
        return False
    return kernel.identity.drafts.keep(user_id, path, list(_kept(kernel, kind, form)))


def _kept(
    kernel: Kernel, kind: type[Record], form: MultiDict[str, str]
) -> Iterator[tuple[str, str]]:
    """What of a form may be kept."""
    plain, lines = _plain(kernel, kind), dict[str, frozenset[str]]()
    for relation in relations_of(kind):
        lines[relation.key] = _plain(kernel, relation.kind) | {"id", "_remove"}
    for name, text in chosen(form).items(multi=True):
        if name in plain or _is_own(name, plain) or _of_line(name, lines):
            yield name, text
    if "_version" in form:
        yield "_version", form["_version"]
    if _BASE in form:
        yield _BASE, _plain_base(form[_BASE], plain, lines)


def _plain(kernel: Kernel, kind: type[Record]) -> frozenset[str]:
    """The fields of a kind whose texts may be kept: neither secret, nor hidden or masked from anybody, nor files."""
    ruled = {
        attribute.key
        for rule in kernel.access.field_rules
        if rule.effect in ("hide", "mask")
        for attribute in rule.fields
        if attribute.class_ is kind
    }
    return frozenset(
        spec.key
        for spec in specs_of(kind).values()
        if spec.kind != "file"
        and not spec.info.secret
        and not spec.info.mask
        and spec.key not in ruled
    ) | ({_OWN} if "custom" not in ruled else set())


def _is_own(name: str, plain: frozenset[str]) -> bool:
    return name.startswith(_OWN) and _OWN in plain


def _of_line(name: str, lines: dict[str, frozenset[str]]) -> bool:
    key, _dash, rest = name.partition("-")
    place, _dash, field = rest.partition("-")
    return key in lines and (rest == "count" or (place.isdecimal() and field in lines[key]))


def _plain_base(base: str, plain: frozenset[str], lines: dict[str, frozenset[str]]) -> str:
    """What the form began with, of the same fields."""
    try:
        read = json.loads(base)
    except ValueError:
        return "{}"
    found: dict[str, Any] = {}
    for name, value in read.items() if isinstance(read, dict) else ():
        key = name.removesuffix("[]")
        if isinstance(value, list) and key in lines:
            rows = [row for row in value if isinstance(row, dict)]
            found[name] = [{n: t for n, t in row.items() if n in lines[key]} for row in rows]
        elif name in plain or _is_own(name, plain):
            found[name] = value
    return json.dumps(found, ensure_ascii=False)


def _read(kernel: Kernel, word: str) -> tuple[int, str]:
    """Whose a form is, and its address; nobody's where the word isn't ours, or is older than any session."""
    oldest = (kernel.settings.session_hours + _DAY) * _HOUR
    try:
        user_id, path = _signer(kernel).loads(word, max_age=oldest)
    except (BadData, ValueError, TypeError):
        return 0, ""
    return int(user_id), str(path)


def _signer(kernel: Kernel) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(kernel.settings.key, salt="whose form")
