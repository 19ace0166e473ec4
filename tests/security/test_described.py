"""What the API says of itself, taken at its word: whatever fits the description, and whatever doesn't, is answered as
described, and nothing is a fault of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.journeys.steps import MANAGER, Cast

if TYPE_CHECKING:
    from tests.journeys.people import Person

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


def tried(person: Person, document: dict[str, Any], mode: GenerationMode, examples: int) -> int:
    """Ask everything that a person's document describes; how many requests that were."""
    schema = schemathesis.openapi.from_dict(document)
    asked = 0
    headers = {"Authorization": f"Bearer {person.token}"}
    for found in schema.get_all_operations():

        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=found.ok().as_strategy(generation_mode=mode))
        def ask(case: Any) -> None:
            nonlocal asked
            if mode is GenerationMode.POSITIVE and "id" in case.path_parameters:
                case.path_parameters["id"] = 1 + asked % 3  # of records that there are
            answer = case.call(base_url=f"{person.url}/api/v1", headers=headers)
            case.validate_response(answer, checks=CHECKS)
            asked += 1

        ask()
    return asked


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_the_api_is_as_it_describes_itself(cast: Cast, customer: Any, mode: GenerationMode) -> None:
    for _ in range(3):
        cast.application(customer)
    person = cast[MANAGER]
    assert tried(person, person.get("/openapi.json"), mode, 2) > 100
