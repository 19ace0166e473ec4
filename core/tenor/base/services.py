"""What is done with the kernel's own records: units and people come and go, positions are given and taken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from sqlalchemy import select

from tenor.access.records import Unit, User, UserPosition, UserRole
from tenor_sdk.errors import NotFound
from tenor_sdk.services import service

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor_sdk.context import Context


@service()
def add_unit(ctx: Context, code: str, name: str, above: str = "") -> int:
    """A new unit below the one with code ``above``; its id.

    Raises:
        NotFound: ``no-unit``.
    """
    parent = unit_of(ctx, above) if above else None
    unit = Unit(code=code, name=name, parent_id=parent.id if parent else None)
    ctx.session.add(unit)
    ctx.session.flush()
    return unit.id


@service()
def add_user(
    ctx: Context,
    login: str,
    name: str,
    *,
    unit: str,
    email: str = "",
    language: str = "zh-CN",
    password: str = "",
    positions: Sequence[tuple[str, str]] = (),
    roles: Sequence[str] = (),
) -> int:
    """A new person; their id.

    Args:
        login: kept in small letters, in which it is looked up when they sign in.
        unit: the code of the unit to which they belong.
        password: its hash.
        positions: each with the code of the unit in which they hold it.
        roles: keys of roles given beyond those of the positions.

    Raises:
        NotFound: ``no-unit``.
    """
    home = unit_of(ctx, unit)
    user = User(
        login=login.strip().lower(),
        name=name,
        unit_id=home.id,
        email=email,
        language=language,
        password=password,
    )
    ctx.session.add(user)
    ctx.session.flush()
    for position, code in positions:
        held = UserPosition(user_id=user.id, position=position, unit_id=unit_of(ctx, code).id)
        ctx.session.add(held)
    ctx.session.add_all(UserRole(user_id=user.id, role=role) for role in roles)
    return user.id


@service()
def set_password_hash(ctx: Context, login: str, hashed: str) -> None:
    """Give a person another password; what was opened by the one before is closed.

    Raises:
        NotFound: ``no-user``.
    """
    kernel_ctx = cast("KernelContext", ctx)
    kernel_ctx.kernel.identity.give_hash(kernel_ctx, login, hashed)


def unit_of(ctx: Context, code: str) -> Unit:
    """The unit with this code.

    Raises:
        NotFound: ``no-unit``.
    """
    unit = ctx.session.scalars(select(Unit).where(Unit.code == code)).one_or_none()
    if unit is None:
        raise NotFound("no-unit", code=code)
    return unit
