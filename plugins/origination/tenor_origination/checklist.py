"""Which documents an application needs, by product; and whether a file is what its name says. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath


class Product(StrEnum):
    """What is applied for; the terms of the three measures of 2024 (NFRA orders 1 and 2 of 2024)."""

    WORKING_CAPITAL = "working-capital"
    FIXED_ASSET = "fixed-asset"


@dataclass(frozen=True)
class DocumentKind:
    """A kind of document on the checklist.

    Args:
        code: stored.
        title: English.
    """

    code: str
    title: str


KINDS = (
    DocumentKind("business-licence", "Business licence"),
    DocumentKind("articles", "Articles of association"),
    DocumentKind("resolution", "Resolution of the board or shareholders"),
    DocumentKind("credit-report-consent", "Consent to credit enquiries"),
    DocumentKind("audited-statements", "Audited statements of three years"),
    DocumentKind("use-of-proceeds", "Proof of the use of proceeds"),
    DocumentKind("project-approval", "Approval of the project"),
    DocumentKind("equity-proof", "Proof of the equity paid in"),
    DocumentKind("feasibility-study", "Feasibility study"),
    DocumentKind("environmental-approval", "Environmental approval"),
    DocumentKind("land-and-planning", "Land use and planning permits"),
    DocumentKind("investment-plan", "Budget of the investment and its funding"),
    DocumentKind("latest-statements", "Latest interim statements"),
)
_ALWAYS = (
    "business-licence",
    "articles",
    "resolution",
    "credit-report-consent",
    "audited-statements",
    "use-of-proceeds",
)
#: what shows that a project may be built, what it costs, and that the borrower's own money is in it (NFRA order 1 of
#: 2024)
_OF_A_PROJECT = (
    "project-approval",
    "equity-proof",
    "feasibility-study",
    "environmental-approval",
    "land-and-planning",
    "investment-plan",
    "latest-statements",
)
_REQUIRED = {
    Product.WORKING_CAPITAL: _ALWAYS,
    Product.FIXED_ASSET: (*_ALWAYS, *_OF_A_PROJECT),
}


def required(product: Product) -> Sequence[DocumentKind]:
    """The documents that a product needs, in the order of the checklist."""
    wanted = _REQUIRED[product]
    return [kind for kind in KINDS if kind.code in wanted]


def missing(product: Product, brought: Collection[str]) -> Sequence[DocumentKind]:
    """Those of them that aren't in yet."""
    return [kind for kind in required(product) if kind.code not in brought]


_ENDINGS = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def file_fault(name: str, media_type: str) -> str:
    """What is wrong with a file as a document: ``kind-not-taken``, ``not-what-its-name-says``; empty: nothing.

    Args:
        name: as the sender called it.
        media_type: by its bytes.
    """
    claimed = _ENDINGS.get(PurePath(name).suffix.lower().removeprefix("."))
    if claimed is None:
        return "kind-not-taken"
    return "" if claimed == media_type else "not-what-its-name-says"


#: months; 流动资金贷款管理办法: three years, exceptionally five; fixed assets ten in general
LONGEST_TERM = {Product.WORKING_CAPITAL: 60, Product.FIXED_ASSET: 120}
