"""One-time codes by which a borrower, at the counter, proves that they want this very signature.

A code is kept nowhere: it follows, under the institution's key, from a seed that is drawn for it. So the job that mails
it may be killed and run again, and whoever has the database alone can't tell it.
"""

from __future__ import annotations

import hmac
from datetime import timedelta
from secrets import token_hex
from typing import Final

from tenor_esign_ca.records import Signature
from tenor_esign_ca.settings import EsignSettings
from tenor_sdk import Context, Refused
from tenor_sdk.settings import derived_secret

#: Codes for one signature; then it is recalled and sent anew.
MOST_CODES: Final = 10

_DIGITS: Final = 6


def code_of(ctx: Context, signature: Signature) -> str:
    """The code that was drawn last for a signature."""
    about = f"{signature.id} {signature.codes} {signature.code_seed}"
    made = hmac.digest(derived_secret(ctx, "one-time codes"), about.encode(), "sha256")
    return f"{int.from_bytes(made[:8]) % 10**_DIGITS:0{_DIGITS}d}"


def draw_code(ctx: Context, signature: Signature) -> None:
    """Another code; the one before is worth nothing any more.

    Raises:
        Refused: ``codes-used-up``.
    """
    if signature.codes >= MOST_CODES:
        raise Refused("codes-used-up", most=MOST_CODES)
    signature.code_seed = token_hex(16)
    signature.code_until = ctx.now + timedelta(minutes=ctx.settings(EsignSettings).code_minutes)
    signature.codes += 1
    signature.code_tries = 0


def check_code(ctx: Context, signature: Signature, typed: str) -> Refused | None:
    """Whether what was typed is the code; a wrong one is counted, so the refusal is returned, not raised.

    Raises:
        Refused: ``code-not-mailed``, ``code-expired``, ``code-blocked``.
    """
    most = ctx.settings(EsignSettings).code_tries
    if signature.code_until is None:
        raise Refused("code-not-mailed")
    if signature.code_tries >= most:
        raise Refused("code-blocked", tries=signature.code_tries)
    if not signature.code_seed or ctx.now >= signature.code_until:
        raise Refused("code-expired")
    if hmac.compare_digest(code_of(ctx, signature).encode(), typed.strip().encode()):
        signature.code_seed = ""  # used once
        return None
    signature.code_tries += 1
    left = most - signature.code_tries
    return Refused("code-wrong", left=left) if left else Refused("code-blocked", tries=most)
