"""Views as they are shown: declared ones with what other plugins add, and defaults for records without one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tenor.records.specs import specs_of
from tenor.views.errors import ViewError
from tenor.views.looks import check_look, check_network
from tenor_sdk.computed import Computed
from tenor_sdk.declare import Declaration, Origin
from tenor_sdk.looks import Look
from tenor_sdk.records import Extension, Line, Record, host_of
from tenor_sdk.views import (
    FormView,
    ListView,
    Network,
    Panel,
    Path,
    Related,
    Section,
    Tab,
    ViewPatch,
)

if TYPE_CHECKING:
    from tenor_sdk.context import Context
    from tenor_sdk.i18n import Text


@dataclass
class ShownSection:
    """Fields under a heading; ``extensions`` are records of other plugins whose fields stand among them."""

    title: str
    plugin: str
    fields: list[Any]
    anchor: Section | None = None


@dataclass
class ShownTab:
    """A tab; the first has no title."""

    title: str
    plugin: str
    content: list[ShownSection | Panel | Related]
    anchor: Tab | None = None


@dataclass
class ShownForm:
    """The page of one record.

    Args:
        record: whose.
        tabs: the first is shown at first.
        facts: attributes in the title block.
        buttons: links by which others point here.
        heading: what the page is called; None: as the record is.
        only: of a field by which other one, and with which values of it, it is there; else it always is.
    """

    record: type[Record]
    tabs: list[ShownTab]
    facts: list[Any] = field(default_factory=list)
    buttons: list[Any] = field(default_factory=list)
    heading: Callable[[Context, Any], Text] | None = None
    only: dict[str, tuple[str, frozenset[str]]] = field(default_factory=dict)

    def has(self, key: str, now: Callable[[str], str]) -> bool:
        """Whether the page has a field.

        Args:
            now: the value of another one.
        """
        by, values = self.only.get(key, ("", frozenset()))
        return not by or now(by) in values

    def panels(self) -> Iterator[Panel]:
        """The sheets of every tab that functions fill."""
        for tab in self.tabs:
            yield from (part for part in tab.content if isinstance(part, Panel))


def form_of(
    record: type[Record], declared: FormView | None, patches: Sequence[ViewPatch]
) -> ShownForm:
    """The merged page of a record.

    Raises:
        ViewError: a field of another record, or a patch whose anchor isn't there.
    """
    form = _declared(declared) if declared is not None else _default(record)
    for patch in patches:
        for added in reversed(patch.add) if patch.after is not None else patch.add:
            _add_to_form(form, patch, added)
        for fact in patch.facts:
            _check_field(record, fact, patch.origin)
        form.facts[:0] = patch.facts
    for tab in form.tabs:
        for part in tab.content:
            if isinstance(part, ShownSection):
                _check_fields(record, part)
            elif isinstance(part, Network):
                check_network(record, part)
    return form


def _declared(view: FormView) -> ShownForm:
    tabs = [ShownTab("", view.plugin, [])]
    facts, buttons = list(view.facts), list(view.buttons)
    form = ShownForm(view.record, tabs, facts, buttons, view.heading, _only(view))
    for part in view.content:
        if isinstance(part, Tab):
            form.tabs.append(_tab(part))
        else:
            form.tabs[0 if len(form.tabs) == 1 else -1].content.append(_part(part))
    if not form.tabs[0].content and len(form.tabs) > 1:
        form.tabs.pop(0)
    return form


def _only(view: FormView) -> dict[str, tuple[str, frozenset[str]]]:
    """What stands in ``only``, by field.

    Raises:
        ViewError: a field of another record, or one that two others decide.
    """
    found: dict[str, tuple[str, frozenset[str]]] = {}
    for one in view.only:
        for each in (one.by, *one.fields):
            _check_field(view.record, each, view.origin)
        for each in one.fields:
            by, values = found.get(each.key, (one.by.key, frozenset()))
            if by != one.by.key:
                raise ViewError(view.origin, f"{each.key} goes by {by} and by {one.by.key}")
            found[each.key] = by, values | frozenset(one.values)
    return found


def _tab(tab: Tab) -> ShownTab:
    return ShownTab(tab.title, tab.plugin, [_part(part) for part in tab.content], tab)


def _part(part: Section | Panel | Related) -> ShownSection | Panel | Related:
    if isinstance(part, Section):
        return ShownSection(part.title, part.plugin, list(part.fields), part)
    return part


def _default(record: type[Record]) -> ShownForm:
    """Every field that isn't a secret or a stamp, under no heading; then the lines."""
    fields = [
        spec.attribute
        for spec in specs_of(record).values()
        if spec.attribute is not None
        and not spec.info.secret
        and not (spec.readonly and spec.kind != "state" and not spec.info.number)
    ]
    return ShownForm(
        record, [ShownTab("", record.__plugin__, [ShownSection("", record.__plugin__, fields)])]
    )


def _add_to_form(form: ShownForm, patch: ViewPatch, added: Any) -> None:
    if isinstance(added, Tab):
        form.tabs.insert(_tab_place(form, patch), _tab(added))
    elif isinstance(added, (Section, Panel, Related)):
        tab, place = _part_place(form, patch)
        tab.content.insert(place, _part(added))
    else:
        section, place = _field_place(form, patch)
        section.fields.insert(place, added)


def _tab_place(form: ShownForm, patch: ViewPatch) -> int:
    for place, tab in enumerate(form.tabs):
        if patch.after is not None and tab.anchor is patch.after:
            return place + 1
    if isinstance(patch.after, Tab):
        raise ViewError(patch.origin, f"the tab {patch.after.title!r} isn't on that page")
    return len(form.tabs)


def _part_place(form: ShownForm, patch: ViewPatch) -> tuple[ShownTab, int]:
    if patch.after is None:
        return form.tabs[0], len(form.tabs[0].content)
    for tab in form.tabs:
        if tab.anchor is patch.after:
            return tab, len(tab.content)
        for place, part in enumerate(tab.content):
            if (
                part is patch.after
                or getattr(part, "anchor", None) is patch.after
                or _holds(part, patch.after)
            ):
                return tab, place + 1
    raise ViewError(patch.origin, "its anchor isn't on that page")


def _field_place(form: ShownForm, patch: ViewPatch) -> tuple[ShownSection, int]:
    sections = [part for tab in form.tabs for part in tab.content if isinstance(part, ShownSection)]
    if patch.after is None and sections:
        return sections[0], len(sections[0].fields)
    for section in sections:
        if section.anchor is not None and section.anchor is patch.after:
            return section, len(section.fields)
        for place, shown in enumerate(section.fields):
            if _same(shown, patch.after):
                return section, place + 1
    raise ViewError(patch.origin, "its anchor isn't on that page")


def _holds(part: object, anchor: Any) -> bool:
    return isinstance(part, ShownSection) and any(_same(shown, anchor) for shown in part.fields)


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, Path) or isinstance(other, (Path, Declaration)):
        return one is other
    return getattr(one, "class_", None) is getattr(other, "class_", 0) and getattr(
        one, "key", None
    ) == getattr(other, "key", 0)


def _check_fields(record: type[Record], section: ShownSection) -> None:
    origin = section.anchor.origin if section.anchor else record.__origin__
    for shown in section.fields:
        _check_field(record, shown, origin)


def _check_field(record: type[Record], shown: Any, origin: Origin) -> None:
    owner = getattr(shown, "class_", None)
    if isinstance(shown, (Path, Computed)) or owner is record:
        return
    if not (
        isinstance(owner, type)
        and issubclass(owner, Extension)
        and host_of(owner, Extension) is record
    ):
        raise ViewError(
            origin, f"{shown} is no field of {record.__name__}, nor of an extension of it"
        )


def list_of(view: ListView, patches: Sequence[ViewPatch]) -> ListView:
    """A list with the columns that others add.

    Raises:
        ViewError: a column that isn't the record's, an extension's or a path's; an anchor that isn't there.
    """
    columns, looks = list(view.columns), list(view.looks)
    for patch in patches:
        place = len(columns)
        if patch.after is not None:
            found = [index for index, column in enumerate(columns) if _same(column, patch.after)]
            if not found:
                raise ViewError(patch.origin, "its anchor isn't among the columns")
            place = found[0] + 1
        columns[place:place] = [added for added in patch.add if not isinstance(added, Look)]
        looks += [added for added in patch.add if isinstance(added, Look)]
    for column in columns:
        _check_column(view, column)
    merged = ListView(
        view.record,
        columns,
        filters=view.filters,
        sort=view.sort,
        descending=view.descending,
        where=view.where,
        title=view.title,
        looks=looks,
    )
    for look in looks:
        check_look(view.record, columns, look)
    object.__setattr__(merged, "origin", view.origin)
    return merged


def _check_column(view: ListView, column: Any) -> None:
    if isinstance(column, (Path, Computed)):
        return
    if isinstance(column, str) or not hasattr(column, "class_"):
        raise ViewError(
            view.origin, f"{column!r} is no attribute: write {view.record.__name__}.its_field"
        )
    owner = column.class_
    if owner is view.record or (
        issubclass(owner, Extension) and host_of(owner, Extension) is view.record
    ):
        return
    raise ViewError(
        view.origin,
        f"{column} is no field of {view.record.__name__}, nor of an extension of it; use path()",
    )


def default_list(record: type[Record]) -> ListView:
    """A list for a record that declares none: its first fields."""
    kinds = ("text", "choice", "state", "amount", "rate", "date", "link", "integer", "boolean")
    stamps = (
        "id",
        "version",
        "created_at",
        "created_by_id",
        "changed_at",
        "changed_by_id",
        "archived",
    )
    columns = [
        spec.attribute
        for spec in specs_of(record).values()
        if spec.kind in kinds and spec.key not in stamps and not spec.info.secret
    ]
    return ListView(record, columns[:7] or [record.id])


def has_page(record: type[Record]) -> bool:
    """Whether records of this kind have pages of their own; lines are seen with their parent."""
    return not issubclass(record, (Line, Extension))
