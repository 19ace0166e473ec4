"""What two people erase is found by nobody any more: the keys go with the values, in the same transaction."""

from __future__ import annotations

from typing import Any

import pytest

from tenor.kernel import Kernel
from tenor_test_support.erasing import approved, carried_out, let_two_erase, places_of

from .test_keeping import are_true

pytestmark = pytest.mark.both_databases


@pytest.fixture
def two(institution: Kernel, head: str) -> None:
    let_two_erase(institution, ["registry.head-of-the-registry"])


def test_nobody_finds_a_record_by_what_was_erased(
    institution: Kernel, keep: Any, seen: Any, head: str, two: None
) -> None:
    from tenor_registry import Company

    (one,) = keep(
        Company(name="欧阳锦瑟商行", code="KEPT-7", phone="13912345678", rumour="破产传闻")
    )
    approved(institution, "registry_company", one, "name", "phone", "rumour")
    for typed in ("欧阳锦瑟", "ouyang", "oyjs", "13912345678", "pochan"):
        assert seen(typed, head) == []
    assert seen("kept", head) == [""]
    assert are_true(institution)


def test_nothing_of_it_is_left_in_the_keys_or_their_index(
    institution: Kernel, keep: Any, two: None
) -> None:
    from tenor_registry import Company

    (one,) = keep(Company(name="欧阳锦瑟商行", phone="13912345678"))
    approved(institution, "registry_company", one, "name", "phone")
    carried_out(institution)
    assert not places_of(institution, "欧阳锦瑟", "ouyangjinse", "oyjs", "13912345678")


def test_an_extension_of_a_record_is_found_by_it_no_more(
    institution: Kernel, keep: Any, seen: Any, head: str, two: None
) -> None:
    from tenor_registry import Company, CompanyTag

    (one,) = keep(Company(name="海岳"))
    keep(CompanyTag(id=one, tag="水泥行业"))
    approved(institution, "registry_company_tag", one, "tag")
    assert seen("shuini", head) == []
    assert are_true(institution)
