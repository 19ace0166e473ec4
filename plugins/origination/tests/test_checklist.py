"""Which documents a product needs, and whether a file is one."""

import pytest

from tenor_origination.checklist import Product, file_fault, missing, required


def test_a_fixed_asset_loan_needs_what_a_working_capital_loan_does_and_what_shows_the_project() -> (
    None
):
    working = [kind.code for kind in required(Product.WORKING_CAPITAL)]
    fixed = [kind.code for kind in required(Product.FIXED_ASSET)]
    assert fixed == [
        *working, "project-approval", "equity-proof", "feasibility-study", "environmental-approval",
        "land-and-planning", "investment-plan", "latest-statements",
    ]  # fmt: skip
    assert len(fixed) == 13


def test_what_is_missing_is_said_in_the_order_of_the_checklist() -> None:
    there = {"articles", "use-of-proceeds", "resolution", "credit-report-consent"}
    left = [kind.code for kind in missing(Product.WORKING_CAPITAL, there)]
    assert left == ["business-licence", "audited-statements"]


@pytest.mark.parametrize(
    ("name", "media_type", "fault"),
    [
        ("执照.pdf", "application/pdf", ""),
        ("执照.PDF", "application/pdf", ""),
        ("scan.jpeg", "image/jpeg", ""),
        ("执照.pdf", "image/png", "not-what-its-name-says"),
        ("执照.xlsx", "application/zip", "not-what-its-name-says"),
        ("run.exe", "application/octet-stream", "kind-not-taken"),
        ("pdf", "application/pdf", "kind-not-taken"),
    ],
)
def test_a_file_is_judged_by_its_bytes_and_its_name(name: str, media_type: str, fault: str) -> None:
    assert file_fault(name, media_type) == fault
