"""What other plugins may import from documents. All else may change."""

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
from tenor_documents.fonts import Fonts, probe, require_glyphs
from tenor_documents.rendering import (
    Data,
    Rendered,
    SignaturePlace,
    Template,
    canonical_json,
    render,
)

__all__ = [
    "CheckedFile",
    "Data",
    "FileKind",
    "Fonts",
    "Instalment",
    "LoanContract",
    "LoanKind",
    "Party",
    "Rendered",
    "RepaymentMethod",
    "SignatureBox",
    "SignaturePlace",
    "Template",
    "amount_in_words",
    "canonical_json",
    "check_file",
    "contract_data",
    "contract_template",
    "probe",
    "render",
    "require_glyphs",
]
