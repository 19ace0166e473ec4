"""Exchangeable outside services: a plugin publishes the family, others bring the providers.

The host: ``signing: DriverKind[Signing] = DriverKind("signing", Signing, title="Signing")`` in its ``public.py``. A
provider: a subclass of the interface under the entry point ``tenor.drivers.signing`` of its own distribution.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from tenor_sdk.declare import Declaration, caller

if TYPE_CHECKING:
    from tenor_sdk.context import Context

T = TypeVar("T")


@dataclass(frozen=True, eq=False, init=False)
class DriverKind(Declaration, Generic[T]):
    """A family of drivers.

    Args:
        name: of the family; the entry points are ``tenor.drivers.<name>``.
        interface: the abstract class that each driver fills in.
        title: as an administrator reads it.
        null: a driver that does nothing, for tests; a production institution is warned of it.
    """

    name: str
    interface: type[T]
    title: str
    null: type[T] | None

    def __init__(
        self, name: str, interface: Callable[..., T], *, title: str, null: type[T] | None = None
    ) -> None:
        # a class, abstract as it is: checkers let one pass as a callable, and as a type they don't
        object.__setattr__(self, "origin", caller())
        for key, value in {
            "name": name,
            "interface": interface,
            "title": title,
            "null": null,
        }.items():
            object.__setattr__(self, key, value)


class Driver:
    """What a driver is made from: the kernel makes one for each use, with the context of whoever uses it.

    Attributes:
        name: by which the institution chooses it, from the entry point.
        title: as an administrator reads it.
    """

    name: str = ""
    title: str = ""

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx
