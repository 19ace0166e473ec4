"""What must hold before a contract goes out, and before its application goes on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tenor_documents.records import Contract
from tenor_documents.terms import APPROVED, BORROWER, differing, latest_contract, shown, terms_now
from tenor_origination.public import Application
from tenor_sdk import Blocker, Context, Refused, _, guard
from tenor_sdk.i18n import Text

#: The state of an application in which its contract is made; see ``workflow``.
AWAITING = "contract"


def address(contract: Contract, rest: str = "") -> str:
    """Where a contract is on screen."""
    return f"/documents/contract/{contract.id}{rest}"


def _differences(ctx: Context, contract: Contract, among: Mapping[str, Text]) -> Iterable[Blocker]:
    now = terms_now(ctx, contract.application_id)
    if now is None:
        yield Blocker(
            _("What was approved"),
            why=_("The application isn't approved, or isn't visible to you"),
            href=f"/origination/application/{contract.application_id}",
        )
        return
    for name in differing(contract.terms, now, among):
        refusal = Refused("contract-differs", number=contract.number, field=among[name])
        kept, approved = shown(name, contract.terms), shown(name, now)
        yield Blocker(
            _("{error}", error=refusal),
            why=_("{kept} in the contract, {approved} approved", kept=kept, approved=approved),
            href=address(contract),
        )


@guard
def contract_agrees(ctx: Context, contract: Contract) -> Iterable[Blocker]:
    """The contract says what was approved, to whom, as of today."""
    yield from _differences(ctx, contract, {**APPROVED, **BORROWER})


@guard
def application_awaits_it(ctx: Context, contract: Contract) -> Iterable[Blocker]:
    """The application is at its contract, not back with those who decide."""
    if contract.application is None or contract.application.state != AWAITING:
        yield Blocker(
            _("The application isn't at its contract"),
            href=f"/origination/application/{contract.application_id}",
        )


@guard
def contract_is_signed(ctx: Context, application: Application) -> Iterable[Blocker]:
    """The application has a contract, signed by all sides, that says what was approved."""
    contract = latest_contract(ctx, application.id)
    if contract is None:
        yield Blocker(
            _("The contract"),
            why=_("Not generated yet"),
            href=f"/origination/application/{application.id}/actions/generate-contract",
        )
    elif contract.state != "signed":
        yield Blocker(
            _("Contract {number}", number=contract.number),
            why=_("Not issued yet") if contract.state == "draft" else _("Not signed yet"),
            href=address(contract),
        )
    else:
        yield from _differences(ctx, contract, APPROVED)


@guard
def no_contract_is_out(ctx: Context, application: Application) -> Iterable[Blocker]:
    """Nobody is about to sign what is decided on again."""
    contract = latest_contract(ctx, application.id)
    if contract is not None and contract.state != "draft":
        yield Blocker(
            _("Contract {number}", number=contract.number),
            why=_("It is out to be signed; make it void first"),
            href=address(contract),
        )
