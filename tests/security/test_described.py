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

from tenor_test_support.examples import examples
from tests.journeys.steps import (
    ADMINISTRATOR,
    APPROVERS,
    AUDITOR,
    LEGAL,
    MANAGER,
    OPERATIONS,
    RELEASER,
    RISK,
    Cast,
)

if TYPE_CHECKING:
    from tests.journeys.bank import Bank
    from tests.journeys.people import Person

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


#: whose descriptions, taken together, hold all that the API can do
PEOPLE = (MANAGER, AUDITOR, ADMINISTRATOR)
#: requests to each operation
EXAMPLES = examples(2)


def tried(person: Person, mode: GenerationMode, known: set[str]) -> int:
    """Ask all that a person's description holds and nobody's before them did; how many requests that were."""
    schema = schemathesis.openapi.from_dict(person.get("/openapi.json"))
    asked = 0
    headers = {"Authorization": f"Bearer {person.token}"}
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.label in known:
            continue
        known.add(operation.label)

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: Any) -> None:
            nonlocal asked
            if mode is GenerationMode.POSITIVE and "id" in case.path_parameters:
                case.path_parameters["id"] = 1 + asked % 3  # of records that there are
            answer = case.call(base_url=f"{person.url}/api/v1", headers=headers)
            case.validate_response(answer, checks=CHECKS)
            asked += 1

        ask()
    return asked


def operations(person: Person) -> set[str]:
    """What a person's description holds, as methods and paths."""
    paths = person.get("/openapi.json")["paths"]
    return {f"{method.upper()} {path}" for path, held in paths.items() for method in held}


@pytest.mark.hypothesis
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_the_api_is_as_it_describes_itself(distributed_bank: Bank, mode: GenerationMode) -> None:
    cast = Cast(distributed_bank)
    customer = cast.customer()
    for _ in range(3):
        cast.application(customer)
    known: set[str] = set()
    for login in PEOPLE:
        assert tried(cast[login], mode, known) > 20, login


def test_what_anybody_can_ask_is_asked(distributed_bank: Bank) -> None:
    cast = Cast(distributed_bank)
    asked = set().union(*(operations(cast[login]) for login in PEOPLE))
    for login in (*APPROVERS, *LEGAL, RISK, OPERATIONS, RELEASER):
        assert operations(cast[login]) <= asked, login
