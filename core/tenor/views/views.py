"""What plugins declare for the eye, checked at start and looked up by address."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tenor.events.breakers import LeftOut
from tenor.events.events import FAILURES
from tenor.events.timings import place_of
from tenor.records.asked import check_inputs
from tenor.views.bulk import Bulk
from tenor.views.bulk_course import Course
from tenor.views.catalogue import Catalogue
from tenor.views.dashboards import Dashboards
from tenor.views.errors import ViewError
from tenor.views.merge import ShownForm, default_list, form_of, has_page, list_of
from tenor.views.saved import SavedLists
from tenor.views.whens import check_whens
from tenor_sdk.access import Permission
from tenor_sdk.errors import Forbidden, NotFound, Refused
from tenor_sdk.i18n import Text
from tenor_sdk.records import Record, snake
from tenor_sdk.views import Action, Content, FormView, ListView, Menu, Panel, Tile, ViewPatch

if TYPE_CHECKING:
    from tenor.access.actors import ActorData
    from tenor.context import KernelContext
    from tenor.declarations import Declarations
    from tenor.kernel import Kernel
    from tenor_sdk.workflow import Transition


log = logging.getLogger(__name__)
#: people whose menus are kept
_MOST_RAILS: Final = 1_000


@dataclass(frozen=True)
class MenuItem:
    """A tab of an app.

    Args:
        title: English; translated by ``plugin``'s catalogue.
        href: where it leads.
    """

    title: str
    plugin: str
    href: str
    order: int


@dataclass(frozen=True)
class App:
    """An entry of the rail, with the tabs of which it is made; the first is where it leads."""

    title: str
    plugin: str
    icon: str
    order: int
    items: tuple[MenuItem, ...]


class Views:
    """The room of views."""

    def attach(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.saved = SavedLists(kernel)
        self.bulk = Bulk(kernel)
        self.bulk_course = Course(kernel)

    def load(self, declarations: Declarations) -> None:
        """Take in every view, merge patches, check columns and anchors.

        Raises:
            ViewError: with file and line.
            TypeError: for an input whose bounds don't fit, likewise.
        """
        self.catalogue = Catalogue(self.kernel, declarations)
        patches = declarations.of(ViewPatch)
        self._patched: dict[int, ListView] = {}
        self.lists: dict[type[Record], dict[str, ListView]] = {}
        self.menus = declarations.of(Menu)
        self._apps: dict[int, tuple[ActorData, Sequence[App]]] = {}
        declared = [
            *(menu.view for menu in self.menus if isinstance(menu.view, ListView)),
            *declarations.of(ListView),
        ]
        for view in declared:
            self._take_list(view, patches)
        forms = {form.record: form for form in declarations.of(FormView)}
        self.forms: dict[type[Record], ShownForm] = {}
        for record in declarations.records:
            if has_page(record):
                self._take_record(record, forms.get(record), patches)
        self.actions: dict[type[Record], list[Action]] = {}
        for action in declarations.of(Action):
            self._take_action(action)
        self.tiles = sorted(declarations.of(Tile), key=lambda tile: tile.order)
        self.dashboards = Dashboards(declarations, self._shown_list)

    def _take_list(self, view: ListView, patches: Sequence[ViewPatch]) -> None:
        if id(view) in self._patched:
            return
        known = self.lists.setdefault(view.record, {})
        merged = list_of(view, [patch for patch in patches if patch.view is view])
        self._patched[id(view)] = merged
        key = "" if not known else snake(view.title.replace(" ", "")) or str(len(known))
        known[key] = merged

    def _shown_list(self, view: ListView) -> ListView:
        """A declared list, with what others add to it.

        Raises:
            ViewError: no plugin that runs declares it.
        """
        if id(view) not in self._patched:
            raise ViewError(
                view.origin, f"no menu or name holds this list of {view.record.__name__}"
            )
        return self._patched[id(view)]

    def _take_record(
        self, record: type[Record], form: FormView | None, patches: Sequence[ViewPatch]
    ) -> None:
        mine = [
            patch
            for patch in patches
            if patch.view is record or (form is not None and patch.view is form)
        ]
        self.forms[record] = form_of(record, form, mine)
        check_whens(self.forms[record], self.kernel.expressions.whens.of(record))
        for panel in self.forms[record].panels():
            self._check_beside(record, panel)
        if record not in self.lists:
            self.lists[record] = {"": default_list(record)}

    def _check_beside(self, record: type[Record], panel: Panel) -> None:
        for step in panel.beside:
            if self.kernel.workflow.named(record, step.name) is not step:
                problem = f"{step.name!r} is no step of {record.__name__}"
                raise ViewError(panel.origin, problem)

    def _take_action(self, action: Action) -> None:
        known = self.actions.setdefault(action.on, [])
        if any(other.name == action.name for other in known):
            raise ViewError(
                action.origin, f"{action.on.__name__} has another action {action.name!r}"
            )
        if action.inputs is not None:
            check_inputs(action.inputs)
        known.append(action)

    # -- asked ------------------------------------------------------------------------------------------------------

    def list_view(self, record: type[Record], key: str = "") -> ListView:
        """The list of a record; ``key`` for one beside the first."""
        known = self.lists[record]
        return known.get(key) or known[""]

    def form(self, record: type[Record]) -> ShownForm:
        """The merged page of a record."""
        return self.forms[record]

    def heading(self, ctx: KernelContext, record: Record) -> Text | None:
        """What its form calls a record; None where it has no words for it, or they fail: it goes by its ``display``."""
        form = self.forms.get(type(record))
        if form is None or form.heading is None:
            return None
        plugin, name = type(record).__plugin__, place_of(form.heading, type(record).__name__)
        try:
            with self._apart(ctx, "heading", plugin, name):
                return form.heading(ctx, record)
        except LeftOut:
            return None
        except FAILURES:
            log.exception("the heading of %s failed", type(record).__tablename__)
            return None

    def content(
        self, ctx: KernelContext, panel: Panel, record: Record
    ) -> Content | Sequence[Content]:
        """What a panel shows of a record; asked for in a savepoint by whoever goes on where it fails.

        Raises:
            LeftOut: it kept failing, and isn't asked for now.
        """
        name = place_of(panel.content, panel.title)
        with self.kernel.events.breakers.optional(ctx, "panel", panel.plugin, name):
            return panel.content(ctx, record)

    @contextmanager
    def _apart(self, ctx: KernelContext, kind: str, plugin: str, name: str) -> Iterator[None]:
        """A callback that may be left out; what failed of it in the database is undone: the page is read on.

        Raises:
            LeftOut: it isn't to be called for now.
        """
        optional = self.kernel.events.breakers.optional(ctx, kind, plugin, name)
        with optional, self.kernel.db.savepoint(ctx.guarded):
            yield

    def beside(self, record: type[Record], step: Transition) -> list[Panel]:
        """What is to be seen where a step is taken."""
        return [panel for panel in self.forms[record].panels() if step in panel.beside]

    def actions_on(self, record: type[Record], *, on_list: bool) -> list[Action]:
        """The actions offered on a record's page, or on its list."""
        return [action for action in self.actions.get(record, ()) if action.on_list is on_list]

    def list_href(self, record: type[Record]) -> str:
        """Where the list of a kind of record is."""
        return address(record)

    # -- actions ----------------------------------------------------------------------------------------------------

    def action(self, record: type[Record], name: str, *, on_list: bool) -> Action:
        """An action by its name.

        Raises:
            NotFound: ``not-found``.
        """
        found = next(
            (one for one in self.actions_on(record, on_list=on_list) if one.name == name), None
        )
        if found is None:
            raise NotFound("not-found")
        return found

    def named(self, record: type[Record], name: str, plugin: str) -> Action | None:
        """The action that the ledger means; None where nobody has it any more."""
        known = self.actions.get(record, ())
        return next((one for one in known if (one.name, one.plugin) == (name, plugin)), None)

    def may_act(self, ctx: KernelContext, action: Action, record: Record | None) -> bool:
        """Whether an action is offered to this person, on this record or on its list; one of which that can't be told
        isn't."""
        if not self._permitted(ctx, action, record):
            return False
        if action.shown is None or record is None:
            return True
        try:
            with self._apart(ctx, "offer", action.plugin, _named(action)):
                return self._fits(ctx, action, record)
        except LeftOut:
            return False
        except FAILURES:
            log.exception("whether %s is offered can't be told", _named(action))
            return False

    def check_act(self, ctx: KernelContext, action: Action, record: Record | None) -> None:
        """Raise where an action isn't offered.

        Raises:
            Forbidden: ``not-permitted``.
            Refused: ``not-offered``: not on this record as it is now.
        """
        if not self._permitted(ctx, action, record):
            raise Forbidden("not-permitted", what=Text(action.title, module=action.origin.module))
        if not self._fits(ctx, action, record):
            raise Refused("not-offered", what=Text(action.title, module=action.origin.module))

    def carry_out(
        self, ctx: KernelContext, action: Action, record: Record | None, inputs: object
    ) -> Text | str | Refused | None:
        """Do what an action does, as a procedure of its plugin, put on record.

        Returns:
            What the person is told, or with a leading ``/`` where they are taken; a refusal of which the trace stays.

        Raises:
            Forbidden, Refused: as ``check_act``, and whatever the action refuses.
        """
        self.check_act(ctx, action, record)
        access = self.kernel.access
        with access.standing.taken(ctx, access.giver(ctx, *self._right(ctx, action, record))):
            with (
                self.kernel.events.timings.timed("action", action.plugin, _named(action)),
                access.procedure(ctx, action.plugin, action.name),
            ):
                told = action.do(ctx, record, inputs)
            kind = "action-refused" if isinstance(told, Refused) else "action"
            self.kernel.audit.note(ctx, kind, record, name=action.name, plugin=action.plugin)
        return told

    def _permitted(self, ctx: KernelContext, action: Action, record: Record | None) -> bool:
        return ctx.may(*self._right(ctx, action, record))

    @staticmethod
    def _right(
        ctx: KernelContext, action: Action, record: Record | None
    ) -> tuple[type[Record] | Permission | Transition, str, Record | None]:
        """The right that an action needs. Of several sets of rights the one that sees the record must have it."""
        if action.needs is None:
            return action.on, "update", record
        if isinstance(action.needs, Permission) and not ctx.actor.stands_in:
            return action.needs, "use", None
        return action.needs, "use", record

    def _fits(self, ctx: KernelContext, action: Action, record: Record | None) -> bool:
        return action.shown is None or record is None or action.shown(ctx, record)

    # -- menus ------------------------------------------------------------------------------------------------------

    def apps(self, ctx: KernelContext) -> Sequence[App]:
        """The rail for this person: apps with at least one tab that they may open. Made once for each reading of a
        person, as long as nobody's rights change and no day ends."""
        actor = ctx.actor
        if len(self._apps) > _MOST_RAILS:
            self._apps.clear()
        kept = self._apps.get(id(actor))
        if kept is None or kept[0] is not actor:
            kept = self._apps[id(actor)] = actor, self._apps_of(ctx)
        return kept[1]

    def _apps_of(self, ctx: KernelContext) -> list[App]:
        items: dict[str, list[MenuItem]] = {}
        for menu in self.menus:
            if self._open_to(ctx, menu):
                items.setdefault(menu.app or menu.title, []).append(self._item(menu))
        apps = []
        for menu in self.menus:
            if not menu.app and menu.title in items:
                tabs = sorted(items.pop(menu.title), key=lambda item: item.order)
                apps.append(App(menu.title, menu.plugin, menu.icon, menu.order, tuple(tabs)))
        for title, tabs in items.items():  # the app's own entry isn't open to them
            own = next((menu for menu in self.menus if menu.title == title and not menu.app), None)
            if own is not None:
                apps.append(App(title, own.plugin, own.icon, own.order, tuple(tabs)))
        return sorted(apps, key=lambda app: app.order)

    def _open_to(self, ctx: KernelContext, menu: Menu) -> bool:
        if menu.needs is not None and not ctx.may(menu.needs):
            return False
        if isinstance(menu.view, ListView):
            return ctx.may(menu.view.record, "read")
        page = self.dashboards.at(menu.view)
        return page is None or self.dashboards.open_to(ctx, page)

    def _item(self, menu: Menu) -> MenuItem:
        """A tab; the first of an app bears the name of its list, as the app's own stands beside it already."""
        if menu.app or not isinstance(menu.view, ListView):
            return MenuItem(menu.title, menu.plugin, self.href(menu), menu.order)
        view = menu.view
        title, plugin = (
            (view.title, view.plugin)
            if view.title
            else (view.record.plural(), view.record.__plugin__)
        )
        return MenuItem(title, plugin, self.href(menu), menu.order)

    def href(self, menu: Menu) -> str:
        """Where a menu leads."""
        if not isinstance(menu.view, ListView):
            return menu.view
        key = self.key_of(menu.view)
        record = menu.view.record
        return f"{address(record)}?view={key}" if key else address(record)

    def key_of(self, view: ListView) -> str:
        """By which a declared list is known among those of its record; empty: the first."""
        merged, known = self._shown_list(view), self.lists[view.record]
        return next(key for key, each in known.items() if each is merged)


def _named(action: Action) -> str:
    return f"{action.on.slug()}.{action.name}"


def address(record: type[Record], identity: int | None = None) -> str:
    """Where the list of a kind of record, or one of them, is: ``/loans/loan/7``."""
    base = f"/{record.__plugin__}/{record.slug()}"
    return base if identity is None else f"{base}/{identity}"
