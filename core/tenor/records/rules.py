"""A field's rules, compiled once, with two faces: of one value, for forms and the API, and of a whole column of a file.
Nothing is rounded, cut or guessed; what isn't understood is a ``TenorError`` with a key."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final, Literal

from tenor.db.numbers import BEYOND
from tenor.records.specs import FieldSpec
from tenor.records.written import Written, computed, quick_minor
from tenor_sdk.errors import Invalid, TenorError
from tenor_sdk.files import Upload
from tenor_sdk.sheets import Formula
from tenor_sdk.values import Amount, Rate, exponent

Style = Literal["api", "form", "file"]
_MOST_TEXT: Final = 100_000
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BROKEN: Final = re.compile(r"[\x00-\x08\n-\x1f\x7f]")
_TEXTS: Final = ("text", "long-text")


@dataclass
class Column:
    """A column as it was read.

    Args:
        values: one a row; None where nothing was given or it is at fault.
        faults: by the place of the row.
    """

    values: list[Any]
    faults: dict[int, TenorError] = field(default_factory=dict)


class Rule:
    """The rules of one field.

    Args:
        spec: the field.
        style: how values are written: over the API, in a form, in a file.
        currency: of its amounts.
        required: whether it may be empty; by default as the field says.
        written: of a file: how its column is written.
    """

    def __init__(
        self,
        spec: FieldSpec,
        style: Style,
        currency: str = "CNY",
        *,
        required: bool | None = None,
        written: Written | None = None,
    ) -> None:
        self.spec = spec
        self.style = style
        self.currency = currency
        self.required = spec.required if required is None else required
        self._written = written or Written(spec.kind)
        self._read = READERS[spec.kind]
        info = spec.info
        self._pattern = re.compile(info.pattern) if info.pattern else None
        self._bare = (
            info.minimum is None
            and info.maximum is None
            and info.check is None
            and info.normal is None
            and not info.pattern
        )
        self._empty = "" if spec.kind in _TEXTS and not _nullable(spec) else None

    # -- of a value -------------------------------------------------------------------------------------------------

    def value(self, given: Any) -> Any:
        """One value as the field keeps it.

        Raises:
            TenorError: with the rule that failed.
        """
        if self.style == "file" and isinstance(given, Formula):
            given = computed(given)
        if self.is_empty(given):
            if self.required:
                raise TenorError("required")
            return self._empty
        if self.style == "file":
            given = self._written(given)
        read = self._read(self, given)
        if self.spec.info.normal is not None:
            read = self.spec.info.normal(read)
        self._check(read)
        return read

    def is_empty(self, given: Any) -> bool:
        """Nothing was given: no value, null, or a text of blanks."""
        if isinstance(given, str):
            # a box that isn't ticked is sent as an empty text
            may_be_no = self.spec.kind == "boolean" and self.style != "file"
            return not may_be_no and not given.strip()
        return given is None

    def _check(self, value: Any) -> None:
        info = self.spec.info
        if info.minimum is not None and value < info.minimum:
            raise Invalid("too-small", minimum=info.minimum)
        if info.maximum is not None and value > info.maximum:
            raise Invalid("too-large", maximum=info.maximum)
        if self._pattern is not None and not self._pattern.fullmatch(value):
            raise Invalid("wrong-pattern")
        if info.check is not None:
            info.check(value)

    # -- of a column ------------------------------------------------------------------------------------------------

    def column(self, given: Sequence[Any]) -> Column:
        """A whole column of a file; the same values and faults as one by one."""
        if self.spec.kind == "text" and self._bare:
            plain = self._texts(given)
            if plain is not None:
                return Column(plain)
        if self.spec.kind == "amount" and self._written.plain:
            return self._amounts(given)
        return self._each(given)

    def _texts(self, given: Sequence[Any]) -> list[Any] | None:
        """A column of texts that are all in order; None where one of them has to be looked at."""
        if not all(type(value) is str for value in given):
            return None
        texts = [value.strip() for value in given]
        longest = max(map(len, texts), default=0)
        if longest > (self.spec.max_length or _MOST_TEXT) or _BROKEN.search("".join(texts)):
            return None
        if any(text[:1] == "'" for text in texts):  # what an export made harmless
            return None
        if "" in texts:
            if self.required:
                return None
            return [text or self._empty for text in texts]
        return texts

    def _amounts(self, given: Sequence[Any]) -> Column:
        places = exponent(self.currency)
        made = Column([None] * len(given))
        for place, value in enumerate(given):
            minor = quick_minor(value, places)
            if minor is None:
                self._one(place, value, made)
            else:
                amount = Amount(minor)
                if not self._bare:
                    self._checked(place, amount, made)
                made.values[place] = None if place in made.faults else amount
        return made

    def _checked(self, place: int, value: Any, made: Column) -> None:
        try:
            self._check(value)
        except TenorError as error:
            made.faults[place] = error

    def _one(self, place: int, value: Any, made: Column) -> None:
        try:
            made.values[place] = self.value(value)
        except TenorError as error:
            made.faults[place] = error

    def _each(self, given: Sequence[Any]) -> Column:
        """Each different value once: a column of a file repeats itself."""
        made = Column([None] * len(given))
        known: dict[Any, tuple[Any, TenorError | None]] = {}
        for place, value in enumerate(given):
            asked = (type(value), value)
            found = known.get(asked)
            if found is None:
                self._one(place, value, made)
                known[asked] = (made.values[place], made.faults.get(place))
            else:
                made.values[place] = found[0]
                if found[1] is not None:
                    made.faults[place] = found[1]
        return made


def _nullable(spec: FieldSpec) -> bool:
    if spec.attribute is None or spec.is_custom:
        return True
    return bool(spec.attribute.property.columns[0].nullable)


# -- readers ---------------------------------------------------------------------------------------------------------


def _text(rule: Rule, value: Any) -> str:
    if not isinstance(value, str):
        raise Invalid("not-a-text")
    text = value.strip() if rule.spec.kind == "text" else value.replace("\r\n", "\n").rstrip()
    if rule.spec.kind == "text" and "\n" in text:
        raise Invalid("control-characters")
    return fit(text, rule.spec.max_length or _MOST_TEXT)


def fit(text: str, limit: int) -> str:
    if len(text) > limit:
        raise Invalid("too-long", limit=limit, length=len(text))
    if _CONTROL.search(text):
        raise Invalid("control-characters")
    return text


def _integer(rule: Rule, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise Invalid("not-a-whole-number")
    try:
        number = int(str(value).replace(",", ""))
    except ValueError:
        raise Invalid("not-a-whole-number") from None
    if abs(number) >= BEYOND:
        raise Invalid("not-a-whole-number")
    return number


def _amount(rule: Rule, value: Any) -> Amount:
    if not isinstance(value, (str, int)) or isinstance(value, bool):
        raise Invalid("amount-as-text")
    return Amount.of(value, rule.currency)


def _rate(rule: Rule, value: Any) -> Rate:
    if not isinstance(value, (str, int)) or isinstance(value, bool):
        raise Invalid("not-a-rate", None, value=str(value))
    if rule.style == "form":
        return Rate.percent(str(value).removesuffix("%").strip())
    return Rate.of(value)


def _date(rule: Rule, value: Any) -> date:
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(value)):
            raise ValueError
        return date.fromisoformat(str(value))
    except ValueError:
        raise Invalid("not-a-date") from None


def _time(rule: Rule, value: Any) -> datetime:
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        raise Invalid("not-a-time") from None
    if found.tzinfo is None:
        raise Invalid("time-without-zone")
    try:
        return found.astimezone(UTC)
    except OverflowError:  # in the first or last hours that there are, said in another zone
        raise Invalid("not-a-time") from None


def _boolean(rule: Rule, value: Any) -> bool:
    if value in (True, "true", "on", "1", "yes"):
        return True
    if value in (False, "false", "off", "0", "no", ""):
        return False
    raise Invalid("not-a-yes-or-no")


def _choice(rule: Rule, value: Any) -> Any:
    allowed = [choice for choice, _ in rule.spec.choices]
    if value not in allowed:
        raise Invalid("not-a-choice", None, value=str(value), choices=", ".join(allowed))
    return rule.spec.enum(value) if rule.spec.enum else value


def _link(rule: Rule, value: Any) -> int:
    try:
        return _integer(rule, value)
    except Invalid:
        raise Invalid("not-a-link") from None


def _file(rule: Rule, value: Any) -> Any:
    if rule.spec.attribute is None:
        if not isinstance(value, Upload):
            raise Invalid("not-a-file")
        return value
    return value if isinstance(value, Upload) else _link(rule, value)


def _json(rule: Rule, value: Any) -> Any:
    if not isinstance(value, (dict, list)):
        raise Invalid("not-an-object")
    return value


READERS: Final[Mapping[str, Callable[[Rule, Any], Any]]] = {
    "text": _text, "long-text": _text, "integer": _integer, "amount": _amount, "rate": _rate, "date": _date,
    "time": _time, "boolean": _boolean, "choice": _choice, "link": _link, "file": _file, "json": _json,
}  # fmt: skip
