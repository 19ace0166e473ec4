"""What somebody typed when their session had ended, or another's had begun: it is kept for them, to be shown again.

A form says whose it is in a signed word, and which of its inputs may be kept, so that what comes from it is kept for
that person and no other, whoever sits at the browser by then. What is masked to anybody, what is secret and files are
never kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from flask import Request, request
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.datastructures import MultiDict

from tenor.identity.drafts import LONGEST, TooLong, key_of
from tenor.records.specs import CUSTOM, specs_of
from tenor.web.conflict import chosen, held
from tenor.web.lines import relations_of
from tenor.web.security import check_csrf
from tenor.web.visit import Visit, visit
from tenor_sdk.errors import Forbidden, Refused

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.kernel import Kernel
    from tenor_sdk.records import Record

#: the input in which a form says whose it is, and the address to which the browser brings one that is still open
WHOSE: Final = "_whose"
#: the input by which a form says that it began with a draft
DRAFT: Final = "_draft"
PATH: Final = "/drafts"
#: the input in which a form of many records says of which it is: kept beside what was typed, never by itself
ROWS: Final = "_rows"
_OWN: Final = CUSTOM.replace(".", "-")
_BASE: Final = "_base"
#: characters of the word that a form bears once
_ONCE: Final = 40
_HOUR: Final = 3600
_DAY: Final = 24


class SignInAgain(Exception):
    """What was typed is kept: whoever typed it signs in again, and comes back to the form.

    Args:
        page: on which the form stands.
    """

    def __init__(self, page: str) -> None:
        super().__init__(page)
        self.page = page


@dataclass(frozen=True)
class Word:
    """What a form says of itself.

    Args:
        user_id: whose it is; 0: nobody's.
        path: to which it is sent.
        page: on which it stands.
        names: of the inputs that may be kept; None: those of the record's fields that may.
    """

    user_id: int = 0
    path: str = ""
    page: str = ""
    names: Sequence[str] | None = ()


def whose(kernel: Kernel, path: str, page: str, names: Sequence[str] | None) -> str:
    """The word by which a form says that it is of whoever is signed in; the rest as ``Word`` has it."""
    actor = visit().actor
    return str(_signer(kernel).dumps([actor.id, path, page, names])) if actor is not None else ""


def rescue(kernel: Kernel, request: Request, found: Visit) -> None:
    """Keep what is sent from a form of somebody else than whoever is signed in, before it is refused.

    Raises:
        SignInAgain: nobody is signed in, or the same person anew.
        Forbidden: ``form-of-another``: somebody else is.
    """
    if request.method != "POST" or WHOSE not in request.form:
        return
    word = _read(kernel, request.form[WHOSE])
    if not word.user_id or word.path != request.path:
        return
    if found.actor is not None and found.actor.id == word.user_id:
        try:
            check_csrf(kernel, request, found)
        except Forbidden:  # the form is of a session before this one
            if page := keep(kernel, request.form):
                raise SignInAgain(page) from None
        return
    page = keep(kernel, request.form)
    if found.actor is not None:
        raise Forbidden("form-of-another")
    if page:
        raise SignInAgain(page)


def keep(kernel: Kernel, form: MultiDict[str, str]) -> str:
    """Keep what a form holds for whom it says: the page on which it is found again, or nothing where it says nobody.

    Raises:
        Refused: ``too-long-to-keep``.
    """
    word = _read(kernel, form.get(WHOSE, ""))
    if not word.user_id:
        return ""
    fields = list(_of_record(kernel, word, form) if word.names is None else _named(word, form))
    if not any(text for name, text in fields if name != ROWS):
        return ""
    key = key_of(word.path, form.get("_once", "")[:_ONCE], form.get(DRAFT, ""))
    try:
        kernel.identity.drafts.keep(word.user_id, key, fields)
    except TooLong:
        raise Refused("too-long-to-keep", limit=LONGEST) from None
    return word.page


def settled(kernel: Kernel, ctx: KernelContext) -> None:
    """Drop the draft with which the form that is being answered began: what it asked for is done."""
    if request.form.get(DRAFT):
        kernel.identity.drafts.forget(ctx, request.form[DRAFT])


def carried() -> list[dict[str, str]]:
    """What a page between a form and its deed hands on of the form's word."""
    return [
        {"name": name, "value": request.form[name]}
        for name in (WHOSE, DRAFT)
        if name in request.form
    ]


def _named(word: Word, form: MultiDict[str, str]) -> Iterator[tuple[str, str]]:
    """What of a form's inputs its word names, each text of one that takes several."""
    for name in word.names or ():
        for text in form.getlist(name):
            yield name, _ids(text) if name == ROWS else text


def _ids(rows: str) -> str:
    """Records without the versions in which they were chosen: by the time they are found again there may be others."""
    return " ".join(each.partition(":")[0] for each in rows.split())


def _of_record(kernel: Kernel, word: Word, form: MultiDict[str, str]) -> Iterator[tuple[str, str]]:
    plugin, slug = [*word.path.split("/")[1:3], "", ""][:2]
    kind = kernel.records.by_path.get((plugin, slug))
    return iter(()) if kind is None else _kept(kernel, kind, form)


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
    ruled = ruled_keys(kernel, kind)
    return frozenset(
        spec.key
        for spec in specs_of(kind).values()
        if spec.kind != "file"
        and not spec.info.secret
        and not spec.info.mask
        and spec.key not in ruled
    ) | ({_OWN} if "custom" not in ruled else set())


def ruled_keys(kernel: Kernel, kind: type[Record]) -> frozenset[str]:
    """The fields of a kind that some rule hides or masks from somebody."""
    return frozenset(
        attribute.key
        for rule in kernel.access.field_rules
        if rule.effect in ("hide", "mask")
        for attribute in rule.fields
        if attribute.class_ is kind
    )


def _is_own(name: str, plain: frozenset[str]) -> bool:
    return name.startswith(_OWN) and _OWN in plain


def _of_line(name: str, lines: dict[str, frozenset[str]]) -> bool:
    key, _dash, rest = name.partition("-")
    place, _dash, field = rest.partition("-")
    return key in lines and (rest == "count" or (place.isdecimal() and field in lines[key]))


def _plain_base(base: str, plain: frozenset[str], lines: dict[str, frozenset[str]]) -> str:
    """What the form began with, of the same fields."""
    read = held(base)
    found: dict[str, Any] = {}
    for name, value in read.items() if isinstance(read, dict) else ():
        key = name.removesuffix("[]")
        if isinstance(value, list) and key in lines:
            rows = [row for row in value if isinstance(row, dict)]
            found[name] = [{n: t for n, t in row.items() if n in lines[key]} for row in rows]
        elif name in plain or _is_own(name, plain):
            found[name] = value
    return json.dumps(found, ensure_ascii=False)


def _read(kernel: Kernel, word: str) -> Word:
    """What a form says; it is nobody's where the word isn't ours, or is older than any session."""
    oldest = (kernel.settings.session_hours + _DAY) * _HOUR
    try:
        return Word(*_signer(kernel).loads(word, max_age=oldest))
    except (BadData, ValueError, TypeError):
        return Word()


def _signer(kernel: Kernel) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(kernel.settings.key, salt="whose form")
