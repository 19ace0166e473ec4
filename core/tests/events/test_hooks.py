"""Which implementations a hook has, and what is said of one that fits no hook."""

from typing import Any

import pytest

from tenor.declarations import Labelled
from tenor.events.hooks import HookError, Hooks
from tenor_sdk.hooks import HookImpl, HookSpec


def _spec(ctx: Any, case_id: int) -> int:
    raise AssertionError("a specification isn't called")


def _first(ctx: Any, case_id: int) -> int:
    return case_id


def _second() -> int:
    return 2


def _third(*, case_id: int) -> int:
    return case_id


def _misfit(ctx: Any, colour: str) -> int:
    return len(colour)


SPECS = [Labelled("npl", _spec, HookSpec("npl__options"))]


def _impl(plugin: str, function: Any, hook: str = "npl__options") -> Labelled:
    return Labelled(plugin, function, HookImpl(hook))


def test_implementations_come_in_load_order_with_the_arguments_that_they_name() -> None:
    impls = [_impl("a", _first), _impl("b", _second), _impl("c", _third), _impl("a", _second)]
    found = Hooks(SPECS, impls).of("npl__options", ["ctx", "case_id"])
    assert [(impl.plugin, impl.takes) for impl in found] == [
        ("a", ("ctx", "case_id")),
        ("b", ()),
        ("c", ("case_id",)),
        ("a", ()),
    ]
    assert [impl.call({"ctx": None, "case_id": 7}) for impl in found] == [7, 2, 7, 2]


def test_a_hook_that_nobody_implements_has_no_answers() -> None:
    assert list(Hooks(SPECS, []).of("npl__options", ["ctx", "case_id"])) == []


def test_a_misspelt_hook_is_an_error_that_names_plugin_function_and_hook() -> None:
    with pytest.raises(HookError, match=r"rating: .*_first.*'npl__optoins'") as caught:
        Hooks(SPECS, [_impl("rating", _first, "npl__optoins")])
    assert caught.value.plugin == "rating"


def test_an_implementation_with_an_argument_that_the_hook_has_not_is_an_error() -> None:
    with pytest.raises(HookError, match="colour") as caught:
        Hooks(SPECS, [_impl("rating", _misfit)])
    assert caught.value.plugin == "rating"


def test_calling_a_hook_with_other_arguments_than_it_has_is_an_error() -> None:
    hooks = Hooks(SPECS, [_impl("a", _second)])
    with pytest.raises(HookError, match="case_id"):
        hooks.of("npl__options", ["ctx", "case"])


def test_calling_a_hook_that_nobody_publishes_is_an_error() -> None:
    with pytest.raises(HookError, match="npl__ways"):
        Hooks(SPECS, []).of("npl__ways", ["ctx"])


def test_without_any_hook_nothing_is_wrong() -> None:
    assert Hooks([], []) is not None
