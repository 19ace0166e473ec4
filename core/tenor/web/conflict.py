"""Two people changed the same record: what stood there, what the other made of it, what this person wants."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any

from flask import request
from werkzeug.datastructures import MultiDict

from tenor.db.numbers import number
from tenor.records.specs import FieldSpec, value_of
from tenor.records.values import currency_of
from tenor.records.versions import Versions, versions, writable_of
from tenor.web import addresses
from tenor.web.fields import as_typed
from tenor.web.lines import Relation, lines_typed, relations_of, told_specs
from tenor.web.templating import nonce
from tenor_sdk.i18n import _

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.web.show import Show
    from tenor.web.typed import Typed
    from tenor.web.web import Web
    from tenor_sdk.records import Record

Values = dict[str, Any]
_CHOOSE = "choose-"
#: whose the form is, and whether it began with a draft
_CARRIED = ("_whose", "_draft")


def conflict_of(web: Web, ctx: KernelContext, record: Record, typed: Typed, base: str) -> Values:
    """The three versions side by side, field by field, of those that differ."""
    show, currency = web.show(ctx), currency_of(record)
    effects = web.kernel.records.effects(ctx, record)
    before, mine = began_with(base), dict[str, str]()
    names = {spec.key: spec.input_name for spec in writable_of(ctx, record)}
    for key, name in names.items():
        wanted = typed.values.get(name)
        # the input of a masked value is empty where nothing was typed
        if isinstance(wanted, str) and (wanted or effects.get(key) != "mask"):
            mine[key] = wanted
    found = versions(
        ctx,
        record,
        mine=mine,
        base={key: before[name] for key, name in names.items() if name in before},
        write=lambda spec, value: as_typed(spec, value, currency),
    )
    rows = [
        _row(show, each)
        for each in found
        if isinstance(typed.values.get(each.spec.input_name, ""), str)
    ]
    for relation in relations_of(type(record)):
        if relation.key in typed.lines:
            wanted_lines = typed.lines[relation.key]
            rows += _lines(web, ctx, record, relation, wanted_lines, before)
    who, when = _last(web, ctx, show, record)
    return {
        "who": who,
        "when": when,
        "action": request.path,
        "once": nonce(),
        "version": record.version,
        "fields": rows,
        "hidden": [
            {"name": "_base", "value": _now(web, ctx, record)},
            *(
                {"name": name, "value": request.form[name]}
                for name in _CARRIED
                if name in request.form
            ),
        ],
        "discard_href": addresses.of(record),
    }


def chosen(form: MultiDict[str, str]) -> MultiDict[str, str]:
    """A form in which somebody chose between versions, as if they had typed it: what is theirs stays away."""
    names = [name.removeprefix(_CHOOSE) for name in form if name.startswith(_CHOOSE)]
    if not names:
        return form
    made: MultiDict[str, str] = MultiDict()
    for name in names:
        if form[f"{_CHOOSE}{name}"] != "mine":
            continue
        raw = form.get(f"mine-{name}", "")
        if name.endswith("[]"):
            _add_lines(made, name.removesuffix("[]"), raw)
        else:
            made.add(name, raw)
    return made


def _add_lines(made: MultiDict[str, str], key: str, raw: str) -> None:
    rows = held(raw)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return  # no lines at all would be taken away for it
    made.add(f"{key}-count", str(len(rows)))
    for index, row in enumerate(rows):
        for name, value in row.items():
            made.add(f"{key}-{index}-{name}", str(value))


def began_with(base: str) -> Mapping[str, Any]:
    """What the form said that it began with; of lines their rows."""
    read = held(base)
    if not isinstance(read, dict):
        return {}
    return {
        str(name): _rows(value) if str(name).endswith("[]") else str(value)
        for name, value in read.items()
    }


def held(text: str) -> Any:
    """What a form holds as JSON; None where that is none, as anybody may send what they like."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _rows(given: Any) -> list[dict[str, str]]:
    rows = given if isinstance(given, list) else []
    return [
        {str(name): str(text) for name, text in row.items()}
        for row in rows
        if isinstance(row, dict)
    ]


def _row(show: Show, found: Versions) -> Values:
    spec, base, theirs, mine = found.spec, found.base, found.theirs, found.mine
    return {
        "name": spec.input_name,
        "label": show.label(spec),
        "base": _shown(show, spec, base),
        "theirs": _shown(show, spec, theirs),
        "mine": _shown(show, spec, mine),
        "theirs_raw": theirs,
        "mine_raw": mine,
        "theirs_changed": theirs != base,
        "mine_changed": mine != base,
        "choice": "mine" if theirs == base else "theirs",
    }


def _shown(show: Show, spec: FieldSpec, text: str) -> str:
    if spec.target is not None and (identity := number(text)) is not None:
        names = show.names([(spec.target, identity)])
        return names.get((spec.target.__tablename__, identity), show.say(_("not visible to you")))
    if spec.choices:
        return show.choice(spec, text) if text else ""
    if spec.kind == "boolean":
        return show.say(_("Yes") if text in ("1", "true", "on") else _("No"))
    return text


def _lines(
    web: Web,
    ctx: KernelContext,
    record: Record,
    relation: Relation,
    rows: list[dict[str, Any]],
    base: Mapping[str, Any],
) -> list[Values]:
    """The lines before, as they are and as they were wanted, in words; nothing where all three are the same."""
    show, specs = web.show(ctx), told_specs(web, ctx, relation.kind)
    theirs = lines_typed(web, ctx, record, relation)
    before = base.get(f"{relation.key}[]")
    there = {each["id"] for each in theirs}
    mine = [_wanted(row, there) for row in rows if not row.get("_remove")]
    shown = {spec.key for spec in specs} | {"id"}
    began = {row.get("id"): row for row in before} if isinstance(before, list) else {}
    # what a row doesn't show isn't sent, and stays as it was
    whole = [{**began.get(row.get("id"), {}), **row} for row in mine]
    told = [{name: text for name, text in row.items() if text and name in shown} for row in whole]
    if theirs == before == told:
        return []

    def said(lines: Any) -> str:
        return show.clauses(_in_words(show, specs, line) for line in lines) or show.say(
            _("None yet.")
        )

    return [{
        "name": f"{relation.key}[]",
        "label": show.plural(relation.kind),
        "base": said(before) if isinstance(before, list) else "",
        "theirs": said(theirs),
        "mine": said(told),
        "theirs_raw": "",
        "mine_raw": json.dumps(mine, ensure_ascii=False),
        "theirs_changed": theirs != before,
        "mine_changed": told != before,
        "choice": "mine" if theirs == before else "theirs",
    }]  # fmt: skip


def _wanted(row: dict[str, Any], there: AbstractSet[str]) -> dict[str, str]:
    """A line as this person wants it; one that the other removed would be a new one."""
    texts = {name: value for name, value in row.items() if isinstance(value, str)}
    if texts.get("id") not in there:
        texts.pop("id", None)
    return texts


def _in_words(show: Show, specs: Sequence[FieldSpec], line: Mapping[str, str]) -> str:
    return " · ".join(
        _shown(show, spec, text) for spec in specs if (text := line.get(spec.key, ""))
    )


def _last(web: Web, ctx: KernelContext, show: Show, record: Record) -> tuple[str, str]:
    """Who was first, and when."""
    entries = web.kernel.audit.history(ctx, record, limit=1)
    who = show.who(entries[0].actor_name) if entries else show.say(_("Somebody else"))
    return who, f"{show.local(record.changed_at):%H:%M}"


def _now(web: Web, ctx: KernelContext, record: Record) -> str:
    """The base of the next attempt: what stands there now, of what the form shows."""
    currency, effects = currency_of(record), web.kernel.records.effects(ctx, record)
    lines = {
        f"{one.key}[]": lines_typed(web, ctx, record, one) for one in relations_of(type(record))
    }
    return json.dumps(
        lines
        | {
            spec.input_name: as_typed(spec, value_of(record, spec), currency)
            for spec in writable_of(ctx, record)
            if spec.kind != "json" and effects.get(spec.key) != "mask"
        },
        ensure_ascii=False,
    )
