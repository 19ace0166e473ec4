"""The driver that an institution gets without any provider: it signs with certificates of its own authority."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from tenor_documents.public import DocumentsSettings, probe
from tenor_esign_ca.books import BookStore
from tenor_esign_ca.drivers import Health
from tenor_esign_ca.embedded import EmbeddedSigning
from tenor_esign_ca.settings import EsignSettings
from tenor_sdk import Context, Driver, TenorError
from tenor_sdk.settings import derived_secret


class OwnSigning(Driver, EmbeddedSigning):
    """Signatures by the institution's own authority, its books in the institution's own database.

    Its keys are encrypted under the institution's key: whoever has the database alone can't sign with them.
    """

    name = "embedded"
    title = "Certificates of the institution's own"

    def __init__(self, ctx: Context) -> None:
        Driver.__init__(self, ctx)
        books = BookStore(ctx)
        EmbeddedSigning.__init__(
            self,
            books,
            books,
            institution=ctx.settings(DocumentsSettings).lender_name,
            zone=ZoneInfo(ctx.settings(EsignSettings).time_zone),
            passphrase=derived_secret(ctx, "keys of the authority").hex().encode(),
        )

    def health(self, *, at: datetime) -> Health:
        """Whether it can work, without a look at its books: a guard asks, who may neither write nor read them."""
        if not self._institution:
            return Health(ready=False, problem="lender-not-set")
        try:
            probe()
        except TenorError as error:
            return Health(ready=False, problem=error.key)
        return Health(ready=True)

    def _callback_secret(self) -> bytes:
        return derived_secret(self.ctx, "callbacks")
