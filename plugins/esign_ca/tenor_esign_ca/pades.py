"""Signatures in PDF files after PAdES (ETSI EN 319 142): made, and judged.

Import this module only where something is signed or verified: pyHanko takes long to load.
"""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from io import BytesIO
from typing import Final

from asn1crypto.x509 import Certificate
from cryptography import x509
from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, BoxConstraints, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import (
    MDPPerm,
    SigFieldSpec,
    SigSeedSubFilter,
    append_signature_field,
    enumerate_sig_fields,
)
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_cms import SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner, PdfSigningSession
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tenor_documents.public import SignaturePlace
from tenor_esign_ca.certificates import Credential, asn1
from tenor_esign_ca.envelopes import SignatureCheck, Verification
from tenor_sdk.errors import Invalid

#: The signature with a time stamp (B-T): what ``sign`` makes.
LEVEL: Final = "B-T"
_DIGEST: Final = "sha256"

#: Room for a signature with its certificates and time stamp, in hexadecimal digits. What is made takes 15,000; to
#: measure it first, pyHanko would ask for a time stamp twice.
_RESERVED: Final = 24 * 1024
_CLOCK_TOLERANCE: Final = timedelta(minutes=5)

# An untrusted path is an answer here; pyHanko would log a traceback for each.
for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)


class _Drawing(PdfContent):
    """The first page of a PDF as a signature's appearance."""

    def __init__(self, pdf: bytes) -> None:
        super().__init__()
        self._pdf = pdf

    def render(self) -> bytes:
        writer = self._ensure_writer
        drawing = writer.import_page_as_xobject(PdfFileReader(BytesIO(self._pdf)))
        self.resources.xobject["/Stamp"] = drawing
        drawn = drawing.get_object()
        if not isinstance(drawn, StreamObject):
            raise TypeError("a page became no drawing")
        left, bottom, right, top = drawn["/BBox"]
        self.box = BoxConstraints(width=abs(right - left), height=abs(top - bottom))
        return b"/Stamp Do"


class _SignerOfThen(PdfSigner):
    """A signer whose clock is handed in, rather than read from the machine."""

    then: datetime

    def init_signing_session(
        self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False
    ) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only=existing_fields_only)
        session.system_time = self.then
        return session


def with_fields(content: bytes, places: Iterable[SignaturePlace]) -> bytes:
    """``content`` with an empty signature field at each place.

    All fields are there before the first signature, so that no later step but signing changes the file.

    Raises:
        Invalid: ``pdf-not-signable``: it can't be read, is encrypted, lacks the page, or has such a field already.
    """
    try:
        writer = IncrementalPdfFileWriter(BytesIO(content))
        for place in places:
            append_signature_field(writer, _field(place))
        output = BytesIO()
        writer.write(output)
    except Exception as error:  # whatever is wrong with a file of a stranger
        raise Invalid("pdf-not-signable") from error
    return output.getvalue()


def _field(place: SignaturePlace) -> SigFieldSpec:
    right, top = place.left + place.width, place.bottom + place.height
    return SigFieldSpec(
        place.name, on_page=place.page - 1, box=(place.left, place.bottom, right, top)
    )


def signed(
    content: bytes,
    place: str,
    credential: Credential,
    timestamps: Credential,
    *,
    at: datetime,
    stamp: bytes,
) -> bytes:
    """``content`` with one more signature, in the field ``place``, as an increment.

    The first signature of a file also certifies it: from then on signatures are the only change that it allows.

    Args:
        credential: signs.
        timestamps: proves the time.
        stamp: a PDF of one page, shown in the field.

    Raises:
        Invalid: ``pdf-not-signable``: there is no such empty field.
    """
    certificate, key, chain = credential.asn1()
    signer = _SignerOfThen(
        PdfSignatureMetadata(
            field_name=place,
            md_algorithm=_DIGEST,
            subfilter=SigSeedSubFilter.PADES,
            certify=not filled_fields(content),
            docmdp_permissions=MDPPerm.FILL_FORMS,
        ),
        SimpleSigner(
            signing_cert=certificate,
            signing_key=key,
            cert_registry=SimpleCertificateStore.from_certs(chain),
        ),
        timestamper=_timestamper(timestamps, at),
        stamp_style=_style(stamp),
    )
    signer.then = at
    output = BytesIO()
    try:
        signer.sign_pdf(
            IncrementalPdfFileWriter(BytesIO(content)),
            existing_fields_only=True,
            bytes_reserved=_RESERVED,
            output=output,
        )
    except (SigningError, PdfReadError) as error:
        raise Invalid("pdf-not-signable") from error
    return output.getvalue()


def _timestamper(credential: Credential, at: datetime) -> DummyTimeStamper:
    """Answers after RFC 3161, made here."""
    certificate, key, chain = credential.asn1()
    return DummyTimeStamper(certificate, key, SimpleCertificateStore.from_certs(chain), fixed_dt=at)


def _style(stamp: bytes) -> StaticStampStyle:
    return StaticStampStyle(
        background=_Drawing(stamp),
        border_width=0,
        background_layout=SimpleBoxLayoutRule(
            x_align=AxisAlignment.ALIGN_MID,
            y_align=AxisAlignment.ALIGN_MID,
            margins=Margins.uniform(0),
        ),
    )


def filled_fields(content: bytes) -> tuple[str, ...]:
    """The names of the fields that are signed."""
    reader = PdfFileReader(BytesIO(content))
    return tuple(name for name, _, _ in enumerate_sig_fields(reader, filled_status=True))


def verified(content: bytes, roots: Sequence[x509.Certificate], *, at: datetime) -> Verification:
    """Judge a file by its bytes and by the anchors of trust.

    A signature holds only if the bytes are those that were signed, the certificate leads to a root and was valid when
    the time stamp was given, and what came after is nothing but further signatures. Nothing is fetched.

    Args:
        roots: certificates that are trusted by themselves.
        at: now; a time stamp from later is a problem.
    """
    try:
        reader = PdfFileReader(BytesIO(content))
        embedded = list(reader.embedded_regular_signatures)
        checks = tuple(_checked(one, [asn1(root) for root in roots], at) for one in embedded)
        problem = _problem_of_file(embedded)
    except Exception:  # noqa: BLE001  # whatever the bytes are, the answer is a verdict
        checks, problem = (), "not-readable"
    return Verification(sha256(content).hexdigest(), checks, problem, "local")


def _problem_of_file(embedded: Sequence[EmbeddedPdfSignature]) -> str | None:
    if not embedded:
        return "no-signature"
    whole = embedded[-1].evaluate_signature_coverage() is SignatureCoverageLevel.ENTIRE_FILE
    return None if whole else "changed-after-last-signature"


def _checked(
    embedded: EmbeddedPdfSignature, roots: list[Certificate], at: datetime
) -> SignatureCheck:
    stamped_at = _stamped_at(embedded)
    status = validate_pdf_signature(
        embedded,
        signer_validation_context=_trusting(roots, stamped_at or at),
        ts_validation_context=_trusting(roots, at),
    )
    certificate = embedded.signer_cert
    return SignatureCheck(
        place=str(embedded.field_name),
        signer=_named(certificate),
        certificate_serial=f"{certificate.serial_number:X}",
        signed_at=stamped_at or embedded.self_reported_timestamp,
        level="B-T" if stamped_at else "B-B",
        problem=_problem(status, stamped_at, at),
    )


def _named(certificate: Certificate) -> str:
    """The signer's name, whole even where it is too long for a common name."""
    subject = certificate.subject.native
    return str(subject.get("name") or subject.get("common_name", ""))


def _trusting(roots: list[Certificate], moment: datetime) -> ValidationContext:
    return ValidationContext(
        trust_roots=roots, allow_fetching=False, moment=moment, revocation_mode="soft-fail"
    )


def _stamped_at(embedded: EmbeddedPdfSignature) -> datetime | None:
    """When the time stamp says that the signature existed; whether to believe it is judged apart."""
    for attribute in embedded.signer_info["unsigned_attrs"]:
        if attribute["type"].native == "signature_time_stamp_token":
            token = attribute["values"][0]["content"]
            found = token["encap_content_info"]["content"].parsed["gen_time"].native
            return found if isinstance(found, datetime) else None
    return None


def _problem(status: PdfSignatureStatus, stamped_at: datetime | None, at: datetime) -> str | None:
    """The first thing that is wrong, the gravest first."""
    if not status.intact:
        return "file-changed"
    if not status.valid:
        return "signature-wrong"
    if not status.docmdp_ok or status.modification_level in {None, ModificationLevel.OTHER}:
        return "changed-after-signing"
    if not status.trusted:
        return "certificate-not-trusted"
    if stamped_at is not None and stamped_at > at + _CLOCK_TOLERANCE:
        return "timestamp-in-the-future"
    return None if status.bottom_line else "timestamp-not-trusted"
