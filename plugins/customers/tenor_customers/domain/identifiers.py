"""Identifiers of companies and persons: which rule a code breaks, and how to make a valid one.

Sources: GB 32100-2015 (unified social credit code), GB 11714-1997 (organisation code), GB 11643-1999
(identity number), ISO 17442 (LEI). Every ``*_problems`` function takes the text as a person typed it, puts it
into its stored form first (``normal_code``), and returns all problems found; none that block means valid.
"""

import re
import unicodedata
from datetime import date

from tenor_customers.domain.problems import Problem, error, warning

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
IDENTITY_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
IDENTITY_CHECKS = "10X98765432"
LOOKALIKES = {"I": "1", "O": "0", "Z": "2", "S": "5"}

# GB/T 2260, first two digits; 10 stands for bodies registered centrally. Only ever a warning: region codes
# retire, and history must not be judged by today's list.
PROVINCES = frozenset(
    "10 11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 "
    "50 51 52 53 54 61 62 63 64 65 71 81 82 83".split()
)

_IGNORED = re.compile(r"[\s\u200b-\u200f\ufeff-]+")


def normal_code(text: str) -> str:
    """The stored form of a code: half width, upper case, without spaces and hyphens."""
    return _IGNORED.sub("", unicodedata.normalize("NFKC", text)).upper()


# --- unified social credit code -----------------------------------------------------------------


def uscc_check_character(body: str) -> str:
    """The 18th character for the first 17 of a unified social credit code.

    Raises ValueError when `body` is not 17 characters of the code's alphabet.
    """
    if len(body) != 17:
        raise ValueError("the body of a unified social credit code has 17 characters")
    total = sum(
        USCC_ALPHABET.index(character) * weight
        for character, weight in zip(body, USCC_WEIGHTS, strict=True)
    )
    return USCC_ALPHABET[-total % 31]


def uscc_with_check(body: str) -> str:
    """A whole unified social credit code from its first 17 characters (see `uscc_check_character`)."""
    return body + uscc_check_character(body)


def uscc_problems(text: str) -> tuple[Problem, ...]:
    """Which rules of GB 32100 `text` breaks; warnings for those that some real codes break.

    Keys that block: ``uscc-length`` (found), ``uscc-character`` (position, character, perhaps: what it may have
    been meant to be), ``uscc-region-digits`` (region), ``uscc-check-digit`` (found, expected). Warnings:
    ``uscc-region-unknown`` (region), ``organisation-code-check-digit`` (found, expected).
    """
    code = normal_code(text)
    if len(code) != 18:
        return (error("uscc-length", found=len(code), expected=18),)
    if wrong := _foreign_characters(code):
        return wrong
    found = [*_region_problems(code[2:8])]
    expected = uscc_check_character(code[:17])
    if code[17] != expected:
        found.append(error("uscc-check-digit", found=code[17], expected=expected))
    else:
        found.extend(organisation_code_problems(code[8:17]))
    return tuple(found)


def _foreign_characters(code: str) -> tuple[Problem, ...]:
    """A problem for each character that GB 32100 does not use (I, O, S, V, Z among them)."""
    return tuple(
        error(
            "uscc-character",
            position=position,
            character=character,
            perhaps=LOOKALIKES.get(character, ""),
        )
        for position, character in enumerate(code, start=1)
        if character not in USCC_ALPHABET
    )


def _region_problems(region: str) -> tuple[Problem, ...]:
    """Characters 3 to 8 are a region of six digits; an unknown province is only a warning."""
    if not region.isdecimal():
        return (error("uscc-region-digits", region=region),)
    if region[:2] not in PROVINCES:
        return (warning("uscc-region-unknown", region=region),)
    return ()


# --- organisation code, as it stands inside the unified code --------------------------------------


def organisation_check_character(body: str) -> str:
    """The 9th character for the first 8 of an organisation code: 11 − Σ mod 11, with 10 as X and 11 as 0.

    Raises ValueError when `body` is not 8 digits or capitals.
    """
    if len(body) != 8:
        raise ValueError("the body of an organisation code has 8 characters")
    total = sum(
        ORGANISATION_ALPHABET.index(character) * weight
        for character, weight in zip(body, ORGANISATION_WEIGHTS, strict=True)
    )
    return "0123456789X"[-total % 11]


def organisation_code_problems(code: str) -> tuple[Problem, ...]:
    """A warning when the ninth character of an organisation code is not its check; old real codes break it."""
    expected = organisation_check_character(code[:8])
    if code[8] == expected:
        return ()
    return (warning("organisation-code-check-digit", found=code[8], expected=expected),)


# --- identity number of a person -----------------------------------------------------------------


def identity_check_character(body: str) -> str:
    """The 18th character for the first 17 digits of an identity number (MOD 11-2).

    Raises ValueError when `body` is not 17 digits.
    """
    if not re.fullmatch(r"[0-9]{17}", body):
        raise ValueError("the body of an identity number has 17 digits")
    total = sum(int(digit) * weight for digit, weight in zip(body, IDENTITY_WEIGHTS, strict=True))
    return IDENTITY_CHECKS[total % 11]


def identity_problems(text: str, on: date | None = None) -> tuple[Problem, ...]:
    """Which rules of GB 11643 `text` breaks; `on` is the business date, if births after it are to be refused.

    Keys that block: ``identity-length`` (found), ``identity-old-form`` (the 15 digits of before 2000),
    ``identity-character`` (position), ``identity-date``, ``identity-born-later``, ``identity-check-digit``.
    Warning: ``identity-region-unknown``. The values never hold the number itself: it is personal data, and
    problems are shown and logged.
    """
    code = normal_code(text)
    if re.fullmatch(r"[0-9]{15}", code):
        return (error("identity-old-form", found=15, expected=18),)
    if len(code) != 18:
        return (error("identity-length", found=len(code), expected=18),)
    if wrong := _identity_characters(code):
        return wrong
    return (*_birth_problems(code, on), *_identity_check(code), *_identity_region(code))


def birth_date(code: str) -> date | None:
    """The date of birth that an identity number of 18 characters carries; None when no such day existed."""
    try:
        return date(int(code[6:10]), int(code[10:12]), int(code[12:14]))
    except ValueError:
        return None


def _identity_characters(code: str) -> tuple[Problem, ...]:
    allowed = ["0123456789"] * 17 + ["0123456789X"]
    return tuple(
        error("identity-character", position=position)
        for position, (character, these) in enumerate(zip(code, allowed, strict=True), start=1)
        if character not in these
    )


def _birth_problems(code: str, on: date | None) -> tuple[Problem, ...]:
    born = birth_date(code)
    if born is None:
        return (error("identity-date"),)
    if on is not None and born > on:
        return (error("identity-born-later"),)
    return ()


def _identity_check(code: str) -> tuple[Problem, ...]:
    if code[17] == identity_check_character(code[:17]):
        return ()
    return (error("identity-check-digit"),)


def _identity_region(code: str) -> tuple[Problem, ...]:
    if code[:2] in PROVINCES:
        return ()
    return (warning("identity-region-unknown", region=code[:2]),)


# --- legal entity identifier ---------------------------------------------------------------------


def lei_check_digits(body: str) -> str:
    """The last two digits for the first 18 characters of an LEI (ISO 7064 MOD 97-10).

    Raises ValueError when `body` is not 18 digits or capitals.
    """
    if not re.fullmatch(r"[0-9A-Z]{18}", body):
        raise ValueError("the body of an LEI has 18 digits or capitals")
    return f"{98 - _letters_as_numbers(body) * 100 % 97:02d}"


def lei_problems(text: str) -> tuple[Problem, ...]:
    """Which rules of ISO 17442 `text` breaks: ``lei-length``, ``lei-character``, ``lei-check-digits``."""
    code = normal_code(text)
    if len(code) != 20:
        return (error("lei-length", found=len(code), expected=20),)
    if not re.fullmatch(r"[0-9A-Z]{18}[0-9]{2}", code):
        return (error("lei-character"),)
    if _letters_as_numbers(code) % 97 != 1:
        return (error("lei-check-digits", found=code[18:], expected=lei_check_digits(code[:18])),)
    return ()


def _letters_as_numbers(code: str) -> int:
    """The number that ISO 7064 computes with: A is 10 … Z is 35, written one after the other."""
    return int("".join(str(int(character, 36)) for character in code))


# --- codes with a roll-up --------------------------------------------------------------------------


def industry_levels(code: str) -> tuple[str, ...]:
    """The levels above and including an industry of GB/T 4754, widest first: C3621 → C, 36, 362, 3621.

    Raises ValueError when `code` is not a letter A–T with none, two, three or four digits.
    """
    normal = normal_code(code)
    if not re.fullmatch(r"[A-T](\d{2,4})?", normal, re.ASCII):
        raise ValueError("an industry code is a letter A to T and none or two to four digits")
    return (normal[0], *(normal[1:end] for end in range(3, len(normal) + 1)))


def region_levels(code: str) -> tuple[str, ...]:
    """Province, city and district of a region of GB/T 2260: 440300 → 44, 4403, 440300.

    Raises ValueError when `code` is not six digits.
    """
    if not re.fullmatch(r"[0-9]{6}", code):
        raise ValueError("a region code has six digits")
    return code[:2], code[:4], code
