"""Names of companies made comparable, and the reasons why two customers may be one.

Only *matching* uses these forms: what is stored and printed is the name as registered.
"""

import re
import tomllib
import unicodedata
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import files

from tenor_customers.domain.identifiers import normal_code

SIMILAR = Fraction(4, 5)
"""From this share of common character pairs on, two names are called similar."""

_BRACKETS = str.maketrans("〔【[{〈《「『<〕】]}〉》」』>", "(((((((((" + ")))))))))")
_NOISE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff·•・.,、,'\"’‘“”&_-]+")


@dataclass(frozen=True, slots=True)
class NameTables:
    """Reference data for names: legal forms, longest first, and traditional characters with their simple form."""

    legal_forms: tuple[str, ...]
    simplified: dict[int, str]


@cache
def name_tables() -> NameTables:
    """The tables of ``data/names.toml``."""
    text = (files("tenor_customers") / "data" / "names.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    forms = sorted((_plain(form) for form in data["legal_forms"]), key=len, reverse=True)
    pairs = "".join(data["traditional_simplified"]).split()
    return NameTables(tuple(forms), {ord(pair[0]): pair[1] for pair in pairs})


def normal_company_name(name: str) -> str:
    """The form in which names are compared: half width, round brackets, simplified, no spaces; legal form kept.

    北京甲乙（集团）有限公司 and 北京甲乙(集团)有限公司 give the same; doing it twice changes nothing more.
    """
    return _plain(_plain(name).translate(name_tables().simplified))


def _plain(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name).casefold().translate(_BRACKETS)
    return _NOISE.sub("", unicodedata.normalize("NFKC", folded))


def split_legal_form(name: str) -> tuple[str, str]:
    """The comparable name in two: what the firm is called, and its legal form ("" when none is known).

    泽远精密制造股份有限公司 → ("泽远精密制造", "股份有限公司").
    """
    normal = normal_company_name(name)
    for form in name_tables().legal_forms:
        if normal.endswith(form) and len(normal) > len(form):
            return normal.removesuffix(form), form
    return normal, ""


def similarity(one: str, other: str) -> Fraction:
    """Dice's share of common character pairs of two texts, 0 to 1; 1 only for the same pairs as often."""
    pairs, others = _pairs(one), _pairs(other)
    total = pairs.total() + others.total()
    if not total:
        return Fraction(int(one == other))
    return Fraction(2 * (pairs & others).total(), total)


def _pairs(text: str) -> Counter[str]:
    return Counter(text[i : i + 2] for i in range(len(text) - 1))


# --- near duplicates -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Identity:
    """What tells one customer from another. ``representative`` is any text that is equal for the same person
    (a blind index of the identity number, say); ``region`` is a code of GB/T 2260; unknown is ""."""

    name: str
    uscc: str = ""
    lei: str = ""
    region: str = ""
    representative: str = ""
    former_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Resemblance:
    """Why two customers may be one: keys of the reasons, strongest first; ``certain`` when a code is the same."""

    reasons: tuple[str, ...]
    certain: bool


CERTAIN = frozenset({"same-uscc", "same-lei"})
SUPPORTING = frozenset({"same-representative", "same-region"})


def resemblance(one: Identity, other: Identity) -> Resemblance | None:
    """Why `one` and `other` may be the same customer, or None.

    Reasons: ``same-uscc``, ``same-lei``, ``same-organisation-code`` (characters 9 to 17: the root that stays when
    the registration moves), ``same-name``, ``same-name-other-legal-form``, ``former-name``, ``similar-name``,
    ``same-representative``, ``same-region``. The last two never suffice, alone or together, and a similar name
    needs one of them: one person may head many firms, and a town has many.
    """
    reasons = (*_same_codes(one, other), *_same_names(one, other), *_same_surroundings(one, other))
    telling = [reason for reason in reasons if reason not in SUPPORTING]
    if not telling or (telling == ["similar-name"] and len(reasons) == 1):
        return None
    return Resemblance(reasons, certain=bool(CERTAIN.intersection(reasons)))


def _same_codes(one: Identity, other: Identity) -> list[str]:
    mine, theirs = normal_code(one.uscc), normal_code(other.uscc)
    found = ["same-uscc"] if mine and mine == theirs else []
    if one.lei and normal_code(one.lei) == normal_code(other.lei):
        found.append("same-lei")
    if len(mine) == len(theirs) == 18 and mine != theirs and mine[8:17] == theirs[8:17]:
        found.append("same-organisation-code")
    return found


def _same_names(one: Identity, other: Identity) -> list[str]:
    (mine, my_form), (theirs, their_form) = split_legal_form(one.name), split_legal_form(other.name)
    if not mine or not theirs:
        return []
    if mine == theirs:
        return ["same-name" if my_form == their_form else "same-name-other-legal-form"]
    if _was_called(one, other) or _was_called(other, one):
        return ["former-name"]
    return ["similar-name"] if similarity(mine, theirs) >= SIMILAR else []


def _was_called(one: Identity, other: Identity) -> bool:
    """Whether `one` once had the name that `other` has or had."""
    former = {normal_company_name(name) for name in one.former_names}
    theirs = {normal_company_name(name) for name in (other.name, *other.former_names)}
    return bool(former & theirs)


def _same_surroundings(one: Identity, other: Identity) -> list[str]:
    found = []
    if one.representative and one.representative == other.representative:
        found.append("same-representative")
    if _city(one) and _city(one) == _city(other):
        found.append("same-region")
    return found


def _city(identity: Identity) -> str:
    """Province and city of a customer's region, from its credit code when none was given."""
    region = identity.region or normal_code(identity.uscc)[2:8]
    return region[:4] if len(region) == 6 and region.isdecimal() else ""
