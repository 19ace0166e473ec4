"""The fields that an administrator of the tests' institution added to boxes."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from tenor.context import KernelContext
from tenor.kernel import Kernel
from tenor.loader.stage import actor_of
from tenor.records.records import CustomField
from tenor_sdk.custom_fields import add_custom_field

ADMIN = "ding.ning"
KINDS = ("text", "long-text", "integer", "amount", "rate", "date", "boolean")
MARKETS = (
    ("sse", "上交所", "Shanghai"),
    ("szse", "深交所", "Shenzhen"),
    ("bse", "北交所", "Beijing"),
)


def acting(
    institution: Kernel, login: str, *, write: bool = True
) -> AbstractContextManager[KernelContext]:
    """As ``as_actor``, under the type that the kernel's rooms take."""
    return institution.context(actor_of(institution, login), write=write)


def add(institution: Kernel, key: str, kind: Any, **more: Any) -> None:
    """One field of boxes; its label in Chinese is ``字段 <key>``."""
    from tenor_vault.records import Box

    with acting(institution, ADMIN) as ctx:
        add_custom_field(ctx, Box, key, kind, f"字段 {key}", label_en=f"Field {key}", **more)


def add_every_kind(institution: Kernel, **more: Any) -> None:
    """One of each kind, under its kind's name; the choice is of markets."""
    for kind in KINDS:
        add(institution, kind.replace("-", "_"), kind, **more)
    add(institution, "choice", "choice", choices=MARKETS, **more)


def field_of(ctx: Any, key: str) -> CustomField:
    """The definition of a field."""
    from sqlalchemy import select

    found: CustomField = ctx.session.scalars(
        select(CustomField).where(CustomField.key == key)
    ).one()
    return found
