"""Amounts in Chinese financial capitals (大写), as contracts and vouchers carry them.

Source of the rules: 《支付结算办法》 annex 1 《正确填写票据和结算凭证的基本规定》, articles 1 to 4.
Where the rule allows two forms (a zero before jiao after a round number of yuan; 整 after jiao), the one
that its examples name first is used.
"""

from typing import Final

from tenor_sdk.errors import Invalid

_DIGITS: Final = "零壹贰叁肆伍陆柒捌玖"
_PLACES: Final = ("仟", "佰", "拾", "")
_HUNDRED_MILLION: Final = 10**8
_TEN_THOUSAND: Final = 10**4

#: Amounts from this on (ten thousand million million yuan) have no customary name.
LIMIT: Final = 10**16 * 100


def amount_in_words(minor: int) -> str:
    """Write an amount of renminbi in capitals: ``8_000_000_000`` is 人民币捌仟万元整.

    Args:
        minor: the amount in fen, not negative.

    Raises:
        Invalid: ``amount-not-writable`` for a negative amount or one of ``LIMIT`` and above.
    """
    if isinstance(minor, bool) or not isinstance(minor, int):
        raise TypeError(f"an amount is a whole number of fen, not {minor!r}")
    if not 0 <= minor < LIMIT:
        raise Invalid("amount-not-writable", minor=minor)
    yuan, fen = divmod(minor, 100)
    return "人民币" + _yuan(yuan, fen) + _small_change(yuan, fen)


def _yuan(yuan: int, fen: int) -> str:
    return _whole(yuan) + "元" if yuan or not fen else ""


def _small_change(yuan: int, fen: int) -> str:
    """Jiao and fen, with the zero that must or may stand before them."""
    if not fen:
        return "整"
    jiao, rest = divmod(fen, 10)
    gap = yuan and (not jiao or yuan % 10 == 0)
    words = _DIGITS[0] if gap else ""
    words += _DIGITS[jiao] + "角" if jiao else ""
    return words + (_DIGITS[rest] + "分" if rest else "")


def _whole(number: int) -> str:
    """A whole number below 10¹⁶: by 亿, then by 万, then by its four digits."""
    if number >= _HUNDRED_MILLION:
        return _joined(number, _HUNDRED_MILLION, "亿")
    if number >= _TEN_THOUSAND:
        return _joined(number, _TEN_THOUSAND, "万")
    return _section(number) or _DIGITS[0]


def _joined(number: int, unit: int, name: str) -> str:
    """``number`` split at ``unit``; one zero stands where the lower part begins with zeros."""
    high, low = divmod(number, unit)
    words = _whole(high) + name
    if not low:
        return words
    return words + (_DIGITS[0] if low < unit // 10 else "") + _whole(low)


def _section(number: int) -> str:
    """Up to four digits, a run of zeros between digits as one, none at either end."""
    words = ""
    for digit, place in zip(f"{number:04d}", _PLACES, strict=True):
        if digit != "0":
            words += _DIGITS[int(digit)] + place
        elif words and not words.endswith(_DIGITS[0]):
            words += _DIGITS[0]
    return words.rstrip(_DIGITS[0])
