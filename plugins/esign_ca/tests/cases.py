"""The people of the demo bank, who take a contract to its signatures as they would."""

from __future__ import annotations

import re
import subprocess
from email import message_from_bytes, policy
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from sqlalchemy import select

from plugins.documents.tests.cases import AUDITOR, MANAGER, Cast
from tenor_esign_ca.confirming import Code, confirm_borrower, mail_code
from tenor_esign_ca.provider import provider
from tenor_esign_ca.public import EvidenceStep, SendTo, Signing
from tenor_esign_ca.verifying import verify_signing
from tenor_sdk import Refused
from tenor_sdk.files import read_file
from tenor_sdk.testing import run_jobs
from tenor_sdk.workflow import transition

SEALER, BORROWER_MAIL = "gao.jie", "guo@zeyuan.example"


class SigningCast(Cast):
    """Who acts in a running institution that signs electronically."""

    @property
    def kernel(self) -> Any:
        """The institution from within, for what the SDK's tests have no word for."""
        return self.institution

    def jobs(self) -> int:
        """Let every job run that is due."""
        return run_jobs(self.institution)

    def send(self, contract_id: int, **more: Any) -> int:
        """A contract, sent out; the signing. Nothing was done about it yet."""
        given = SendTo(more.pop("email", BORROWER_MAIL), more.pop("signatory", ""))
        self.press(contract_id, "send-for-signature", given, **more)
        newest = select(Signing.id).where(Signing.contract_id == contract_id)
        return int(self.read(newest.order_by(Signing.id.desc()))[0])

    def sent(self, application_id: int | None = None) -> int:
        """A signing that waits for the borrower."""
        made = self.send(self.issued(application_id or self.approved()))
        self.jobs()
        return made

    def signing(self, signing_id: int, login: str = AUDITOR) -> Any:
        """A signing as somebody reads it, its signatures read."""
        with self.act(login, write=False) as ctx:
            found = ctx.session.get(Signing, signing_id)
            assert found is not None, f"{login} can't see the signing"
            assert found.contract is not None
            assert found.signatures
            ctx.session.expunge_all()
            return found

    def mail_code(self, signing_id: int, login: str = MANAGER) -> str:
        """The code that the borrower reads in the mail that was sent last."""
        with self.act(login) as ctx:
            mail_code(ctx, ctx.session.get(Signing, signing_id))
        self.jobs()
        return self.mailed_codes()[-1]

    def mailed_codes(self) -> list[str]:
        """Every code that was mailed, in their order."""
        folder = Path(self.kernel.settings.mail_folder)
        found = []
        for path in sorted(
            folder.glob("esign_ca-code-*.eml"), key=lambda one: one.stat().st_mtime_ns
        ):
            message: Any = message_from_bytes(path.read_bytes(), policy=policy.default)
            assert message["To"] == BORROWER_MAIL
            (code,) = re.findall(r"(?m)^\d{6}\r?$", message.get_content())
            found.append(code)
        return found

    def confirm(self, signing_id: int, code: str, login: str = MANAGER) -> Any:
        """What somebody is told who types a code."""
        with self.act(login) as ctx:
            return confirm_borrower(ctx, ctx.session.get(Signing, signing_id), Code(code))

    def borrower_signs(self, signing_id: int) -> None:
        """The borrower's signature, at the counter."""
        said = self.confirm(signing_id, self.mail_code(signing_id))
        assert not isinstance(said, Refused), said
        self.jobs()

    def seal(self, signing_id: int, login: str = SEALER) -> None:
        """Press the seal of the lender; a job puts it on."""
        self.go(signing_id, "seal", login)

    def go(self, signing_id: int, name: str, login: str, **more: Any) -> bool:
        """A transition of a signing."""
        with self.act(login) as ctx:
            signing = ctx.session.get(Signing, signing_id)
            assert signing is not None, f"{login} can't see the signing"
            how = self.kernel.workflow.named(Signing, name)
            return transition(ctx, signing, how, **more)

    def completed(self, application_id: int | None = None) -> int:
        """A signing that all have signed."""
        made = self.sent(application_id)
        self.borrower_signs(made)
        self.seal(made)
        self.jobs()
        return made

    def signed_pdf(self, signing_id: int, login: str = MANAGER) -> bytes:
        """The signed contract, as somebody downloads it."""
        with self.act(login) as ctx:
            signing = ctx.session.get(Signing, signing_id)
            return read_file(ctx, signing.signed_file_id)[1]

    def pdfsig(self, signing_id: int) -> str:
        """What poppler's reader says of the signed contract."""
        with NamedTemporaryFile(suffix=".pdf") as file:
            file.write(self.signed_pdf(signing_id))
            file.flush()
            words = ["pdfsig", file.name]
            done = subprocess.run(words, capture_output=True, text=True, check=False)
        return done.stdout

    def verify(self, signing_id: int, login: str = MANAGER) -> Any:
        """What somebody is told who looks at the signed contract."""
        with self.act(login) as ctx:
            return verify_signing(ctx, ctx.session.get(Signing, signing_id))

    def provider_state(self, signing_id: int) -> str:
        """How the provider says that an envelope stands."""
        with self.act("system", write=False) as ctx:
            envelope = self.signing(signing_id).envelope
            return str(provider(ctx).fetch(envelope, at=ctx.now).state.value)

    def evidence(self, signing_id: int, event: str) -> list[Any]:
        """The steps of the evidence that say this."""
        steps = select(EvidenceStep).where(EvidenceStep.signing_id == signing_id)
        return self.read(steps.where(EvidenceStep.event == event).order_by(EvidenceStep.position))

    def notices(self, login: str) -> list[str]:
        """What somebody was told, newest first."""
        with self.act(login, write=False) as ctx:
            inbox = self.kernel.notify.inbox(ctx)
            return [str(one.title) for one in inbox]

    def stored(self, digest: str) -> Path:
        """Where the bytes of a file lie."""
        return Path(self.kernel.files.bytes.path(digest))
