"""What a form of a page says of itself, so that what is typed into it isn't lost with the session; and what was typed
before, put back into it.

Every form that a page draws comes through here, whatever it is of: its word names whose it is and which of its inputs
may be kept. What is sent too late is read by ``rescuing``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from flask import request
from werkzeug.datastructures import MultiDict

from tenor.db.numbers import number
from tenor.web.rescuing import DRAFT, PATH, WHOSE, whose
from tenor.web.templating import nonce
from tenor_sdk.i18n import _

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.identity.drafts import Kept
    from tenor.web.web import Web
    from tenor_sdk.records import Record

Values = dict[str, Any]
_ENDED: Final = _("Your session has ended. What you typed is kept for you, unsaved.")
_HERE_AGAIN: Final = _("What you typed is here again, unsaved.")
#: kinds of inputs whose texts are never kept, or that hold none
_NEVER: Final = frozenset(("password", "masked", "file", "fixed", "hidden"))
_ON: Final = ("1", "true", "on")


class Drafting:
    """The forms of one page.

    Args:
        ctx: as whom it is read.
    """

    def __init__(self, web: Web, ctx: KernelContext) -> None:
        self.web, self.ctx = web, ctx

    def dressed(self, form: Values) -> Values:
        """A form with the word that says whose it is, and with what was typed into it when a session had ended.

        A form of a record, which has lines and versions, puts back itself what was typed (``draft``).
        """
        if form.get("method", "post") != "post":
            return form
        action = str(form.get("action") or request.path)
        names = None if "draft" in form else sorted(_names(form))
        if names == []:
            return form
        if names is not None:
            names += form.get("keeps") or ()
        kept: Kept | None = form.get("draft")
        if names is not None and WHOSE not in request.form:
            form, kept = self._put_back(form, action)
        page = _page(form, action)
        hidden = {WHOSE: whose(self.web.kernel, action, page, names)}
        if kept is not None:
            hidden[DRAFT] = kept.key
        elif DRAFT in request.form and request.path == action:
            hidden[DRAFT] = request.form[DRAFT]
        told = {} if kept is None else {"again": self._told(form, page, kept)}
        return {**form, **told, "whose": _inputs(hidden), "ended": self.web.say(_ENDED)}

    def _told(self, form: Values, page: str, kept: Kept) -> Values:
        """What stands in the form is what was typed when a session had ended; how to be rid of it."""
        show = self.web.show(self.ctx)
        time = f"{show.local(kept.at):%Y-%m-%d %H:%M}"
        text = (
            _("Your session ended before you saved; this was kept at {time}.", time=time)
            if _keeps_all(form)
            else _(
                "Your session ended before you saved; this was kept at {time}. Give files and masked values again.",
                time=time,
            )
        )
        drop = {"label": show.say(_("Drop it")), "post": f"{PATH}/drop", "once": nonce(),
                "fields": _inputs({"key": kept.key, "page": page})}  # fmt: skip
        return {
            "tone": "warning", "icon": "history", "title": show.say(_HERE_AGAIN), "text": show.say(text),
            "actions": [drop],
        }  # fmt: skip

    # -- what was typed ---------------------------------------------------------------------------------------------

    def _put_back(self, form: Values, action: str) -> tuple[Values, Kept | None]:
        kept = self.web.kernel.identity.drafts.of(self.ctx, action)
        if kept is None:
            return form, None
        texts: MultiDict[str, str] = MultiDict(kept.fields)
        made = dict(form)
        if "text_name" in form:
            made["value"] = texts.get(form["text_name"], "")
        if "fields" in form:
            made["fields"] = self._filled(form["fields"] or (), texts)
        if "sections" in form:
            made["sections"] = [
                {**each, "fields": self._filled(each.get("fields") or (), texts)}
                for each in form["sections"]
            ]
        return made, kept

    def _filled(self, fields: Any, texts: MultiDict[str, str]) -> list[Values]:
        return [
            self._field(each, texts) if each["name"] in texts and _keeps(each) else each
            for each in fields
        ]

    def _field(self, field: Values, texts: MultiDict[str, str]) -> Values:
        given = texts.getlist(field["name"])
        made = {**field, "value": given[-1]}
        if field.get("kind") == "bool":
            made["on"] = given[-1] in (*_ON, field.get("on_value"))
        if field.get("options"):
            made["options"] = self._chosen(field, given)
        if field.get("currencies") and field.get("currency_name") in texts:
            currency = texts.getlist(field["currency_name"])
            made["currencies"] = [_marked(each, currency) for each in field["currencies"]]
        return made

    def _chosen(self, field: Values, given: list[str]) -> list[Values]:
        """The options, with those chosen that were; a record that isn't among them joins them where its reader may see
        it."""
        options = [_marked(each, given) for each in field["options"]]
        offered = {each.get("value") for each in options}
        target = self._target(field) if given[-1] and given[-1] not in offered else None
        identity = number(given[-1])
        if target is not None and identity is not None:
            names = self.web.kernel.records.display_names(self.ctx, target, [identity])
            options += [
                {"value": given[-1], "label": name, "selected": True} for name in names.values()
            ]
        return options

    def _target(self, field: Values) -> type[Record] | None:
        plugin, slug = [*str(field.get("suggest_href", "")).split("/")[1:3], "", ""][:2]
        return self.web.kernel.records.by_path.get((plugin, slug))


def _page(form: Values, action: str) -> str:
    """Where a form is found again: what it says, else the page on which it stands."""
    if form.get("page"):
        return str(form["page"])
    return request.full_path.rstrip("?") if request.method == "GET" else action


def _inputs(texts: Mapping[str, str]) -> list[Values]:
    return [{"name": name, "value": text} for name, text in texts.items()]


def _names(form: Values) -> Iterator[str]:
    """The inputs of a form whose texts may be kept."""
    if "text_name" in form:
        yield form["text_name"]
    sections = form.get("sections") or ()
    for fields in (form.get("fields") or (), *(each.get("fields") or () for each in sections)):
        for field in fields:
            if _keeps(field):
                yield field["name"]
                if field.get("currencies") and field.get("currency_name"):
                    yield field["currency_name"]


def _keeps_all(form: Values) -> bool:
    """Whether what a form holds is kept whole: no file, nothing masked or secret."""
    if "draft" in form or form.get("file"):
        return False
    sections = form.get("sections") or ()
    parts = (form.get("fields") or (), *(each.get("fields") or () for each in sections))
    return all(_keeps(field) for fields in parts for field in fields)


def _keeps(field: Values) -> bool:
    if field.get("kind") in _NEVER:
        return False
    return not any(field.get(each) for each in ("private", "disabled", "readonly"))


def _marked(option: Mapping[str, Any], given: list[str]) -> Values:
    if option.get("group"):
        return {**option, "options": [_marked(each, given) for each in option["options"]]}
    return {**option, "selected": str(option.get("value")) in given}
