"""What is shown: lists, forms, menus, tiles, actions. Values, made of attributes, so that a slip is red in the editor
and an error with file and line at start. No HTML, except where a page deserves a template of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from tenor_sdk.declare import Declaration, caller
from tenor_sdk.errors import Refused
from tenor_sdk.i18n import Text

if TYPE_CHECKING:
    from tenor_sdk.access import Permission
    from tenor_sdk.context import Context
    from tenor_sdk.looks import GraphView, Look
    from tenor_sdk.records import Record
    from tenor_sdk.workflow import Transition


@dataclass(frozen=True)
class Path:
    """A column reached through links; made by ``path``."""

    steps: tuple[Any, ...]


def path(*steps: Any) -> Path:
    """A column of a linked record: ``path(Application.customer, Customer.name)``. Joined, without a query a row."""
    return Path(tuple(steps))


@dataclass(frozen=True, eq=False, init=False)
class ListView(Declaration):
    """A list of records: ``ListView(Note, (Note.subject, Note.amount))``.

    Args:
        record: what it lists.
        columns: attributes of the record, of its extensions, or paths. The first identifies a row.
        filters: attributes by which it can be narrowed (choices, links, states, booleans, dates).
        sort: the attribute by which it is sorted at first; ``descending`` the other way round.
        where: a fixed condition, ``(actor, today) -> expression``.
        title: by default the record's plural.
        looks: other ways to look at it: ``BoardView``, ``CalendarView``, ``ChartView``, ``PivotView``.
    """

    record: type[Record]
    columns: tuple[Any, ...]
    filters: tuple[Any, ...]
    sort: Any
    descending: bool
    where: Callable[[Any, Any], Any] | None
    title: str
    looks: tuple[Look, ...]

    def __init__(
        self,
        record: type[Record],
        columns: Sequence[Any],
        *,
        filters: Sequence[Any] = (),
        sort: Any = None,
        descending: bool = False,
        where: Callable[[Any, Any], Any] | None = None,
        title: str = "",
        looks: Sequence[Look] = (),
    ) -> None:
        _set(self, record=record, columns=tuple(columns), filters=tuple(filters), sort=sort, descending=descending,
             where=where, title=title, looks=tuple(looks))  # fmt: skip


@dataclass(frozen=True)
class Column:
    """A column of a ``Table``.

    Args:
        title: its head.
        kind: how its cells are set: ``text``, ``money`` (``Amount``), ``percent`` (``Rate``), ``number``, ``date``,
            ``state``, ``rating``, ``points`` (a pair: reached, possible; drawn as a ruler).
        unit: said once in the head, such as ``"CNY"``.
    """

    title: Text
    kind: Literal[
        "text", "money", "percent", "number", "date", "state", "rating", "points", "link"
    ] = "text"
    unit: str = ""


@dataclass(frozen=True)
class Cell:
    """A cell that is more than its value.

    Args:
        value: what the column's kind wants.
        href: where it leads.
        note: behind it, smaller.
        tone: ``adverse`` is worse for the lender, ``quiet`` is said in passing.
    """

    value: object
    href: str = ""
    note: Text | None = None
    tone: Literal["", "adverse", "quiet", "strong"] = ""


@dataclass(frozen=True)
class Table:
    """Rows that a plugin computes: a schedule, a working sheet.

    Args:
        columns: heads and kinds.
        rows: cells (values, or ``Cell``), one a column.
        totals: a last row under a double rule.
        empty: what is said where there are no rows.
    """

    columns: Sequence[Column]
    rows: Sequence[Sequence[object]]
    totals: Sequence[object] = ()
    empty: Text | None = None
    caption: Text | None = None


@dataclass(frozen=True)
class Facts:
    """Labels and values, one below the other.

    Args:
        rows: a label, a value (or ``Cell``) and its kind as in ``Column``.
    """

    rows: Sequence[tuple[Text, object, str]]
    total: tuple[Text, object, str] | None = None
    caption: Text | None = None


@dataclass(frozen=True)
class Template:
    """A template of the plugin's own, ``templates/<name>`` in its package, with values; for what deserves a page."""

    name: str
    values: Mapping[str, object] = field(default_factory=dict)


Content = Table | Facts | Template | None


@dataclass(frozen=True, kw_only=True, eq=False)
class Panel(Declaration):
    """A sheet on a record's page that a function fills.

    Args:
        title: its head.
        content: ``(ctx, record) -> Table | Facts | Template``, or several of them, or None to leave it out; reads as
            the person.
        aside: in the side column.
        needs: a permission, or readers of a record kind, without which it isn't shown.
        lines: lines of the record that it shows, which the page then doesn't list again: ``Signing.signatures``.
        beside: steps of the record's workflow on whose form it stands too, so that whoever decides sees what they
            decide on; such a step always asks first, even where there is nothing to fill in.
    """

    title: str
    content: Callable[[Context, Any], Content | Sequence[Content]]
    aside: bool = False
    needs: Permission | type[Record] | None = None
    lines: Any = None
    beside: tuple[Transition, ...] = ()


@dataclass(frozen=True, eq=False, init=False)
class Section(Declaration):
    """Fields of a form under a heading: ``Section("Registration", Customer.name, Customer.credit_code)``."""

    title: str
    fields: tuple[Any, ...]

    def __init__(self, title: str, *fields: Any) -> None:
        _set(self, title=title, fields=fields)


@dataclass(frozen=True, eq=False, init=False)
class Related(Declaration):
    """Records that link to this one, as a table on its page: ``Related(Loan.customer_id, (Loan.number,))``.

    Args:
        through: the link by which they point here.
        columns: shown of each.
        title: by default the record's plural.
    """

    through: Any
    columns: tuple[Any, ...]
    title: str

    def __init__(self, through: Any, columns: Sequence[Any], *, title: str = "") -> None:
        _set(self, through=through, columns=tuple(columns), title=title)


@dataclass(frozen=True, eq=False, init=False)
class Network(Related):
    """What a record is linked to, and what that is linked to, as a graph on its page: ``Network(stake_list, owners)``.

    Args:
        rows: the list whose rows are the links.
        look: which of its fields are the ends; one of these leads to records of the page's kind.
        steps: how many links lie between the record and the furthest that is shown.
        title: by default the look's.
    """

    rows: ListView
    look: GraphView
    steps: int

    def __init__(self, rows: ListView, look: GraphView, *, steps: int = 2, title: str = "") -> None:
        _set(self, rows=rows, look=look, steps=steps, title=title, through=None, columns=())


@dataclass(frozen=True, eq=False, init=False)
class Tab(Declaration):
    """A tab of a record's page with sections, panels and related records."""

    title: str
    content: tuple[Section | Panel | Related, ...]

    def __init__(self, title: str, *content: Section | Panel | Related) -> None:
        _set(self, title=title, content=content)


@dataclass(frozen=True, eq=False, init=False)
class Only:
    """Fields that a page has only while another one has some value: ``Only(Rule.act, ("tag",), Rule.tag_code)``.

    The form shows those of a new choice as soon as it is made; what isn't shown keeps its value. It is nothing about
    rights, and neither the API nor an import knows of it. What goes by more than a choice, or is required or
    read-only, goes by ``tenor_sdk.conditions.When``.

    Args:
        by: a choice of the same record.
        values: of it.
        fields: that are asked for with one of them; a field may stand in several, each with the same ``by``.
    """

    by: Any
    values: tuple[str, ...]
    fields: tuple[Any, ...]

    def __init__(self, by: Any, values: Sequence[str], *fields: Any) -> None:
        _set(self, by=by, values=tuple(map(str, values)), fields=fields)


@dataclass(frozen=True, eq=False, init=False)
class FormView(Declaration):
    """The page of one record, and the form that makes and changes it.

    Args:
        record: whose it is.
        content: sections, panels, related records and tabs, in order; what stands before the first tab is on it.
        facts: attributes in the title block, below the name.
        buttons: smart buttons: links by which others point here, shown with their count.
        heading: ``(ctx, record) -> Text``: what the page is called, in words that are translated; by default the
            record's ``display``.
        only: fields that are there only while another one has some value.
    """

    record: type[Record]
    content: tuple[Section | Panel | Related | Tab, ...]
    facts: tuple[Any, ...]
    buttons: tuple[Any, ...]
    heading: Callable[[Context, Any], Text] | None
    only: tuple[Only, ...]

    def __init__(
        self,
        record: type[Record],
        *content: Section | Panel | Related | Tab,
        facts: Sequence[Any] = (),
        buttons: Sequence[Any] = (),
        heading: Callable[[Context, Any], Text] | None = None,
        only: Sequence[Only] = (),
    ) -> None:
        _set(
            self, record=record, content=content, facts=tuple(facts), buttons=tuple(buttons),
            heading=heading, only=tuple(only),
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True, eq=False)
class ViewPatch(Declaration):
    """What a plugin adds to another's view, anchored on an attribute or a declaration, never on a position.

    Args:
        view: the host's ``ListView`` or ``FormView``; for a record without a form of its own, the record.
        after: an attribute, section, tab or panel of it; None: at the end.
        add: attributes (into the anchor's section or the columns), sections, tabs, panels, related records; to a list
            other ways to look at it as well.
        facts: attributes for the title block of a record's page, before the host's own.
    """

    view: ListView | FormView | type[Record]
    add: Sequence[Any] = ()
    after: Any = None
    facts: Sequence[Any] = ()


@dataclass(frozen=True, eq=False, init=False)
class Menu(Declaration):
    """An entry in the navigation: ``Menu("Notes", ListView(Note, (Note.subject,)))``.

    Args:
        title: as short as the rail needs: in Chinese two characters, in English one word.
        view: a list, or the address of a page; of a dashboard that is its ``href``.
        app: the title of the app in the rail under which it stands as a tab; empty: it is an app itself.
        icon: for an app, one of those that Tenor has, by its name (Tabler's): ``shield-check``, ``home``,
            ``scale``, ``receipt``, ``users`` and more; any other is shown as a folder, and told by
            ``tenor plugin check`` with those that come near.
        order: among its neighbours; lower comes first.
        needs: shown only to those with this permission, beside those who may read the list's record.
    """

    title: str
    view: ListView | str
    app: str
    icon: str
    order: int
    needs: Permission | None

    def __init__(
        self,
        title: str,
        view: ListView | str,
        *,
        app: str = "",
        icon: str = "folder",
        order: int = 50,
        needs: Permission | None = None,
    ) -> None:
        _set(self, title=title, view=view, app=app, icon=icon, order=order, needs=needs)


@dataclass(frozen=True, kw_only=True, eq=False)
class Action(Declaration):
    """A button on a record's page that isn't a transition, or on its list.

    Args:
        name: within its record: ``"import-statements"``; part of addresses and the API.
        title: beginning with a verb.
        on: the kind of record.
        do: ``(ctx, record, inputs) -> Text | str | None`` (without a record: None is handed in); a procedure of its
            plugin. A text is shown, a string that begins with ``/`` is where the person is taken. A ``Refused`` that is
            returned, not raised, is told as a refusal and leaves what was written: a try that counts.
        inputs: a frozen dataclass of what the person fills in, see ``ask``.
        needs: a permission; by default the right to update the record.
        shown: whether it is offered for this record.
        preview: ``(ctx, record, inputs) -> Content``: shown first, with the button to go on.
        on_list: a button of the list, not of one record.
    """

    name: str
    title: str
    on: type[Record]
    do: Callable[[Context, Any, Any], Text | str | Refused | None]
    inputs: type[Any] | None = None
    needs: Permission | Transition | None = None
    shown: Callable[[Context, Any], bool] | None = None
    preview: Callable[[Context, Any, Any], Content | Sequence[Content]] | None = None
    on_list: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class Tile(Declaration):
    """A figure on *My work*: ``(ctx) -> value``, under the viewer's own rows.

    Args:
        title: what it counts.
        value: a number, an ``Amount`` or a text; None leaves the tile out.
        href: the rows behind it.
        order: among the tiles.
    """

    title: str
    value: Callable[[Context], object]
    href: str = ""
    order: int = 50


def _set(declaration: Declaration | Only, **values: object) -> None:
    object.__setattr__(declaration, "origin", caller())
    for name, value in values.items():
        object.__setattr__(declaration, name, value)
