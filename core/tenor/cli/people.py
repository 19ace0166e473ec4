"""``tenor user`` and ``tenor token``: the first administrator, a forgotten password, a program's token."""

from __future__ import annotations

import argparse
import getpass
import sys

from tenor.base.services import add_unit, add_user
from tenor.cli.place import Place
from tenor.cli.words import Commands, command, group
from tenor.loader.stage import actor_of
from tenor_sdk.i18n import _


def add(commands: Commands) -> None:
    user = group(commands, "user", "add people, change passwords")
    adding = command(user, "add", _add, "add a person; asks for the password")
    adding.add_argument("login")
    adding.add_argument("name")
    adding.add_argument(
        "--unit",
        default="HQ",
        help="the code of their unit (by default HQ)",
    )
    adding.add_argument(
        "--position",
        action="append",
        default=[],
        help="a position held in that unit; may be repeated",
    )
    adding.add_argument(
        "--role",
        action="append",
        default=[],
        help="the key of a role given besides; may be repeated",
    )
    adding.add_argument("--email", default="")
    adding.add_argument("--language", default="zh-CN")
    password = command(user, "password", _password, "give a person another password; asks for it")
    password.add_argument("login")
    token = group(commands, "token", "make tokens for the API, and revoke them")
    creating = command(token, "create", _token, "make a token; it is shown this once")
    creating.add_argument("login")
    creating.add_argument("--name", default="command line", help="what it is for")
    creating.add_argument("--days", type=int, default=90)
    revoking = command(token, "revoke", _revoke, "make a person's tokens worth nothing")
    revoking.add_argument("login")
    revoking.add_argument("--name", default="", help="only those of this name")


def _add(place: Place, options: argparse.Namespace) -> int:
    login = options.login.strip().lower()
    positions = [(position, options.unit) for position in options.position]
    password = _asked(place)
    with place.kernel() as kernel, kernel.context(kernel.access.system_actor(), write=True) as ctx:
        _make_sure_of(place, ctx, options.unit)
        add_user(
            ctx, login, options.name, unit=options.unit, email=options.email,
            language=options.language, positions=positions, roles=options.role,
        )  # fmt: skip
        kernel.identity.set_password_within(ctx, login, password)
    place.say(_("{login} can sign in.", login=login))
    return 0


def _make_sure_of(place: Place, ctx: object, code: str) -> None:
    """The head office of a new institution, which has no units yet."""
    from sqlalchemy import func, select

    from tenor.access.records import Unit
    from tenor.context import KernelContext

    assert isinstance(ctx, KernelContext)
    if code == "HQ" and not ctx.session.scalar(select(func.count(Unit.id))):
        add_unit(ctx, code, place.settings.institution)


def _password(place: Place, options: argparse.Namespace) -> int:
    password = _asked(place)
    with place.kernel() as kernel:
        actor_of(kernel, options.login)
        tokens = kernel.identity.set_password(options.login, password)
    place.say(_("The password is changed."))
    if tokens:
        place.say(_("Tokens revoked: {count}", count=tokens))
    return 0


def _token(place: Place, options: argparse.Namespace) -> int:
    with place.kernel() as kernel:
        actor = actor_of(kernel, options.login)
        place.say(kernel.identity.create_token(actor, options.name, days=options.days))
    return 0


def _revoke(place: Place, options: argparse.Namespace) -> int:
    with place.kernel() as kernel:
        count = kernel.identity.revoke_tokens(options.login, options.name)
    place.say(_("Tokens revoked: {count}", count=count))
    return 0 if count else 1


def _asked(place: Place) -> str:
    """From the keyboard unseen; from a pipe, its first line."""
    if sys.stdin.isatty():
        return getpass.getpass(place.text(_("Password: ")))
    return sys.stdin.readline().rstrip("\n")
