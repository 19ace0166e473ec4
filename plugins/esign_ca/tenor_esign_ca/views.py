"""Signings on screen."""

from __future__ import annotations

from tenor_documents.public import Contract, contract_form, stored_files
from tenor_esign_ca.confirming import Code, confirm_borrower, mail_code
from tenor_esign_ca.guards import OPEN
from tenor_esign_ca.permissions import confirm_for_borrower, verify_signatures
from tenor_esign_ca.provider import provider
from tenor_esign_ca.records import BORROWER, SignatureStatus, Signing
from tenor_esign_ca.sheets import (
    certificates_table,
    code_facts,
    evidence_table,
    on_contract,
    provider_facts,
    signers_table,
    trouble,
    verdict_sheet,
)
from tenor_esign_ca.verifying import verify_signing
from tenor_origination.public import application_form
from tenor_sdk import (
    Action,
    Context,
    FormView,
    ListView,
    Menu,
    Panel,
    Section,
    Tab,
    ViewPatch,
    path,
)
from tenor_sdk.dashboards import RowsTile
from tenor_sdk.views import Related

signing_list = ListView(
    Signing,
    (
        Signing.number,
        path(Signing.contract, Contract.number),
        Signing.borrower,
        Signing.state,
        Signing.sent_at,
        Signing.sent_by_id,
        Signing.expires_at,
        Signing.completed_at,
    ),
    filters=(Signing.state, Signing.unit_id, Signing.owner_id),
    sort=Signing.sent_at,
    descending=True,
)
menu = Menu("Signing", signing_list, app="Applications", order=45)

in_question = Panel(title="In question", content=trouble)
signers = Panel(title="Signers", content=signers_table, lines=Signing.signatures)
code = Panel(title="One-time code", content=code_facts)
papers = Section(
    "Papers",
    Signing.contract_id,
    Signing.signed_file_id,
    Signing.sha256,
    Signing.signed_sha256,
)
course = Section(
    "Sent",
    Signing.application_id,
    Signing.email,
    Signing.sent_by_id,
    Signing.sent_at,
    Signing.expires_at,
)
responsible = Section("Looked after by", Signing.unit_id, Signing.owner_id)
certificates = Panel(title="Certificates", content=certificates_table)
verdict = Panel(title="Verification", content=verdict_sheet, needs=verify_signatures)
evidence_tab = Tab(
    "Evidence",
    Panel(title="Provider", content=provider_facts),
    Panel(title="Chain of evidence", content=evidence_table),
)
signing_form = FormView(
    Signing,
    in_question,
    signers,
    code,
    certificates,
    verdict,
    papers,
    course,
    responsible,
    evidence_tab,
    facts=(Signing.contract_id, Signing.borrower, Signing.expires_at, Signing.completed_at),
)

signing_panel = Panel(title="Electronic signature", content=on_contract, needs=Signing)
on_contract_page = ViewPatch(view=contract_form, after=stored_files, add=(signing_panel,))
signing_tab = Tab(
    "Signing",
    Related(
        Signing.application_id,
        (Signing.number, Signing.state, Signing.sent_at, Signing.expires_at, Signing.completed_at),
    ),
)
on_application = ViewPatch(view=application_form, add=(signing_tab,))


def _borrowers_turn(ctx: Context, signing: Signing) -> bool:
    if signing.state != "with-borrower" or not provider(ctx).capabilities().signs_here:
        return False
    return signing.signature(BORROWER).status is SignatureStatus.WAITING


def _code_is_out(ctx: Context, signing: Signing) -> bool:
    return _borrowers_turn(ctx, signing) and signing.signature(BORROWER).code_until is not None


mail_code_action = Action(
    name="mail-code",
    title="Mail a code to the borrower",
    on=Signing,
    do=mail_code,
    needs=confirm_for_borrower,
    shown=_borrowers_turn,
)
confirm_action = Action(
    name="confirm",
    title="Confirm with the code",
    on=Signing,
    do=confirm_borrower,
    inputs=Code,
    needs=confirm_for_borrower,
    shown=_code_is_out,
)
verify_action = Action(
    name="verify",
    title="Verify",
    on=Signing,
    do=verify_signing,
    needs=verify_signatures,
    shown=lambda _ctx, signing: signing.signed_file_id is not None,
)


out_for_signature = RowsTile(
    title="Out for signature", rows=signing_list, filter=f"state = ({', '.join(OPEN)})", order=16
)
