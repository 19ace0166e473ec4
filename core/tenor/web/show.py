"""Values as a person reads them: in their language, amounts in 元 or 万元, states with their sign, names for ids."""

from __future__ import annotations

import enum
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from inspect import signature
from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy import select

from tenor.access.actors import SERVICE
from tenor.audit.entries import SECRET
from tenor.events.rows import table_of
from tenor.files.records import File
from tenor.records.specs import FieldSpec
from tenor.records.values import MASKED, from_ledger, masked
from tenor.views import address
from tenor.views.merge import has_page
from tenor.web.states import sign_of
from tenor_sdk.i18n import Text, _
from tenor_sdk.values import Amount, Money, Rate, exponent

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor_sdk.records import Record

Shown = dict[str, Any]
Names = Mapping[tuple[str, int], str]
HIDDEN: Final[Shown] = {"kind": "hidden"}
#: The kinds of field whose values stand at the right of a column.
AT_THE_END: Final = ("amount", "rate", "integer", "date", "time")
_MINUS: Final = "\u2212"
_HASH: Final = re.compile("[0-9a-f]{64}")
_HOME: Final = "CNY"


class Show:
    """Shows values to one person on one page.

    Args:
        ctx: as whom names are read.
        language: of words.
        ten_thousands: whether amounts in CNY are shown in 万元.
    """

    def __init__(self, ctx: KernelContext, language: str, *, ten_thousands: bool = False) -> None:
        self.ctx = ctx
        self.language = language
        self.ten_thousands = ten_thousands
        self._offered: dict[Any, dict[str, str]] = {}
        #: the record whose page it is, for what is offered by it
        self.about: Record | None = None

    # -- words ------------------------------------------------------------------------------------------------------

    def say(self, text: Text | str, plugin: str = "base") -> str:
        """A text in the person's language."""
        return self.ctx.kernel.translator.text(text, self.language, plugin)

    def label(self, spec: FieldSpec) -> str:
        """The label of a field."""
        return self.say(spec.label, spec.plugin)

    def title(self, record: type[Record]) -> str:
        """What one of these is called."""
        return self.say(record.singular(), record.__plugin__)

    def plural(self, record: type[Record]) -> str:
        """What several are called."""
        return self.say(record.plural(), record.__plugin__)

    def listed(self, parts: Iterable[str]) -> str:
        """Several in a row, with the sign that the language puts between them: ``A、B``."""
        return self.say(_(", ")).join(parts)

    def clauses(self, parts: Iterable[str]) -> str:
        """Several that have commas of their own: ``A；B``."""
        return self.say(_("; ")).join(parts)

    def new_one(self, kind: type[Record]) -> str:
        """What the way to a new record is called: ``New customer``."""
        return self.say(_("New {what}", what=self.within(self.title(kind))))

    def within(self, label: str) -> str:
        """A label as it stands within an English sentence: ``Customer`` → ``customer``, but ``NPL case``."""
        if self.language != "en" or label[1:2].isupper():
            return label
        return label[:1].lower() + label[1:]

    @property
    def unit(self) -> str:
        """The unit of a column of amounts."""
        return self.say(_("10k CNY")) if self.ten_thousands else self.say(_("CNY"))

    # -- figures ----------------------------------------------------------------------------------------------------

    def amount(
        self, value: Amount, currency: str = _HOME, *, lone: bool = False, adverse: bool = False
    ) -> Shown:
        """Money; ``lone`` where no column's head says its unit."""
        shown: Shown = {"kind": "money", "text": self.amount_text(value, currency)}
        if currency != _HOME:
            shown["currency"] = currency
        elif lone:
            shown["unit"] = self.unit
        if self.ten_thousands and currency == _HOME:
            shown["title"] = grouped(value.text(currency))
        if adverse:
            shown["adverse"] = True
        return shown

    def amount_text(self, value: Amount, currency: str = _HOME) -> str:
        """The figure alone, with separators: in 万元 with one decimal, else with all of the currency."""
        if not self.ten_thousands or currency != _HOME:
            return grouped(value.text(currency))
        tenths = Decimal(value.minor).scaleb(-exponent(currency) - 4)
        return grouped(format(tenths.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP), "f"))

    @staticmethod
    def rate(value: Rate, *, adverse: bool = False) -> Shown:
        """A share, as percent."""
        text = value.percent_text().replace("-", _MINUS)
        return {"kind": "percent", "text": f"{text}%", "adverse": adverse}

    @staticmethod
    def number(value: Any, *, adverse: bool = False) -> Shown:
        """A count: separators from 10,000 on, so that a year stays a year."""
        text = grouped(str(value)) if abs(int(value)) >= 10_000 else str(value).replace("-", _MINUS)
        return {"kind": "integer", "text": text, "adverse": adverse}

    @staticmethod
    def day(value: date, *, adverse: bool = False) -> Shown:
        """A day, as figures."""
        return {
            "kind": "date", "text": value.isoformat(), "iso": value.isoformat(), "adverse": adverse,
        }  # fmt: skip

    def instant(self, value: datetime) -> Shown:
        """An instant, in the institution's time zone."""
        local = self.local(value)
        return {"kind": "datetime", "text": f"{local:%Y-%m-%d %H:%M}", "iso": value.isoformat()}

    def local(self, value: datetime) -> datetime:
        """An instant in the institution's time zone."""
        return value.astimezone(self.ctx.kernel.clock.zone)

    def yes(self, on: bool) -> Shown:
        """Yes or no."""
        return {"kind": "bool", "text": self.say(_("Yes") if on else _("No"))}

    def state(self, record: type[Record], name: str) -> Shown:
        """A stage of a case, with its sign."""
        sign = sign_of(self.ctx.kernel, record, name)
        if sign is None:
            return {"kind": "state", "shape": "half", "text": name}
        return {"kind": "state", "shape": sign.shape, "text": self.say(sign.title, sign.plugin)}

    # -- fields -----------------------------------------------------------------------------------------------------

    def field(
        self,
        spec: FieldSpec,
        value: Any,
        *,
        of: type[Record],
        currency: str = _HOME,
        names: Names | None = None,
        lone: bool = False,
    ) -> Shown | None:
        """The value of a field.

        Args:
            of: the record whose field it is; its workflow knows the states.
            names: of the records that links lead to, by table and id; one that isn't there is not visible.
            lone: whether the amount's unit stands behind it.
        """
        if value is None or value == "":
            return None
        if spec.target is not None:
            return self.link(spec.target, int(value), names or {})
        if spec.kind == "state":
            return self.state(of, str(value))
        if spec.choices or spec.info.offered is not None:
            return {"text": self.choice(spec, value)}
        if spec.kind == "file":
            return self.file(int(value), names or {})
        return self.widget(spec, value) or self.plain(value, currency, lone=lone)

    def widget(self, spec: FieldSpec, value: Any) -> Shown | None:
        """What a field's own widget makes of its value; None where it has none."""
        widget = spec.info.widget
        if widget == "rating":
            return rating(str(value))
        if widget == "tags":
            listed = value if isinstance(value, (list, tuple)) else str(value).split(",")
            tags = [{"text": self.say(str(each), spec.plugin)} for each in listed if str(each)]
            return {"kind": "tags", "tags": tags}
        if widget == "severity" and str(value).isdecimal():
            return self.severity(int(value))
        if widget == "percent" and isinstance(value, int):
            return {"kind": "percent", "text": f"{value}%"}
        return {"kind": "long", "text": str(value)} if spec.kind == "long-text" else None

    def severity(self, level: int) -> Shown:
        """One of the four grades of a warning."""
        words = ("", _("Blue"), _("Yellow"), _("Orange"), _("Red"))
        level = max(0, min(level, 4))
        return {"kind": "severity", "level": level, "text": self.say(words[level]) if level else ""}

    def choice(self, spec: FieldSpec, value: Any) -> str:
        """The label of a choice."""
        raw = str(value.value) if isinstance(value, enum.Enum) else str(value)
        if spec.info.offered is not None:
            keys = raw.split() if spec.info.widget == "several" else [raw]
            return self.say(_(", ")).join(self.offered(spec).get(key, key) for key in keys)
        label = next((label for choice, label in spec.choices if choice == raw), raw)
        return self.say(label, spec.plugin)

    def offered(self, spec: FieldSpec) -> dict[str, str]:
        """What a form offers for a field, by key; asked once a page."""
        offer = spec.info.offered
        assert offer is not None  # asked for before
        if offer not in self._offered:
            of_one = len(signature(offer).parameters) > 1
            given = cast("Any", offer)(self.ctx, *((self.about,) if of_one else ()))
            self._offered[offer] = {key: self.say(label) for key, label in given}
        return self._offered[offer]

    def plain(self, value: Any, currency: str = _HOME, *, lone: bool = False) -> Shown | None:
        """A value by its type."""
        if value is None:
            return None
        if isinstance(value, Amount):
            return self.amount(value, currency, lone=lone)
        if isinstance(value, Money):
            return self.amount(value.amount, value.currency, lone=lone)
        if isinstance(value, Rate):
            return self.rate(value)
        if isinstance(value, bool):
            return self.yes(value)
        if isinstance(value, int):
            return self.number(value)
        if isinstance(value, datetime):
            return self.instant(value)
        if isinstance(value, date):
            return self.day(value)
        return self._worded(value)

    def _worded(self, value: Any) -> Shown:
        if isinstance(value, Text):
            return {"text": self.say(value)}
        if isinstance(value, enum.Enum):
            return {"text": self.say(str(value.value))}
        if isinstance(value, (dict, list, tuple)):
            return {"kind": "long", "text": json.dumps(value, ensure_ascii=False, default=str)}
        return {"text": str(value)}

    def link(self, target: type[Record], identity: int, names: Names) -> Shown:
        """The record behind a link, by its name; where it lies outside the person's rows, that it isn't visible."""
        name = names.get((target.__tablename__, identity))
        if name is None:
            return HIDDEN
        return {
            "kind": "link",
            "text": name,
            "href": address(target, identity) if has_page(target) else "",
        }

    @staticmethod
    def file(identity: int, names: Names) -> Shown:
        """A stored file."""
        name = names.get((File.__tablename__, identity))
        return {"kind": "file", "text": name or f"#{identity}", "href": f"/files/{identity}"}

    def masked(self, spec: FieldSpec, value: Any, href: str) -> Shown | None:
        """A masked value, with the way to see it."""
        if value in (None, ""):
            return None
        return {"kind": "masked", "text": masked(value, spec.info.mask), "reveal_href": href}

    # -- names ------------------------------------------------------------------------------------------------------

    def names(self, wanted: Iterable[tuple[type[Record], int]]) -> dict[tuple[str, int], str]:
        """Names of records that the person may read, and of files; one statement for each kind."""
        ids: dict[type[Record], set[int]] = {}
        for kind, identity in wanted:
            ids.setdefault(kind, set()).add(identity)
        found: dict[tuple[str, int], str] = {}
        for kind, some in ids.items():
            named = (
                self._file_names(some)
                if kind is File
                else self.ctx.kernel.records.display_names(self.ctx, kind, some)
            )
            found |= {
                (kind.__tablename__, identity): self._named(kind, identity, name)
                for identity, name in named.items()
            }
        return found

    def name(self, record: Record) -> str:
        """What a record is called before the person: on its page in the words of its form, where that has some."""
        heading = self.ctx.kernel.views.heading(self.ctx, record)
        if heading is not None:
            return self.say(heading)
        name = self.ctx.kernel.records.titles.of(self.ctx, record)
        return self._named(type(record), record.id, name)

    def names_of(self, records: Sequence[Record]) -> list[str]:
        """What each of some records is called."""
        names = self.ctx.kernel.records.titles.several(self.ctx, records)
        return [
            self._named(type(record), record.id, name)
            for record, name in zip(records, names, strict=True)
        ]

    def _named(self, kind: type[Record], identity: int, name: str) -> str:
        """A record without a name of its own is called what it is, in the person's language."""
        return f"{self.title(kind)} {identity}" if name == f"{kind.singular()} {identity}" else name

    def who(self, name: str) -> str:
        """Who acted: a person's name, or that of the plugin which did it by itself."""
        plugin = name.removeprefix(SERVICE)
        if plugin == name:
            return name
        found = self.ctx.kernel.loader.installed.get(plugin)
        title = self.say(found.stated.title, plugin) if found is not None else plugin
        return self.say(_("{plugin}, by itself", plugin=title))

    def _file_names(self, ids: set[int]) -> dict[int, str]:
        """Names of files that records link to which the person reads already."""
        table = table_of(File)
        statement = select(table.c.id, table.c.name).where(table.c.id.in_(ids))
        rows = self.ctx.kernel.db.execute(self.ctx.guarded, statement)
        return {row.id: row.name for row in rows}

    # -- the ledger's values ----------------------------------------------------------------------------------------

    def kept(
        self, spec: FieldSpec | None, value: Any, of: type[Record] | None, names: Names
    ) -> str:
        """A value of the ledger as text."""
        if value is None or value == "":
            return ""
        if value in (SECRET, MASKED):
            return MASKED
        if isinstance(value, str) and _HASH.fullmatch(value):
            return f"{value[:4]}…{value[-4:]}"
        shown = (
            self.plain(value)
            if spec is None or of is None
            else self.field(spec, from_ledger(spec.kind, value), of=of, names=names)
        )
        if shown is HIDDEN:
            return self.say(_("not visible to you"))
        if shown is not None and shown.get("kind") == "tags":
            return self.listed(tag["text"] for tag in shown["tags"])
        return str(shown.get("text", "")) if shown else ""


def rating(text: str) -> Shown:
    """A grade: the further down the scale, the plainer it is said."""
    if text.startswith("A"):
        band = "strong"
    else:
        middle = text in ("BBB", "BB", "B++", "B+")
        band = "middle" if middle else "weak" if text in ("B", "CCC") else "poor"
    return {"kind": "rating", "text": text, "band": band}


def grouped(figure: str) -> str:
    """``-20000000.00`` → ``−20,000,000.00``."""
    sign = _MINUS if figure.startswith("-") else ""
    whole, dot, rest = figure.lstrip("-").partition(".")
    return f"{sign}{int(whole):,}{dot}{rest}"
