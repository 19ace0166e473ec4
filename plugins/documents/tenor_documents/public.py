"""What other plugins may import; all else may change on Tuesday."""

from tenor_documents.access import contracts_of_my_cases
from tenor_documents.amounts import amount_in_words
from tenor_documents.checks import CheckedFile, FileKind, check_file
from tenor_documents.contracts import (
    Instalment,
    LoanContract,
    LoanKind,
    Party,
    RepaymentMethod,
    SignatureBox,
    contract_data,
    contract_template,
)
from tenor_documents.events import ContractIssued, ContractSigned, ContractVoided
from tenor_documents.fonts import Fonts, probe, require_glyphs
from tenor_documents.generating import Particulars, generate_contract
from tenor_documents.guards import application_awaits_it, contract_agrees, contract_is_signed
from tenor_documents.plans import repayment_plan
from tenor_documents.records import Contract, ContractTemplate, SignedHow
from tenor_documents.rendering import (
    Data,
    Rendered,
    SignaturePlace,
    Template,
    canonical_json,
    render,
)
from tenor_documents.services import contract_of
from tenor_documents.settings import DocumentsSettings
from tenor_documents.signing import mark_signed
from tenor_documents.views import contract_form, contract_list, stored_files
from tenor_documents.workflow import (
    contract_flow,
    contract_stage,
    issue,
    issued,
    make_void,
    record_signed_copy,
    signed,
)

__all__ = [
    "CheckedFile",
    "Contract",
    "ContractIssued",
    "ContractSigned",
    "ContractTemplate",
    "ContractVoided",
    "Data",
    "DocumentsSettings",
    "FileKind",
    "Fonts",
    "Instalment",
    "LoanContract",
    "LoanKind",
    "Particulars",
    "Party",
    "Rendered",
    "RepaymentMethod",
    "SignatureBox",
    "SignaturePlace",
    "SignedHow",
    "Template",
    "amount_in_words",
    "application_awaits_it",
    "canonical_json",
    "check_file",
    "contract_agrees",
    "contract_data",
    "contract_flow",
    "contract_form",
    "contract_is_signed",
    "contract_list",
    "contract_of",
    "contract_stage",
    "contract_template",
    "contracts_of_my_cases",
    "generate_contract",
    "issue",
    "issued",
    "make_void",
    "mark_signed",
    "probe",
    "record_signed_copy",
    "render",
    "repayment_plan",
    "require_glyphs",
    "signed",
    "stored_files",
]
