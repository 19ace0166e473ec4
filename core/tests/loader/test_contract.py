"""The kernel's own plugin keeps the contract that every plugin keeps, as far as it is one."""

from typing import Any

import pytest

from tenor_sdk.testing.institution import provider


@pytest.fixture(scope="module")
def plugins() -> tuple[str, ...]:
    return ()


@pytest.mark.both_databases
def test_the_kernels_migrations_lead_to_exactly_its_records_and_back(institution: Any) -> None:
    assert provider().check("migrations", institution, "base") == []


#: read and written by their module alone, which judges for itself: nobody is granted the rows as such
OWN_JUDGES = {
    "ApiToken", "BulkRow", "Comment", "Draft", "FailedSignIn", "File", "Follower", "KeyedRequest", "RefusedRow",
    "SearchKey", "SearchState", "SignIn", "Tally", "Watch",
}  # fmt: skip


def test_every_record_of_the_kernel_that_is_granted_to_nobody_has_a_judge_of_its_own(
    institution: Any,
) -> None:
    complaints = provider().check("access", institution, "base")
    assert {line.rpartition(" ")[2] for line in complaints} == OWN_JUDGES


def test_everything_that_the_kernel_says_is_translated(institution: Any) -> None:
    assert provider().check("translations", institution, "base") == []


def test_every_list_of_the_kernel_resolves(institution: Any) -> None:
    assert provider().check("views", institution, "base") == []
