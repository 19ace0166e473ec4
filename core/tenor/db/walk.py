"""The guard's allow-list: which statements a session lets through, and whose rows they touch.

Loader criteria alone are no wall: aliases of tables, text among the columns, scalar subqueries over tables got round
them in trials. So every node of a statement must be of a known kind, and every source a mapped record; the answer is
the set of mappers to which criteria are attached. It leans on private attributes of SQLAlchemy 2.1 (pinned below 2.2);
the statements of ``core/tests/db`` are the proof.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import inspect
from sqlalchemy.orm import Mapper
from sqlalchemy.orm.attributes import QueryableAttribute
from sqlalchemy.orm.context import FromStatement
from sqlalchemy.orm.interfaces import LoaderOption
from sqlalchemy.orm.strategy_options import Load, _WildcardLoad
from sqlalchemy.orm.util import AliasedInsp, Bundle, LoaderCriteriaOption, _ORMJoin
from sqlalchemy.sql import elements, functions, operators, quoted_name, selectable
from sqlalchemy.sql.visitors import HasTraverseInternals, iterate

from tenor.db.anchors import entities_within, has_full_join, reads, without_criteria
from tenor.db.beneath import Beneath
from tenor.db.errors import Unguarded
from tenor.db.plain_types import fault_of
from tenor_sdk.superseded import Superseded

_NODES: Final = (
    selectable.Select,
    selectable.CompoundSelect,
    selectable.ScalarSelect,
    selectable.Exists,
    selectable.SelectStatementGrouping,
    selectable.Subquery,
    selectable.CTE,
    selectable.Alias,
    selectable.TableClause,
    selectable.Join,
    _ORMJoin,
    selectable.FromGrouping,
    selectable.ForUpdateArg,
    selectable._MemoizedSelectEntities,
    elements.BindParameter,
    elements.BinaryExpression,
    elements.UnaryExpression,
    elements.ExpressionClauseList,
    elements.ClauseList,
    elements.Grouping,
    elements.Label,
    elements._label_reference,
    elements._textual_label_reference,
    elements.Null,
    elements.True_,
    elements.False_,
    elements.Cast,
    elements.TypeCoerce,
    elements.Case,
    elements.Tuple,
    elements.Over,
    elements.FrameClause,
    elements.FunctionFilter,
    elements.AsBoolean,
    elements.CollationClause,
    elements.Extract,
    elements.ColumnClause,
    elements.CollectionAggregate,
    functions.FunctionElement,
)
_FUNCTIONS: Final = frozenset(
    "count sum min max avg coalesce lower upper length char_length abs round now current_timestamp current_date"
    " row_number rank dense_rank lag lead first_value last_value concat replace substr substring trim nullif"
    " greatest least date strftime date_trunc to_char cast"
    " ntile percent_rank cume_dist nth_value aggregate_strings floor ceil ltrim rtrim".split()
)
_SOURCES: Final = (selectable.TableClause, selectable.Alias)
_LITERALS: Final = frozenset(("*", "1"))
#: what an option for all relations may say: that they aren't loaded, or not before they are asked for
_WILDCARDS: Final = frozenset(("raise", "raise_on_sql", "select", True, "noload"))


@dataclass
class Walk:
    """One statement being judged. Call it with the statement; ``mappers`` then says whose rows it touches.

    Args:
        along: whether SQLAlchemy made it to load a relation: then a statement that was judged may stand within it, with
            the options that it was judged with.
    """

    along: bool = False
    mappers: set[Mapper[Any]] = field(default_factory=set)
    _seen: set[tuple[int, int]] = field(default_factory=set)
    _scopes: list[set[Any]] = field(default_factory=list)
    _keep: list[Any] = field(default_factory=list)
    _outermost: Any = None

    def __call__(self, statement: Any) -> Walk:
        self._outermost = statement
        self._node(statement)
        self._options(statement)
        self._joined_targets()
        return self

    def value(self, expression: Any, mapper: Mapper[Any]) -> None:
        """Judge an expression that a field of a record is set to: it may speak of that record's own fields."""
        self._node(expression)
        within = any(isinstance(each, selectable.SelectBase) for each in iterate(expression))
        if within or self.mappers - {mapper}:
            raise Unguarded(
                "a field is set to a value or to an expression over its own record: ask for others first"
            )

    # -- nodes ------------------------------------------------------------------------------------------------------

    def _node(self, node: Any) -> None:
        if node is None or self._was_seen(node):
            return
        if type(node) is Beneath:
            return
        if type(node) is Superseded:
            self._superseded(node)
        elif isinstance(node, QueryableAttribute):
            self._attribute(node)
        elif isinstance(node, Bundle):
            self._each(node.exprs)
        elif isinstance(node, selectable.Select):
            self._select(node)
        else:
            self._check(node)
            if not isinstance(node, _SOURCES):  # of a source only the record behind it counts
                self._each(_children(node))

    def _superseded(self, node: Superseded) -> None:
        """Of facts that the select around it reads, whose rows are judged: else it would tell of all there are."""
        facts = getattr(node.corrected, "table", None)
        own = facts is not None and self._in_scope(facts) and node.corrected is facts.c.get("id")
        days = node.known
        if not own or not (days is None or type(days) is elements.BindParameter):
            raise Unguarded("whether facts were corrected is asked where they are read: as_of()")
        self._node(days)

    def _was_seen(self, node: Any) -> bool:
        """A select answers for itself wherever it stands; of all else the verdict depends on the select around it."""
        around = id(self._scopes[-1]) if self._scopes else 0
        key = (id(node), 0 if isinstance(node, selectable.Select) else around)
        if key in self._seen:
            return True
        self._seen.add(key)
        self._keep.append(node)  # an id is only unique while its object lives
        return False

    def _each(self, nodes: Any) -> None:
        for node in nodes:
            self._node(node)

    def _attribute(self, attribute: QueryableAttribute[Any]) -> None:
        entity = (
            attribute.comparator.entity
            if hasattr(attribute.comparator, "entity")
            else attribute.parent
        )
        self._entity(attribute.parent)
        self._entity(entity)

    def _check(self, node: Any) -> None:
        kind = type(node)
        if not kind.__module__.startswith("sqlalchemy."):
            raise Unguarded(
                f"{kind.__module__}.{kind.__name__} is no part of SQLAlchemy's own statements"
            )
        if not isinstance(node, _NODES):
            raise Unguarded(
                f"{kind.__name__} isn't let through: select mapped records and their columns"
            )
        for name in ("_prefixes", "_suffixes", "_hints", "_statement_hints"):
            if getattr(node, name, None):
                raise Unguarded(f"{name.strip('_')} of a statement aren't let through")
        _check_names(node)
        for name in ("operator", "modifier"):
            if isinstance(getattr(node, name, None), operators.custom_op):
                raise Unguarded("an operator of one's own (.op) isn't let through")
        _check_type(getattr(node, "type", None))
        if isinstance(node, elements.Extract) and not node.field.isalpha():
            raise Unguarded(
                f"{node.field!r} is no part of a date"
            )  # it is written out as it stands
        if isinstance(node, functions.FunctionElement):
            _check_function(node)
        elif isinstance(node, elements.ColumnClause):
            self._column(node)
        elif isinstance(node, _SOURCES):
            self._source(node)
        elif isinstance(node, selectable.AliasedReturnsRows) and _entity_of(node) is not None:
            self._entity(_entity_of(node))  # a record that is read from a subquery of its own

    def _source(self, node: Any) -> None:
        entity = _entity_of(node)
        if entity is None:
            raise Unguarded(f"{node!s} is a bare table: select the record's class")
        plain = node.element if isinstance(node, selectable.Alias) else node
        # what an expression is said to be of is anybody's to set; annotated ones have the hash of the plain one
        if hash(plain) != hash(inspect(entity).mapper.local_table):
            raise Unguarded(f"{node!s} isn't the record that it is said to be")
        self._entity(entity)

    def _column(self, node: elements.ColumnClause[Any]) -> None:
        if node.is_literal:
            if node.name not in _LITERALS:
                raise Unguarded("a literal column isn't let through")
            return
        entity = _entity_of(node)
        if entity is not None:
            if not inspect(entity).selectable.c.contains_column(node):
                raise Unguarded(f"{node!s} is no column of the record that it is said to be of")
            self._entity(entity)
            return
        table = node.table
        if isinstance(table, (selectable.Subquery, selectable.CTE)):
            self._node(table)
        elif not self._in_scope(table):
            raise Unguarded(f"{node!s} is a bare column: use the record's attribute")

    def _entity(self, entity: Any) -> None:
        insp = (
            inspect(entity, raiseerr=False)
            if not isinstance(entity, (Mapper, AliasedInsp))
            else entity
        )
        if isinstance(insp, AliasedInsp):
            self._aliased(insp)
            self.mappers.add(insp.mapper)
        elif isinstance(insp, Mapper):
            self.mappers.add(insp)
        else:
            raise Unguarded(f"{entity!r} is no mapped record")

    def _aliased(self, insp: AliasedInsp[Any]) -> None:
        source = insp.selectable
        _check_names(source)
        if insp._adapt_on_names:
            raise Unguarded("an alias that adapts on names isn't let through")
        if isinstance(source, (selectable.Subquery, selectable.CTE)):
            self._node(source)
        elif getattr(source, "element", None) is not insp.mapper.local_table:
            raise Unguarded(
                "an alias over another selectable than the record's own isn't let through"
            )

    # -- one select -------------------------------------------------------------------------------------------------

    def _select(self, node: selectable.Select[Any]) -> None:
        self._check(node)
        self._anchors(node)
        if node is not self._outermost and node._with_options:
            if not self.along:
                raise Unguarded("options of a statement within another aren't let through")
            self._options(node)
        self._scopes.append(set(_own_sources(node)))
        self._keep.append(self._scopes[-1])
        # its get_children() would add the tables that are derived from columns, as bare ones
        self._each(
            HasTraverseInternals.get_children(
                node, omit_attrs=("_from_obj", "_correlate", "_correlate_except")
            )
        )
        self._each(node._from_obj)
        self._each(node._independent_ctes)
        self._scopes.pop()

    def _anchors(self, node: selectable.Select[Any]) -> None:
        """Every record that it reads must stand where SQLAlchemy adds criteria."""
        if has_full_join(node):
            raise Unguarded("a full join isn't let through: select both sides and unite them")
        if node is not self._outermost and reads(node) and not _is_of_records(node):
            raise Unguarded(
                "a statement within another, over an expression alone: name its record in select_from()"
            )
        astray = without_criteria(node)
        if astray:
            names = ", ".join(sorted(entity.mapper.class_.__name__ for entity in astray))
            raise Unguarded(
                f"{names} stands only within an expression: join it, or name it in select_from()"
            )

    def _in_scope(self, source: Any) -> bool:
        """Of this very select: an entity of an outer one says nothing of what an inner one reads."""
        return bool(self._scopes) and source in self._scopes[-1]

    # -- options ----------------------------------------------------------------------------------------------------

    def _options(self, statement: Any) -> None:
        sources = (
            set(_own_sources(statement)) if isinstance(statement, selectable.Select) else set()
        )
        for option in getattr(statement, "_with_options", ()):
            if isinstance(option, LoaderCriteriaOption):
                continue  # the session knows its own, and refuses others
            if isinstance(option, _WildcardLoad):
                _check_wildcard(option)
            elif isinstance(option, Load):
                self._load(option, sources)
            elif isinstance(option, LoaderOption) or not type(option).__module__.startswith(
                "sqlalchemy."
            ):
                raise Unguarded(f"the option {type(option).__name__} isn't let through")

    def _load(self, option: Load, sources: set[Any]) -> None:
        for element in option.context:
            for step in element.path.path:
                mapper = getattr(step, "mapper", None)
                if isinstance(mapper, Mapper):
                    self.mappers.add(mapper)
            for expression in getattr(element, "_extra_criteria", ()):
                self._node(expression)
                _check_own(element, expression)
            opts = getattr(element, "local_opts", None) or {}
            if opts.get("expression") is not None:
                self._node(opts["expression"])
            if "eager_from_alias" in opts:
                _check_joined(element, opts["eager_from_alias"], sources)

    def _joined_targets(self) -> None:
        """Relations that are always loaded by a join bring rows of their targets along."""
        pending = list(self.mappers)
        while pending:
            for relation in pending.pop().relationships:
                if relation.lazy in ("joined", False) and relation.mapper not in self.mappers:
                    self.mappers.add(relation.mapper)
                    pending.append(relation.mapper)


def _children(node: Any) -> Iterator[Any]:
    if isinstance(node, FromStatement):
        raise Unguarded("from_statement isn't let through")
    if isinstance(node, selectable.ForUpdateArg):
        return iter(node.of or ())
    if not isinstance(node, HasTraverseInternals):
        return iter(())
    return iter(node.get_children())


def _check_names(node: Any) -> None:
    """A name that is said not to need quotes is written out as it stands, whatever SQL it is."""
    for name in ("name", "schema"):
        said = getattr(node, name, None)
        if isinstance(said, quoted_name) and said.quote is False:
            raise Unguarded(f"a name that isn't to be quoted isn't let through: {said!s:.40}")


def _check_type(kind: Any) -> None:
    fault = "" if kind is None else fault_of(kind)
    if fault:
        raise Unguarded(f"{fault}: cast to one of SQLAlchemy's")


def _check_function(node: Any) -> None:
    name = getattr(node, "name", type(node).__name__)
    if getattr(node, "packagenames", ()) or str(name).lower() not in _FUNCTIONS:
        raise Unguarded(f"the function {name} isn't let through")


def _check_wildcard(option: _WildcardLoad) -> None:
    how = dict(option.strategy or ())
    if how.get("lazy", True) not in _WILDCARDS:
        raise Unguarded("a loader option for all relations isn't let through: name the relation")


def _check_own(element: Any, expression: Any) -> None:
    """What is loaded of a relation may depend on that relation's records alone: others would be joined past their
    criteria, wherever SQLAlchemy loads it."""
    path = element.path.path
    own = {*path, *(getattr(step, "mapper", None) for step in path)}
    if entities_within(expression) - own:
        raise Unguarded("a relation's own condition speaks of the relation's records alone")


def _check_joined(element: Any, alias: Any, sources: set[Any]) -> None:
    """What ``contains_eager`` fills a relation from must be a source of the statement: one that isn't would be added
    when it is compiled, past the criteria."""
    source = alias if alias is not None else inspect(element.path.path[-1]).selectable
    if source not in sources:
        raise Unguarded("contains_eager isn't let through without the join that it tells of")


def _is_of_records(node: Any) -> bool:
    """Whether SQLAlchemy takes a select for one over mapped records: else it adds no criteria to it. It does so by the
    columns and conditions that it is given, and sees a record neither in a part of a date nor in the arms of a case."""
    return bool(node._propagate_attrs.get("compile_state_plugin") == "orm")


def _entity_of(node: Any) -> Any:
    annotations = getattr(node, "_annotations", {})
    return annotations.get("parententity") or annotations.get("parentmapper")


def _own_sources(node: selectable.Select[Any]) -> Iterator[Any]:
    """The tables and aliases that are entities of this very select: SQLAlchemy's own loaders write bare columns of
    them."""
    for element in (*node._raw_columns, *node._from_obj):
        yield from _selectables(element)
    for before in node._memoized_select_entities:  # what stood there before with_only_columns
        yield from _own_sources_before(before)
    for join in node._setup_joins:
        for part in join[:3]:  # target, ON clause, left side
            yield from _selectables(part)


def _own_sources_before(before: Any) -> Iterator[Any]:
    for element in before._raw_columns:
        yield from _selectables(element)
    for join in before._setup_joins:
        for part in join[:3]:
            yield from _selectables(part)


def _selectables(element: Any) -> Iterator[Any]:
    if element is None:
        return
    if isinstance(element, QueryableAttribute):
        yield inspect(element.parent).selectable
        target = getattr(element.comparator, "entity", None)
        if target is not None:
            yield inspect(target).selectable
        return
    if isinstance(element, selectable.Join):
        yield from _selectables(element.left)
        yield from _selectables(element.right)
        return
    entity = _entity_of(element)
    if entity is not None:
        yield inspect(entity).selectable
    if isinstance(element, (selectable.Subquery, selectable.CTE)):
        yield element
