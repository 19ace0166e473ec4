"""Tags by rule: each condition met or not by a fact with its day, so that a tag can always say why.

A missing fact never meets a condition: a good tag is not given on silence.
"""

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from types import MappingProxyType

FactValue = Fraction | int | bool | str


class RuleInvalid(Exception):
    """A rule that can't be published.

    Args:
        key: which rule of rules, stable.
        values: what its sentence needs.
    """

    def __init__(self, key: str, /, **values: object) -> None:
        super().__init__(key, values)
        self.key = key
        self.values: Mapping[str, object] = values


@dataclass(frozen=True, slots=True)
class Fact:
    """Something known of a customer: a share, a count, a yes or no, or a grade; with its day and where it came from.

    ``value`` is None when it is not known.
    """

    value: FactValue | None
    as_of: date | None = None
    source: str = ""


NUMERIC: Mapping[str, Callable[[Fraction, Fraction], bool]] = MappingProxyType(
    {
        "<": operator.lt,
        "<=": operator.le,
        ">": operator.gt,
        ">=": operator.ge,
        "==": operator.eq,
    }
)
AT_LEAST = "at_least"
"""The operator for grades: as good as the threshold or better, by the condition's scale."""
IS = "is"
"""The operator for a word or a yes or no."""


@dataclass(frozen=True, slots=True)
class Condition:
    """``fact`` ``op`` ``threshold``: leverage <= 0.65; rating at_least A+ on a scale from the best; red_alert is no.

    Raises RuleInvalid with the fact: ``operator-unknown``, ``scale-missing``, ``threshold-not-on-scale``,
    ``threshold-not-a-number``.
    """

    fact: str
    op: str
    threshold: FactValue
    scale: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.op in NUMERIC:
            if not _is_number(self.threshold):
                raise RuleInvalid("threshold-not-a-number", fact=self.fact)
        elif self.op == AT_LEAST:
            self._check_scale()
        elif self.op != IS:
            raise RuleInvalid("operator-unknown", fact=self.fact, found=self.op)

    def _check_scale(self) -> None:
        if not self.scale or len(set(self.scale)) != len(self.scale):
            raise RuleInvalid("scale-missing", fact=self.fact)
        if self.threshold not in self.scale:
            raise RuleInvalid("threshold-not-on-scale", fact=self.fact, found=self.threshold)

    def check(self, fact: Fact | None) -> "Reason":
        """Whether `fact` meets this, and if not, why: ``not-known``, ``wrong-kind``, ``not-met``."""
        if fact is None or fact.value is None:
            return Reason(self, fact or Fact(None), met=False, why="not-known")
        met = self._met(fact.value)
        if met is None:
            return Reason(self, fact, met=False, why="wrong-kind")
        return Reason(self, fact, met=met, why="" if met else "not-met")

    def _met(self, value: FactValue) -> bool | None:
        """None when a value of this kind can't be compared with the threshold."""
        if self.op == IS:
            return value == self.threshold if type(value) is type(self.threshold) else None
        if self.op == AT_LEAST:
            on_scale = value in self.scale
            return self._rank(value) <= self._rank(self.threshold) if on_scale else None
        if not _is_number(value):
            return None
        return NUMERIC[self.op](Fraction(value), Fraction(self.threshold))

    def _rank(self, grade: FactValue) -> int:
        return self.scale.index(str(grade))


def _is_number(value: FactValue) -> bool:
    return isinstance(value, int | Fraction) and not isinstance(value, bool)


@dataclass(frozen=True, slots=True)
class Reason:
    """A condition beside the fact that met it or didn't."""

    condition: Condition
    fact: Fact
    met: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """When a tag is given: all conditions must hold, from ``valid_from`` up to and with ``valid_until``.

    Args:
        tag: the tag's code.
        version: of this rule; what was given names it.
        group: tags of one group exclude each other, "" for none.
        severity: in a group the highest stays; in a queue the highest priority comes first.

    Raises RuleInvalid with the tag: ``conditions-missing``, ``ends-before-start``.
    """

    tag: str
    version: int
    conditions: tuple[Condition, ...]
    valid_from: date
    valid_until: date | None = None
    group: str = ""
    severity: int = 0
    priority: int = 0

    def __post_init__(self) -> None:
        if not self.conditions:
            raise RuleInvalid("conditions-missing", tag=self.tag)
        if self.valid_until is not None and self.valid_until < self.valid_from:
            raise RuleInvalid("ends-before-start", tag=self.tag)

    def applies_on(self, day: date) -> bool:
        """Whether the rule is in force on `day`."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one rule says of one customer: the tag held or not, and every condition with its fact.

    ``outranked_by`` is the tag of the same group that stands instead.
    """

    rule: Rule
    held: bool
    reasons: tuple[Reason, ...]
    outranked_by: str = ""


def evaluate(rule: Rule, facts: Mapping[str, Fact]) -> Outcome:
    """What `rule` says of a customer with these facts by name. Facts that the rule doesn't ask for change nothing."""
    reasons = tuple(condition.check(facts.get(condition.fact)) for condition in rule.conditions)
    return Outcome(rule, all(reason.met for reason in reasons), reasons)


def tags_of(rules: Iterable[Rule], facts: Mapping[str, Fact], on: date) -> list[Outcome]:
    """What the rules in force on the day `on` say of a customer, in their order; of a group only the severest is held.

    Of equal severity the first rule stands.
    """
    outcomes = [evaluate(rule, facts) for rule in rules if rule.applies_on(on)]
    winners: dict[str, Outcome] = {}
    for outcome in outcomes:
        group = outcome.rule.group
        if outcome.held and group:
            best = winners.setdefault(group, outcome)
            if outcome.rule.severity > best.rule.severity:
                winners[group] = outcome
    return [_settled(outcome, winners) for outcome in outcomes]


def _settled(outcome: Outcome, winners: Mapping[str, Outcome]) -> Outcome:
    winner = winners.get(outcome.rule.group)
    if not outcome.held or winner is None or winner is outcome:
        return outcome
    return Outcome(outcome.rule, held=False, reasons=outcome.reasons, outranked_by=winner.rule.tag)


# --- before publishing -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Preview:
    """What publishing a rule would do: customers (by any key) that gain the tag, lose it, keep it."""

    gain: tuple[str, ...]
    lose: tuple[str, ...]
    keep: tuple[str, ...]


def preview(
    rule: Rule, holders: Iterable[str], customers: Mapping[str, Mapping[str, Fact]]
) -> Preview:
    """Who would gain and lose the tag of `rule`.

    Args:
        rule: the rule to be published.
        holders: the customers that hold the tag today; those who are not among `customers` lose it.
        customers: the facts of each customer.
    """
    before = set(holders)
    after = {key for key, facts in customers.items() if evaluate(rule, facts).held}
    return Preview(
        tuple(sorted(after - before)), tuple(sorted(before - after)), tuple(sorted(before & after))
    )


def queue_priority(outcomes: Sequence[Outcome]) -> int:
    """The highest priority among the tags that are held, 0 for none: it orders a queue and skips no check."""
    return max((outcome.rule.priority for outcome in outcomes if outcome.held), default=0)
