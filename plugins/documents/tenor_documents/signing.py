"""How a contract becomes a signed one. Called within a procedure of documents."""

from __future__ import annotations

from dataclasses import dataclass

from tenor_documents.checks import FileKind, check_file
from tenor_documents.events import ContractSigned
from tenor_documents.records import Contract, SignedHow
from tenor_origination.public import Application
from tenor_sdk import Context, Invalid, NotFound, Refused, ask, service
from tenor_sdk.files import StoredFile, Upload, read_file, store_file
from tenor_sdk.workflow import advance


@dataclass(frozen=True)
class SignedCopy:
    """A contract that was signed on paper."""

    file: Upload = ask("Signed contract", help="A scan, as PDF")


def record_copy(ctx: Context, contract: Contract, copy: SignedCopy) -> None:
    """Keep the scan of a contract that was signed on paper.

    Raises:
        Invalid: what ``check_file`` finds.
    """
    try:
        checked = check_file(copy.file.name, copy.file.content, kinds=frozenset({FileKind.PDF}))
    except Invalid as error:
        raise Invalid("invalid", {"file": error}) from error
    kept = store_file(ctx, checked.name, copy.file.content, about=contract)
    _sign(ctx, contract, kept, SignedHow.ON_PAPER)


@service()
def mark_signed(ctx: Context, contract_id: int, file_id: int) -> None:
    """Keep the file that all sides have signed electronically, and let the application go on.

    For the transition of another plugin that has led the contract to ``signed``.

    Raises:
        NotFound: there is no such contract, or file, for whoever acts.
        Refused: ``contract-not-signed``, ``contract-signed-already``.
    """
    contract = ctx.session.get(Contract, contract_id)
    if contract is None:
        raise NotFound("not-found", what=Contract.called())
    kept, _content = read_file(ctx, file_id)
    _sign(ctx, contract, kept, SignedHow.ELECTRONICALLY)


def _sign(ctx: Context, contract: Contract, kept: StoredFile, how: SignedHow) -> None:
    if contract.state != "signed":
        raise Refused("contract-not-signed", number=contract.number)
    if contract.signed_file_id is not None:
        raise Refused("contract-signed-already", number=contract.number)
    contract.signed_file_id, contract.signed_sha256 = kept.id, kept.sha256
    contract.signed_how, contract.signed_on = how, ctx.today
    ctx.session.flush()
    ctx.emit(
        ContractSigned(
            contract_id=contract.id, application_id=contract.application_id, file_id=kept.id
        )
    )
    application = ctx.session.get(Application, contract.application_id)
    if application is None:
        raise NotFound("not-found", what=Application.called())
    advance(ctx, application)
