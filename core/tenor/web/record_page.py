"""The page of one record: what it is, where it stands, what can be done, what belongs to it, what happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Response, request
from sqlalchemy import func, select

from tenor.access.access import link_of
from tenor.db.numbers import number
from tenor.events.breakers import LeftOut
from tenor.events.events import FAILURES
from tenor.files.records import File
from tenor.records import FieldSpec, PageQuery
from tenor.records.paging import CAP
from tenor.records.specs import specs_of, value_of
from tenor.records.values import currency_of
from tenor.views.merge import ShownSection, has_page
from tenor.web import addresses, buttons
from tenor.web.choosing import plain
from tenor.web.contents import Contents
from tenor.web.graph import network_of
from tenor.web.heads import NAMES
from tenor.web.lines import Relation, lines_table, relations_of
from tenor.web.listed import readable
from tenor.web.reporting import in_its_place, put_on_record
from tenor.web.rows import column_head, rows_of
from tenor.web.timeline import Timeline
from tenor.web.votes import Votes
from tenor_sdk.computed import Computed
from tenor_sdk.i18n import _
from tenor_sdk.records import Archivable, Extension, host_of, words
from tenor_sdk.views import ListView, Network, Panel, Path, Related

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.views import ShownForm, ShownTab
    from tenor.web.web import Web
    from tenor_sdk.records import Record

Values = dict[str, Any]
_RELATED: int = 20
#: the heading of the fields that the institution added
OWN_FIELDS: Final = _("Further information")


def routes(at: Blueprint, web: Web) -> None:
    """``/<plugin>/<record>/<id>`` and the parts that arrive later."""

    @at.get("/<plugin>/<slug>/<int:identity>")
    def record_page(plugin: str, slug: str, identity: int) -> Response:
        kind = web.kernel.records.find(plugin, slug)
        with web.reading() as ctx:
            web.kernel.records.titles.keep(ctx)
            return RecordPage(web, ctx, found(web, ctx, kind, identity)).response()

    @at.get("/<plugin>/<slug>/<int:identity>/buttons")
    def smart_buttons(plugin: str, slug: str, identity: int) -> Response:
        kind = web.kernel.records.find(plugin, slug)
        with web.reading() as ctx:
            page = RecordPage(web, ctx, found(web, ctx, kind, identity))
            return web.fragment("parts/page.html", "smart", page.counts())


def found(web: Web, ctx: KernelContext, kind: type[Record], identity: int) -> Record:
    """A record that has a page and that the person may read.

    Raises:
        NotFound: ``not-found``.
    """
    readable(ctx, kind)
    return web.kernel.records.get(ctx, kind, identity)


class RecordPage:
    """One record's page for one person.

    Args:
        record: loaded in ``ctx``.
    """

    def __init__(self, web: Web, ctx: KernelContext, record: Record) -> None:
        self.web, self.ctx, self.record = web, ctx, record
        self.kind = type(record)
        self.show = web.show(ctx)
        self.show.about = record
        self.form: ShownForm = web.kernel.views.form(self.kind)
        self.effects = web.kernel.records.effects(ctx, record)
        self.standing = web.kernel.expressions.whens.of_record(ctx, record)
        self.currency = currency_of(record)
        self.extensions: dict[type[Record], Record | None] = {}
        self.names: dict[tuple[str, int], str] = {}

    def response(self) -> Response:
        """The page."""
        tab = self._tab()
        self._name_links(tab)
        main, side = self._parts(tab)
        offered = buttons.Offers(self.web, self.ctx, self.show, self.record)
        votes = Votes(self.web, self.ctx, self.show, self.record)
        timeline = Timeline(self.web, self.ctx, self.show, self.record).panel()
        values = {
            "title": self.show.name(self.record),
            "head": self.head(offered),
            "stages": offered.stages(),
            "tabs": self.tabs(tab),
            "smart": self.links(),
            "smart_load": addresses.of(self.record, "buttons") if self.form.buttons else "",
            "main": [
                *self._here_again(timeline),
                *offered.blocked(),
                *offered.tasks(),
                *votes.panels(),
                *main,
            ],
            "side": [*side, timeline],
        }
        return self.web.page(self.ctx, "record.html", values)

    def _here_again(self, timeline: Values) -> list[Values]:
        """That a comment is here again which was being written when a session ended, with the way to it: its form
        stands far below on a narrow page, and who comes again may have come for something else."""
        told = timeline.get("compose", {}).pop("again", None)
        if told is None:
            return []
        return [
            {
                "kind": "notice",
                **told,
                "href": f"{addresses.of(self.record)}#timeline",
                "link_label": self.show.say(_("To the comment")),
            }
        ]

    # -- head -------------------------------------------------------------------------------------------------------

    def head(self, offered: buttons.Offers) -> Values:
        """Name, state, facts and what can be done."""
        kind = {
            "label": self.show.plural(self.kind),
            "href": self.web.kernel.views.list_href(self.kind),
        }
        return {
            "title": self.show.name(self.record),
            "crumb": [kind],
            "sub": self.show.title(self.kind),
            "actions": offered.actions(),
            **self._standing(),
        }

    def gist(self) -> Values:
        """State and facts alone, for the title block of a page that is about something done to it."""
        self.names = self.show.names(self._linked(self.form.facts))
        return self._standing()

    def votes(self, step: str) -> list[Values]:
        """How a decision of several people stands, for the page of their vote."""
        return Votes(self.web, self.ctx, self.show, self.record).of(step)

    def _standing(self) -> Values:
        facts = self.fields(self.form.facts)
        made: Values = {"facts": [facts] if facts else []}
        if isinstance(self.record, Archivable) and self.record.archived:
            made["tags"] = [{"text": self.show.say(_("Archived"))}]
        state = next((spec for spec in specs_of(self.kind).values() if spec.kind == "state"), None)
        if state is not None:
            made["state"] = self.show.state(self.kind, str(getattr(self.record, state.key)))
        return made

    # -- tabs -------------------------------------------------------------------------------------------------------

    def _tab(self) -> ShownTab:
        given = request.args.get("tab", "0")
        place = number(given) or 0
        return self.form.tabs[place if place < len(self.form.tabs) else 0]

    def tabs(self, current: ShownTab) -> list[Values]:
        """The tabs, where there is more than one."""
        if len(self.form.tabs) < 2:
            return []
        here = addresses.of(self.record)
        return [
            {
                "label": self.show.say(tab.title, tab.plugin) or self.show.say(_("Overview")),
                "href": addresses.with_query(here, {"tab": place or ""}),
                "current": tab is current,
            }
            for place, tab in enumerate(self.form.tabs)
        ]

    def _parts(self, tab: ShownTab) -> tuple[list[Values], list[Values]]:
        main: list[Values] = []
        side: list[Values] = []
        shown_lines: set[str] = set()
        for part in tab.content:
            if isinstance(part, ShownSection):
                main += self.section(part, shown_lines)
            elif isinstance(part, Panel):
                (side if part.aside else main).extend(self.panel(part))
            elif isinstance(part, Network):
                main += self.network(part)
            else:
                main += self.related(part)
        if tab is self.form.tabs[0]:
            main += self.own_fields()
            side += self.external_ids()
            placed = self._placed_lines()
            rest = [each for each in relations_of(self.kind) if each.key not in placed]
            main += [self.lines(relation) for relation in rest]
        return main, side

    def _placed_lines(self) -> set[str]:
        """The lines that stand in a section, or are shown by a panel in its own way."""
        placed: list[Any] = []
        for part in (part for tab in self.form.tabs for part in tab.content):
            if isinstance(part, ShownSection):
                placed += part.fields
            elif isinstance(part, Panel):
                placed.append(part.lines)
        return {getattr(attribute, "key", "") for attribute in placed}

    # -- sections ---------------------------------------------------------------------------------------------------

    def section(self, section: ShownSection, shown_lines: set[str]) -> list[Values]:
        """A section: its fields, then the lines that stand in it."""
        relations = {relation.key: relation for relation in relations_of(self.kind)}
        wanted = [getattr(field, "key", "") for field in section.fields]
        lines = [self.lines(relations[key]) for key in wanted if key in relations]
        fields = self.fields(
            [
                field
                for field in section.fields
                if (key := getattr(field, "key", "")) not in relations and self._has(field, key)
            ]
        )
        title = self.show.say(section.title, section.plugin) if section.title else ""
        if lines and not fields:
            lines[0]["title"] = title or lines[0]["title"]
        panel = {"kind": "fields", "title": title, "label": title or self.show.title(self.kind),
                 "fields": fields, "columns": 2}  # fmt: skip
        return [panel, *lines] if fields else lines

    def _has(self, field: Any, key: str) -> bool:
        """Whether the page has a field; what goes by a choice that isn't shown is there in any case."""
        if getattr(field, "class_", None) is not self.kind:
            return True
        if key in self.standing.hidden:
            return False
        by, _values = self.form.only.get(key, ("", ()))
        if self.effects.get(by) in ("hide", "mask"):
            return True
        return self.form.has(key, lambda name: plain(getattr(self.record, name)))

    def own_fields(self) -> list[Values]:
        """The fields that the institution added."""
        specs = self.web.kernel.records.custom.shown(self.ctx, self.kind, self.record)
        title = self.show.say(OWN_FIELDS)
        fields = [
            {
                "label": self.show.label(spec),
                "value": self.show.field(
                    spec,
                    value_of(self.record, spec),
                    of=self.kind,
                    currency=self.currency,
                    lone=True,
                ),
                "full": spec.kind == "long-text",
            }
            for spec in specs
        ]
        if not fields:
            return []
        return [{"kind": "fields", "title": title, "label": title, "fields": fields, "columns": 2}]

    def external_ids(self) -> list[Values]:
        """What other systems call it, where somebody said."""
        found = self.web.kernel.records.external.of(self.ctx, self.record)
        title = self.show.say(_("Ids in other systems"))
        fields = [{"label": source, "value": {"text": value}} for source, value in found.items()]
        if not fields:
            return []
        return [{"kind": "fields", "title": title, "label": title, "fields": fields, "columns": 1}]

    def fields(self, attributes: Iterable[Any]) -> list[Values]:
        """Labels and values of attributes, those left out that this person isn't shown."""
        made = [self.field(attribute) for attribute in attributes]
        return [one for one in made if one is not None]

    def field(self, attribute: Any) -> Values | None:
        """One label with its value."""
        holder, spec = self._held(attribute)
        if spec is None:
            return None
        effects = self.effects if holder is self.record else self._effects_of(holder)
        effect = effects.get(spec.key)
        if effect == "hide":
            return None
        value = getattr(holder, spec.key, None) if holder is not None else None
        if effect == "mask" and holder is self.record:
            shown = self.show.masked(spec, value, addresses.of(self.record, "reveal", spec.key))
        elif effect == "mask":
            shown = {"kind": "masked", "text": "••••"} if value else None
        else:
            shown = self.show.field(
                spec, value, of=type(holder) if holder is not None else self.kind,
                currency=self.currency, names=self.names, lone=True,
            )  # fmt: skip
        return {
            "label": self._label(attribute, spec),
            "value": shown,
            "full": spec.kind in ("long-text", "json"),
        }

    def _label(self, attribute: Any, spec: FieldSpec) -> str:
        if isinstance(attribute, Path) and spec.key in NAMES:
            relation = attribute.steps[-2]
            return self.show.say(words(relation.key), relation.class_.__plugin__)
        return self.show.label(spec)

    def _held(self, attribute: Any) -> tuple[Any, FieldSpec | None]:
        """The object that holds an attribute's value, and the attribute's spec."""
        if isinstance(attribute, Computed):
            return self.record, specs_of(self.kind).get(attribute.key)
        if isinstance(attribute, Path):
            return self._through(attribute)
        owner = attribute.class_
        if owner is self.kind:
            return self.record, specs_of(self.kind).get(attribute.key)
        if issubclass(owner, Extension) and host_of(owner, Extension) is self.kind:
            return self._extension(owner), specs_of(owner).get(attribute.key)
        return None, None

    def _through(self, path: Path) -> tuple[Any, FieldSpec | None]:
        holder: Any = self.record
        for step in path.steps[:-1]:
            effects = self.effects if holder is self.record else self._effects_of(holder)
            if effects.get(link_of(step)) in ("hide", "mask"):
                return None, None
            holder = getattr(holder, step.key, None) if holder is not None else None
        last = path.steps[-1]
        return holder, specs_of(last.class_).get(last.key)

    def _extension(self, owner: type[Record]) -> Record | None:
        if owner not in self.extensions:
            self.extensions[owner] = self.ctx.session.get(owner, self.record.id)
        return self.extensions[owner]

    def _effects_of(self, holder: Record | None) -> Mapping[str, str]:
        return {} if holder is None else self.web.kernel.records.effects(self.ctx, holder)

    # -- names of what is linked to ---------------------------------------------------------------------------------

    def _name_links(self, tab: ShownTab) -> None:
        attributes = [*self.form.facts]
        for part in tab.content:
            if isinstance(part, ShownSection):
                attributes += part.fields
        self.names = self.show.names(self._linked(attributes))

    def _linked(self, attributes: Iterable[Any]) -> list[tuple[type[Record], int]]:
        wanted: list[tuple[type[Record], int]] = []
        for attribute in attributes:
            holder, spec = self._held(attribute)
            value = getattr(holder, spec.key, None) if holder is not None and spec else None
            if spec is None or not isinstance(value, int) or isinstance(value, bool):
                continue
            if spec.target is not None:
                wanted.append((spec.target, value))
            elif spec.kind == "file":
                wanted.append((File, value))
        return wanted

    # -- panels, lines, related -------------------------------------------------------------------------------------

    def panel(self, panel: Panel) -> list[Values]:
        """What a function of a plugin fills; one that fails leaves a word in its place, not the page."""
        if panel.needs is not None and not self.ctx.may(panel.needs):
            return []
        title = self.show.say(panel.title, panel.plugin)
        try:
            with self.web.kernel.db.savepoint(self.ctx.guarded):
                return self._filled(panel, title)
        except FAILURES as error:  # whatever a plugin's code raises stays in its own sheet
            put_on_record(self.web.kernel, error)
            notice = in_its_place(self.show.say, self.ctx.request_id)
            return [{"kind": "empty", "title": title, "empty": notice}]

    def _filled(self, panel: Panel, title: str) -> list[Values]:
        try:
            content = self.web.kernel.views.content(self.ctx, panel, self.record)
        except LeftOut:
            text = self.show.say(_("This part is left out for now, as it kept failing."))
            return [{"kind": "empty", "title": title, "empty": {"title": text}}]
        return Contents(self.web, self.show, panel.plugin).panels(title, content)

    def lines(self, relation: Relation) -> Values:
        """The lines of a record as a table."""
        return lines_table(self.web, self.ctx, self.show, self.record, relation)

    def related(self, related: Related) -> list[Values]:
        """Records that point here, the first of them, with the way to all."""
        kind = related.through.class_
        if not self._sees(related.through):
            return []
        view = ListView(kind, related.columns)
        key = related.through.key
        query = PageQuery(filters={key: [str(self.record.id)]}, size=_RELATED, archived=True)
        page = self.web.kernel.records.page(self.ctx, view, query)
        title = self.show.say(related.title, related.plugin) or self.show.plural(kind)
        columns = [
            column_head(self.show, column, page, identity=place == 0)
            for place, column in enumerate(page.columns)
        ]
        table = {
            "columns": columns,
            "rows": rows_of(self.web, self.ctx, self.show, page),
            "caption": title,
            "empty": {"title": self.show.say(_("None yet."))},
        }
        count = f"{CAP:,}+" if page.count > CAP else str(page.count)
        made: Values = {
            "kind": "table",
            "title": title,
            "count": count,
            "table": table,
            "label": title,
        }
        if has_page(kind) and page.following:
            href = addresses.filtered(kind, **{key: str(self.record.id)})
            made["actions"] = [{"label": self.show.say(_("All")), "href": href, "plain": True}]
        return [made]

    def network(self, network: Network) -> list[Values]:
        """What the record is linked to, as a graph."""
        made = network_of(self.ctx, self.show, network, self.record)
        return [made] if made is not None else []

    # -- smart buttons ----------------------------------------------------------------------------------------------

    def links(self) -> list[Values]:
        """The smart buttons before they are counted."""
        return [
            {
                "label": self.show.plural(link.class_),
                "href": addresses.filtered(link.class_, **{link.key: str(self.record.id)}),
            }
            for link in self.form.buttons
            if self._sees(link)
        ]

    def counts(self) -> list[Values]:
        """The smart buttons with their counts, of what the person may see."""
        allowed = [link for link in self.form.buttons if self._sees(link)]
        return [
            {**shown, "count": self._count(link)}
            for shown, link in zip(self.links(), allowed, strict=True)
        ]

    def _sees(self, link: Any) -> bool:
        """Whether the person may read records that point here, and see that they do."""
        return self.ctx.may(link.class_, "read") and self.web.kernel.access.may_sort(self.ctx, link)

    def _count(self, link: Any) -> str:
        inner = select(link.class_.id).where(link == self.record.id).limit(CAP + 1).subquery()
        number = self.ctx.session.scalar(select(func.count(inner.c.id)).select_from(inner)) or 0
        return f"{CAP:,}+" if number > CAP else str(number)
