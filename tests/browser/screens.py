"""The screens of the business that there are, and the positions that may see each; to all others they don't exist, or
are refused. A screen that a plugin brings is added here with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

#: the page of the workflows and their counts
_PROCESSES: Final = "workflows"


@dataclass(frozen=True)
class Screen:
    """A screen: its address, and whose it is."""

    path: str
    positions: frozenset[str]
    #: those who see it although no menu of theirs leads there
    beside: frozenset[str] = frozenset()


def _screen(path: str, positions: str, beside: str = "") -> Screen:
    return Screen(path, frozenset(positions.split()), frozenset(beside.split()))


EVERYBODY: Final = (
    "administrator auditor compliance asset-preservation collections post-loan release-checker operations legal"
    " committee-member committee-chair approver risk-officer branch-head relationship-manager"
)
_LENDING: Final = "auditor post-loan release-checker operations legal risk-officer branch-head relationship-manager"
_CREDIT: Final = f"{_LENDING} approver committee-member committee-chair"
_ARREARS: Final = f"{_LENDING} collections asset-preservation"
SCREENS: Final = (
    _screen("/", EVERYBODY),
    _screen("/tasks", EVERYBODY),
    _screen("/inbox", EVERYBODY),
    _screen("/base/delegation", EVERYBODY),
    _screen("/customers/customer", _CREDIT),
    _screen("/origination/application", _CREDIT),
    _screen("/dashboards/origination/pipeline", _CREDIT),
    _screen("/documents/contract", f"{_LENDING} approver"),
    _screen("/esign_ca/signing", f"{_LENDING} approver"),
    _screen("/loans/loan", _ARREARS),
    _screen("/dashboards/loans/portfolio", _ARREARS),
    _screen("/loans/payment-instruction", _LENDING),
    _screen(
        "/collections/collection-case",
        "auditor asset-preservation collections post-loan risk-officer branch-head relationship-manager",
    ),
    _screen(
        "/npl_disposal/npl-case",
        "auditor asset-preservation approver risk-officer relationship-manager",
    ),
    _screen("/plugins", "administrator", beside="auditor"),
    _screen("/audit", "auditor"),
    _screen("/settings", "administrator", beside="auditor"),
    _screen("/jobs", "administrator"),
    _screen(f"/{_PROCESSES}", "administrator auditor"),
    _screen("/base/user-position", "administrator auditor"),
    _screen("/roles", "administrator auditor"),
    _screen("/units", "administrator", beside=EVERYBODY),
    _screen("/base/custom-field", "administrator", beside="auditor"),
    _screen(
        "/automation/rule",
        "auditor post-loan approver risk-officer branch-head relationship-manager",
    ),
)
