"""Models as data: read from TOML, checked, and named by the hash of what they say."""

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from tenor_credit.domain.errors import CreditError, ModelInvalid
from tenor_credit.domain.grades import Grade, GradeScale, OverrideRule
from tenor_credit.domain.scorecard import Band, Better, Class, Factor, Scorecard
from tenor_credit.domain.tree import Decision, Node, Tree


def read_scorecard(text: str) -> Scorecard:
    """A scorecard from its TOML.

    Figures stand there as texts (``"0.65"``): a TOML number with a point would be a float. Raises ModelInvalid:
    ``model-unreadable`` (reason), ``number-is-float`` (found), and what `Factor`, `GradeScale`, `Scorecard` raise.
    """
    data = _parsed(text)
    try:
        return Scorecard(
            id=data["id"],
            zh=data["zh"],
            en=data["en"],
            valid_from=data["valid_from"],
            factors=tuple(_factor(raw) for raw in data["factors"]),
            scale=GradeScale(tuple(Grade(raw["code"], raw["low"]) for raw in data["grades"])),
            overrides=OverrideRule(**data["overrides"]),
            digest=digest(data),
        )
    except (KeyError, TypeError, ValueError) as problem:
        raise ModelInvalid("model-unreadable", reason=repr(problem)) from None


def read_tree(text: str) -> Tree:
    """A decision tree from its TOML; raises as `read_scorecard`, and what `Tree` raises."""
    data = _parsed(text)
    try:
        nodes = tuple(_node(raw) for raw in data["nodes"])
        return Tree(data["id"], data["root"], nodes, digest(data))
    except (KeyError, TypeError, ValueError) as problem:
        raise ModelInvalid("model-unreadable", reason=repr(problem)) from None


def digest(data: Mapping[str, Any]) -> str:
    """The SHA-256 of a model's content, the same whatever the order of its keys or its comments."""
    canonical = json.dumps(data, sort_keys=True, ensure_ascii=False, default=_day)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _day(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} has no place in a model")


def _parsed(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text, parse_float=_no_float)
    except tomllib.TOMLDecodeError as problem:
        raise ModelInvalid("model-unreadable", reason=str(problem)) from None


def _no_float(found: str) -> Any:
    raise ModelInvalid("number-is-float", found=found)


def _factor(raw: Mapping[str, Any]) -> Factor:
    return Factor(
        code=raw["code"],
        zh=raw["zh"],
        en=raw["en"],
        source=raw["source"],
        maximum=raw["maximum"],
        missing=raw["missing"],
        better=Better(raw["better"]),
        bands=_bands(raw.get("steps", ()), raw.get("points", ())),
        classes=tuple(Class(**found) for found in raw.get("classes", ())),
        percent=raw.get("percent", False),
    )


def _bands(steps: Sequence[str], points: Sequence[int]) -> tuple[Band, ...]:
    """Bands between `steps`, which are one fewer than their points: below the first, between, from the last on."""
    if not points:
        return ()
    bounds = [None, *(Fraction(step) for step in steps), None]
    pairs = zip(bounds[:-1], bounds[1:], points, strict=True)
    return tuple(Band(low, high, worth) for low, high, worth in pairs)


def _node(raw: Mapping[str, Any]) -> Node:
    return Node(
        id=raw["id"],
        field=raw["field"],
        op=raw["op"],
        threshold=Fraction(raw["threshold"]),
        yes=_branch(raw["yes"]),
        no=_branch(raw["no"]),
        missing=_branch(raw["missing"]),
    )


def _branch(raw: Mapping[str, str]) -> Decision | str:
    """``{node = "leverage"}`` goes on, ``{grade = "B"}`` decides."""
    return Decision(raw["grade"]) if "grade" in raw else raw["node"]


# --- the models that ship --------------------------------------------------------------------------


@cache
def bundled_scorecards() -> Mapping[str, Scorecard]:
    """The scorecards of the package by id; every version ever shipped stays, for ratings that were made on it."""
    cards = [read_scorecard(text) for text in _texts("scorecard_")]
    return MappingProxyType({card.id: card for card in cards})


@cache
def bundled_trees() -> Mapping[str, Tree]:
    """The decision trees of the package by id."""
    trees = [read_tree(text) for text in _texts("tree_")]
    return MappingProxyType({tree.id: tree for tree in trees})


def scorecard(model: str) -> Scorecard:
    """The bundled scorecard with this id. Raises CreditError ``model-unknown`` (model)."""
    try:
        return bundled_scorecards()[model]
    except KeyError:
        raise CreditError("model-unknown", model=model) from None


def _texts(prefix: str) -> list[str]:
    folder = files("tenor_credit") / "models"
    found = [file for file in folder.iterdir() if file.name.startswith(prefix)]
    return [file.read_text(encoding="utf-8") for file in sorted(found, key=lambda f: f.name)]
