"""News of an SMS provider as signed JSON: proved, and read one by one."""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from tenor_channels.sms import check_number, normal_number
from tenor_channels.sms_reports import FRESH, News, SmsAnswer, SmsReport
from tenor_sdk import Invalid, Refused
from tenor_sdk.callbacks import Callback

_LONGEST_ID: Final = 100
_STATES: Final = {"arrived": True, "failed": False}


def signature(key: str, stamp: str, body: bytes) -> str:
    """HMAC-SHA256 of time, line feed and body under a key, in hexadecimal."""
    return hmac.digest(key.encode(), f"{stamp}\n".encode() + body, "sha256").hex()


def proved(callback: Callback, key: str, at: datetime) -> None:
    """Whether a callback bears the signature of whoever has the key, made within these minutes.

    Raises:
        Refused: ``sms-callback-not-proved``, ``sms-callback-too-old``.
    """
    stamp, proof = callback.header("X-Time"), callback.header("X-Signature")
    known = key and stamp.isascii() and stamp.isdecimal()
    expected = signature(key, stamp, callback.body)
    if not known or not hmac.compare_digest(proof.encode(), expected.encode()):
        raise Refused("sms-callback-not-proved")
    sent = _moment(int(stamp))
    if sent is None or abs(at - sent) > FRESH:
        raise Refused("sms-callback-too-old")


def read_news(body: bytes) -> News:
    """The news in a callback's body; what can't be read is left out.

    Raises:
        Refused: ``sms-callback-not-read``: it is no JSON of this form.
    """
    try:
        said = json.loads(body)
    except ValueError:
        said = None
    if not isinstance(said, dict) or not isinstance(said.get("items"), list):
        raise Refused("sms-callback-not-read")
    return news_of(said)


def news_of(said: Mapping[str, Any]) -> News:
    """The news among the ``items`` of an answer; what can't be read is left out."""
    items = said.get("items")
    return tuple(_read(items)) if isinstance(items, list) else ()


def _read(items: list[Any]) -> Iterator[SmsReport | SmsAnswer]:
    for item in items:
        if not isinstance(item, dict):
            continue
        event, at = item.get("event"), _moment(item.get("time"))
        if not isinstance(event, str) or not 0 < len(event) <= _LONGEST_ID or at is None:
            continue
        found = _report(item, event, at) or _answer(item, event, at)
        if found is not None:
            yield found


def _report(item: Mapping[str, Any], event: str, at: datetime) -> SmsReport | None:
    key, state = item.get("id"), item.get("state")
    if not isinstance(key, str) or not isinstance(state, str) or state not in _STATES:
        return None
    problem = " ".join(str(item.get("why") or "").split())[:300]
    return SmsReport(event, key[:200], _STATES[state], at, problem)


def _answer(item: Mapping[str, Any], event: str, at: datetime) -> SmsAnswer | None:
    number, words = item.get("from"), item.get("words")
    if not isinstance(number, str) or not isinstance(words, str):
        return None
    normal = normal_number(number)
    try:
        check_number(normal)
    except Invalid:
        return None
    return SmsAnswer(event, normal, words, at) if normal else None


def _moment(seconds: object) -> datetime | None:
    if isinstance(seconds, bool) or not isinstance(seconds, int):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
