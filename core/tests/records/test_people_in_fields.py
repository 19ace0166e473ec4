"""A field that names a person leads to the user behind it."""

from tenor.access.records import User
from tenor.records import specs
from tenor_sdk.fields import info_of, person


def test_a_field_that_names_a_person_is_a_link_to_the_user() -> None:
    column = person(label="Rated by").column
    assert specs._target(User, "rated_by_id", info_of(column)) is User


def test_a_person_is_named_by_the_plugin_never_by_a_form() -> None:
    assert info_of(person().column).readonly
    assert not info_of(person(readonly=False).column).readonly
