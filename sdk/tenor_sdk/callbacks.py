"""What a provider tells by itself: the address at which it calls back, who believes it, and who takes it in.

The host of a family of drivers says so once, beside the family::

    sms_callbacks = Callbacks(sms, take=take_news)

From then on the provider in use may POST to ``callbacks/sms`` below the site's address. Nobody is signed in there: the
driver proves the sender, as each provider has its own way, and ``take`` gets what the driver has read.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from tenor_sdk.declare import Declaration, caller
from tenor_sdk.errors import Refused

if TYPE_CHECKING:
    from tenor_sdk.context import Context
    from tenor_sdk.drivers import DriverKind

N = TypeVar("N")


@dataclass(frozen=True)
class Callback:
    """A request by which a provider reports, as it came.

    Args:
        headers: in any case; ``header`` finds one.
        body: the raw bytes, over which signatures are made.
        query: of the address, as sent, without its question mark.
    """

    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    query: str = ""

    def header(self, name: str) -> str:
        """A header's value; empty where it isn't there."""
        wanted = name.lower()
        return next((value for key, value in self.headers.items() if key.lower() == wanted), "")


class CalledBack(ABC, Generic[N]):
    """A driver whose provider may call back.

    Attributes:
        callback_answer: what the provider reads once its callback was taken.
        callback_answer_type: of which media type that is.
    """

    callback_answer: ClassVar[str] = "{}"
    callback_answer_type: ClassVar[str] = "application/json"

    def parse_callback(self, callback: Callback, at: datetime) -> N:
        """Prove the sender, then read what it reports; nothing is written meanwhile.

        The proof covers every byte and a time near ``at``, so that what somebody overheard is worth nothing later; it
        is compared in constant time (``hmac.compare_digest``). Each thing that is reported bears an id of the
        provider's, the same where it is told again. A driver whose provider doesn't call back leaves this as it is.

        Args:
            at: now.

        Raises:
            Refused: whatever is wrong; the sender is told the key, and no more than that.
        """
        raise Refused("callback-not-proved")


@dataclass(frozen=True, eq=False, init=False)
class Callbacks(Declaration, Generic[N]):
    """Where the callbacks of a family's providers arrive.

    Args:
        kind: the family, whose interface is a ``CalledBack[N]``; published by the same plugin.
        take: takes in what a driver has read, acting as the plugin's service, as a procedure of the plugin, and says
            how much of it is new. The same may come again, or twice at once: only the first has an effect. What takes
            long is enqueued, as providers wait for seconds only.
    """

    kind: DriverKind[Any]
    take: Callable[[Context, N], int]

    def __init__(self, kind: DriverKind[Any], *, take: Callable[[Context, N], int]) -> None:
        object.__setattr__(self, "origin", caller())
        object.__setattr__(self, "kind", kind)
        object.__setattr__(self, "take", take)
