"""In which order plugins are loaded."""

from importlib.metadata import EntryPoint
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from packaging.requirements import Requirement

from tenor.loader.manifest import GROUP, Manifest
from tenor.loader.order import closure, order
from tenor_sdk.plugin import Plugin


def made(
    name: str, *requires: str, version: str = "1.0", optional: tuple[str, ...] = ()
) -> Manifest:
    needs = [Requirement(line) for line in requires]
    return Manifest(
        name=name, package=f"tenor_{name}", distribution=f"tenor-{name}", version=version, summary="",
        requires={need.name.removeprefix("tenor-"): need for need in needs}, folder=Path(),
        stated=Plugin(title=name, optional=optional), point=EntryPoint(name, f"tenor_{name}", GROUP),
    )  # fmt: skip


def on_shelf(*manifests: Manifest) -> dict[str, Manifest]:
    return {each.name: each for each in (made("base"), *manifests)}


NAMES = "abcdefgh"


@st.composite
def shelves(draw: st.DrawFn) -> dict[str, Manifest]:
    """Plugins that need only those before them in the alphabet."""
    manifests = []
    for index, name in enumerate(NAMES):
        needs = draw(st.sets(st.sampled_from(NAMES[:index]))) if index else set()
        manifests.append(made(name, *(f"tenor-{need}" for need in sorted(needs))))
    return on_shelf(*manifests)


@given(shelves(), st.permutations(NAMES))
def test_whoever_is_needed_comes_first_whatever_the_order_of_asking(
    installed: dict[str, Manifest], asked: list[str]
) -> None:
    names = order(asked, installed).names
    assert names[0] == "base"
    assert sorted(names) == sorted(installed)
    for name in names:
        assert all(names.index(need) < names.index(name) for need in installed[name].requires)
    assert names == order(sorted(asked), installed).names


@given(shelves(), st.sampled_from(NAMES))
def test_a_broken_plugin_takes_along_exactly_those_that_need_it(
    installed: dict[str, Manifest], broken: str
) -> None:
    result = order(NAMES, installed, {broken})
    needing = {name for name in NAMES if broken in closure([name], installed)}
    assert set(result.names) == {"base", *NAMES} - needing
    assert {failure.plugin for failure in result.failures} == needing - {broken}


def test_neighbours_are_loaded_by_name() -> None:
    installed = on_shelf(made("b"), made("a"), made("c", "tenor-a"))
    assert order("cba", installed).names == ["base", "a", "b", "c"]


def test_a_missing_requirement_is_named_with_what_to_install() -> None:
    result = order(["loans"], on_shelf(made("loans", "tenor-customers>=2")))
    (failure,) = result.failures
    assert result.names == ["base"]
    assert "tenor-customers>=2, which isn't installed" in str(failure.cause)
    assert "pip install tenor-customers>=2" in str(failure.remedy)


def test_a_requirement_that_is_disabled_is_named_with_how_to_enable_it() -> None:
    installed = on_shelf(made("loans", "tenor-customers"), made("customers"))
    (failure,) = order(["loans"], installed).failures
    assert "tenor plugin enable customers" in str(failure.remedy)


def test_a_requirement_of_another_version_is_named_with_both() -> None:
    installed = on_shelf(made("loans", "tenor-customers>=2"), made("customers", version="1.9"))
    (failure,) = order(["loans", "customers"], installed).failures
    assert str(failure.cause) == "It needs tenor-customers>=2; installed is 1.9."


def test_a_circle_leaves_out_those_in_it_and_no_others() -> None:
    installed = on_shelf(made("a", "tenor-b"), made("b", "tenor-a"), made("c"))
    result = order("abc", installed)
    assert result.names == ["base", "c"]
    assert {failure.plugin: failure.stage for failure in result.failures} == {
        "a": "order",
        "b": "order",
    }


def test_an_optional_neighbour_comes_first() -> None:
    installed = on_shelf(made("a", optional=("z",)), made("z"))
    assert order("az", installed).names == ["base", "z", "a"]


def test_two_optional_neighbours_of_each_other_both_run() -> None:
    installed = on_shelf(made("a", optional=("z",)), made("z", optional=("a",)))
    assert order("az", installed).names == ["base", "a", "z"]


def test_an_enabled_plugin_that_is_gone_is_a_failure_of_its_own() -> None:
    (failure,) = order(["ghost"], on_shelf()).failures
    assert (failure.plugin, failure.stage) == ("ghost", "requirements")
