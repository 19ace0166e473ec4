"""What is known of a field, from what it says of itself."""

from sqlalchemy import String

from tenor.access.records import User
from tenor.records import specs
from tenor_sdk.fields import field, info_of, person


def test_a_field_that_names_a_person_is_a_link_to_the_user() -> None:
    column = person(label="Rated by").column
    assert specs._target(User, "rated_by_id", info_of(column)) is User


def test_a_person_is_named_by_the_plugin_never_by_a_form() -> None:
    assert info_of(person().column).readonly
    assert not info_of(person(readonly=False).column).readonly


def test_a_text_whose_values_are_data_is_a_choice_among_them() -> None:
    column = field(choices=(("total_assets", "Total assets"),)).column
    column.type = String()
    assert specs._kind(column, info_of(column), User) == "choice"
