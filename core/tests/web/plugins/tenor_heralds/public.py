from __future__ import annotations

import hmac
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from tenor_heralds.records import News
from tenor_sdk import Context, Driver, DriverKind, Refused
from tenor_sdk.callbacks import Callback, Callbacks, CalledBack

KEY = b"the-key"


class Herald(Driver, CalledBack[Sequence[str]]):
    """Proves itself by a signature over its query and its body, which holds an event a line."""

    title = "Herald"
    callback_answer = "heard"
    callback_answer_type = "text/plain"

    def parse_callback(self, callback: Callback, at: datetime) -> Sequence[str]:
        said = callback.query.encode() + callback.body
        proof = hmac.digest(KEY, said, "sha256").hex()
        if not hmac.compare_digest(callback.header("x-proof").encode(), proof.encode()):
            raise Refused("not-proved")
        if callback.body == b"broken":
            raise ZeroDivisionError("the secret inside")
        return callback.body.decode().split()


def take(ctx: Context, events: Sequence[str]) -> int:
    known = set(ctx.session.scalars(select(News.event).where(News.event.in_(events))))
    new = [one for one in events if one not in known]
    ctx.session.add_all([News(event=one) for one in new])
    if "unwritten" in events:
        raise ZeroDivisionError("the secret inside")
    return len(new)


herald = DriverKind("herald", Herald, title="Heralds")
heralds_called_back: Callbacks[Sequence[str]] = Callbacks(herald, take=take)
