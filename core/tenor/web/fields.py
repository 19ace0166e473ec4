"""The inputs of a form, made from the specs of fields: of records, transitions, actions and settings alike."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from tenor.db.numbers import number
from tenor.records.specs import FieldSpec
from tenor.records.values import masked
from tenor.views.merge import has_page
from tenor.web.own_kind import elsewhere, looped, suggestions_href
from tenor.web.show import HIDDEN
from tenor.web.typed import KEPT, Typed
from tenor_sdk.errors import NotFound
from tenor_sdk.i18n import _
from tenor_sdk.records import Archivable
from tenor_sdk.values import Amount, Rate

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.web.show import Names, Show
    from tenor.web.web import Web
    from tenor_sdk.records import Record

Values = dict[str, Any]
_KINDS: Final = {
    "text": "text", "long-text": "long", "integer": "integer", "amount": "amount", "rate": "rate", "date": "date",
    "time": "datetime", "boolean": "bool", "choice": "choice", "link": "link", "file": "file",
}  # fmt: skip
#: Of the records that a link may lead to so many stand in the page; further ones are found by typing.
OFFERED: Final = 50


class Fields:
    """Makes inputs for one page.

    Args:
        web: for words of refusals.
        ctx: as whom links are offered.
        show: for labels.
    """

    def __init__(self, web: Web, ctx: KernelContext, show: Show) -> None:
        self.web = web
        self.ctx = ctx
        self.show = show
        self._offered: dict[tuple[type[Record], int | None], list[tuple[int, str]]] = {}

    def input(
        self,
        spec: FieldSpec,
        value: Any,
        typed: Typed | None,
        *,
        name: str = "",
        currency: str = "CNY",
        names: Names | None = None,
        bare: bool = False,
        mask: str | None = None,
    ) -> Values:
        """One input.

        Args:
            value: present value, or default.
            typed: what was typed before a refusal; wins over ``value``.
            name: of the input where it isn't the field's key.
            bare: without a label of its own, in a table of lines.
            mask: address that reveals it, where the present value is masked; empty where nothing does.
        """
        name = name or spec.key
        text = as_typed(spec, value, currency)
        if typed is not None and name in typed.values and spec.kind != "file":
            text = typed.text(name)
        text = self._said(spec, text)
        made: Values = {
            "kind": _KINDS.get(spec.kind, "text"),
            "name": name,
            "label": self.show.label(spec),
            "required": spec.required and spec.kind != "boolean",
            "value": text,
            "help": self.show.say(spec.help, spec.plugin) if spec.help else "",
            "max_length": spec.max_length,
            "bare": bare,
        }
        if typed is not None and name in typed.errors:
            made["error"] = self.web.error(typed.errors[name])
        self._special(made, spec, text, currency, names or {}, typed, mask)
        return made

    def _special(
        self, made: Values, spec: FieldSpec, text: str, currency: str, names: Names, typed: Typed | None,
        mask: str | None,
    ) -> None:  # fmt: skip
        if spec.kind == "long-text":
            made["width"], made["rows"] = "full", 4
        elif spec.kind == "amount":
            made["currency"] = self.show.say(_("CNY")) if currency == "CNY" else currency
        elif spec.kind == "boolean":
            made["on"] = text in ("1", "true", "on")
        elif spec.kind == "choice":
            made["options"] = self._choices(spec, text)
        elif spec.info.offered is not None:
            self._from_list(made, spec, text)
        elif spec.kind == "link":
            self._link(made, spec, text)
        elif spec.kind == "file":
            self._file(made, spec, text, names, typed)
        if mask is not None:
            made |= {"kind": "masked", "value": "", "required": False, "reveal_href": mask}
            if typed is not None and typed.text(made["name"]):
                made["value"] = typed.text(made["name"])
            else:
                made["masked_text"] = masked(text, spec.info.mask)

    def _said(self, spec: FieldSpec, text: str) -> str:
        """A time was read into the institution's zone; it is shown again as typed, with seconds where it has any."""
        if spec.kind != "time":
            return text
        try:
            local = self.show.local(datetime.fromisoformat(text))
        except (ValueError, OverflowError):
            return text
        return f"{local:%Y-%m-%d %H:%M:%S}" if local.second else f"{local:%Y-%m-%d %H:%M}"

    def _choices(self, spec: FieldSpec, text: str) -> list[Values]:
        return [
            {"value": value, "label": self.show.say(label, spec.plugin), "selected": value == text}
            for value, label in spec.choices
        ]

    def _from_list(self, made: Values, spec: FieldSpec, text: str) -> None:
        """What a form offers for a key; what stands there and isn't offered any more can stay."""
        several = spec.info.widget == "several"
        chosen = text.split() if several else [text] if text else []
        offered = dict(self.show.offered(spec))
        if spec.attribute is None and len(offered) == 1 and not several:
            chosen = chosen or list(offered)  # of an act there is no other to choose
        offered |= {key: key for key in chosen if key not in offered}
        made |= {"kind": "radio" if several else "choice", "multiple": several}
        made["options"] = [
            {"value": key, "label": label, "selected": key in chosen}
            for key, label in offered.items()
        ]

    # -- links ------------------------------------------------------------------------------------------------------

    def _link(self, made: Values, spec: FieldSpec, text: str) -> None:
        target = spec.target
        assert target is not None  # a link has one
        own = looped(spec, self.show.about)
        offered, chosen = dict(self.offered(target, own)), number(text)
        if chosen is not None and chosen not in offered:
            offered |= self.ctx.kernel.records.display_names(self.ctx, target, [chosen])
        if chosen is not None and chosen not in offered and "error" not in made:
            # a row outside the person's: shown as such, and left out of what the form sends
            made |= {"kind": "fixed", "value": HIDDEN}
            return
        made["options"] = [
            {"value": str(identity), "label": name, "selected": str(identity) == text}
            for identity, name in offered.items()
        ]
        if has_page(target):
            made["suggest_href"] = suggestions_href(target, own)

    def offered(self, target: type[Record], own: int | None = None) -> list[tuple[int, str]]:
        """The first records of a kind that the person may read, with their names; one statement a page.

        Args:
            own: of the same kind, for which they are offered as what stands above it.
        """
        key = (target, own)
        if key not in self._offered:
            statement = select(target).order_by(target.id).limit(OFFERED)
            if issubclass(target, Archivable):
                statement = statement.where(~target.archived)
            if (free := elsewhere(self.ctx, target, own)) is not None:
                statement = statement.where(free)
            found = self.ctx.session.scalars(statement).all()
            names = self.show.names_of(found)
            self._offered[key] = [(one.id, name) for one, name in zip(found, names, strict=True)]
        return self._offered[key]

    def _file(
        self, made: Values, spec: FieldSpec, text: str, names: Names, typed: Typed | None
    ) -> None:
        kept = typed.kept.get(made["name"]) if typed is not None else None
        if kept is not None:
            made["present"] = self.show.file(kept, names)
            made["hidden"] = [{"name": f"{made['name']}{KEPT}", "value": str(kept)}]
            made["required"] = False
        elif (present := number(text)) is not None:
            made["present"] = self.show.file(present, names)
            made["required"] = False


def as_typed(spec: FieldSpec, value: Any, currency: str = "CNY") -> str:
    """A value as it stands in an input: amounts with separators, rates as percent."""
    if value is None:
        return ""
    if isinstance(value, Amount):
        whole, dot, rest = value.text(currency).partition(".")
        sign = "-" if whole.startswith("-") else ""
        return f"{sign}{int(whole.lstrip('-')):,}{dot}{rest}"
    if isinstance(value, Rate):
        return value.percent_text()
    if isinstance(value, bool):
        return "1" if value else ""
    if isinstance(value, enum.Enum):
        return str(value.value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def forget_others_files(ctx: KernelContext, typed: Typed) -> None:
    """Of files that were handed in before, a form says their numbers: those that the person may read are theirs."""
    mine: dict[str, int] = {}
    for name, identity in typed.kept.items():
        with suppress(NotFound):
            mine[name] = ctx.kernel.files.info(ctx, identity).id
    typed.kept = mine


def errors_of(web: Web, errors: Mapping[str, Any], labels: Mapping[str, str]) -> list[Values]:
    """The summary above a form: each error with the field that it is about."""
    return [
        {
            "href": f"#f-{name}" if name in labels else "",
            "label": labels.get(name, ""),
            "text": web.error(error),
        }
        for name, error in errors.items()
    ]
