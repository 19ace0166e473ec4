"""Which list an address asks for, with the columns that it or the person wants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from tenor.views.columns import chosen, key_of, offered
from tenor.views.merge import has_page
from tenor_sdk.errors import NotFound
from tenor_sdk.records import AppendOnly

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tenor.context import KernelContext
    from tenor.views.saved import Choice
    from tenor.web.web import Web
    from tenor_sdk.records import Record
    from tenor_sdk.views import ListView


def readable(ctx: KernelContext, kind: type[Record]) -> None:
    """Raise where a person can't read any record of a kind, or it has no page.

    Raises:
        NotFound: ``not-found``.
    """
    if not has_page(kind) or not ctx.may(kind, "read"):
        raise NotFound("not-found")


def choice_of(
    web: Web, ctx: KernelContext, kind: type[Record], args: Mapping[str, str] | None = None
) -> Choice:
    """How the person wants the list that is asked for.

    Args:
        args: of its address; by default of the request's own.
    """
    readable(ctx, kind)
    args = request.args if args is None else args
    return web.kernel.views.saved.choice(ctx, kind, args.get("view", ""))


def viewed(
    web: Web, kind: type[Record], choice: Choice, args: Mapping[str, str] | None = None
) -> ListView:
    """The list that is asked for. Columns in the address go before those that the person chose, so that whoever is sent
    it sees what the sender saw; what it is sorted by is a column in any case.

    Args:
        args: of its address; by default of the request's own.
    """
    args = request.args if args is None else args
    declared = web.kernel.views.list_view(kind, args.get("view", ""))
    asked = args.get("columns", "")
    keys = asked.split(",") if asked else list(choice.columns)
    view = chosen(declared, keys)
    sort = args.get("sort", "").removeprefix("-")
    shown = [key_of(column) for column in view.columns]
    if sort in offered(declared) and sort not in shown:
        view = chosen(declared, [*shown, sort])
    return view


def may_make(web: Web, ctx: KernelContext, kind: type[Record]) -> bool:
    """Whether the person may make a record of this kind by a form."""
    if kind.__plugin__ == "base" and issubclass(kind, AppendOnly):
        return False
    return ctx.may(kind, "create") and bool(web.kernel.records.writable(ctx, kind))
