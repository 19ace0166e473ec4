"""Where the driver that signs here keeps its books: in the institution's own database and file store.

It works on both databases and with any number of workers: what stands under a name is written once, in a transaction
of its own, and whoever comes second finds it.
"""

from __future__ import annotations

from sqlalchemy import select

from tenor_esign_ca.records import BookEntry
from tenor_sdk import Conflict, Context, service
from tenor_sdk.files import read_file, store_file
from tenor_sdk.jobs import own_transaction

_FILE = ".pdf"


@service()
def _keep(ctx: Context, name: str, content: bytes) -> None:
    if name.endswith(_FILE):
        kept = store_file(ctx, name.rpartition("/")[2], content)
        ctx.session.add(BookEntry(name=name, file_id=kept.id))
    else:
        ctx.session.add(BookEntry(name=name, content=content.decode("latin-1")))
    ctx.session.flush()


class BookStore:
    """A ``Store`` in the institution's own database.

    Files (``….pdf``) lie in its file store; all else is a secret text. It writes within a job's call to the outside
    alone; whoever verifies reads it in a request too.

    Args:
        ctx: of a job of this plugin, or of the person who verifies.
    """

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def get(self, name: str) -> bytes | None:
        """What stands under ``name``, or None."""
        try:
            books = own_transaction(self._ctx)
        except RuntimeError:  # no call to the outside is under way: somebody verifies
            return self._read_on_record(name)
        with books as ctx:
            entry = ctx.session.scalars(select(BookEntry).where(BookEntry.name == name)).first()
            if entry is None:
                return None
            if entry.file_id is not None:
                return read_file(ctx, entry.file_id, as_it_lies=True)[1]
            return entry.content.encode("latin-1")

    def put_new(self, name: str, content: bytes) -> bool:
        """Keep ``content`` under ``name``; False where something stands there.

        Raises:
            RuntimeError: outside of a job's call to the outside.
        """
        if self.get(name) is not None:
            return False
        try:
            with own_transaction(self._ctx) as ctx:
                _keep(ctx, name, content)
        except Conflict:  # somebody was first, between the look and the writing
            return False
        return True

    def _read_on_record(self, name: str) -> bytes | None:
        """For somebody who has no rights to the books, and is shown no more than whether a certificate is ours."""
        with self._ctx.elevated("verify a signed contract") as session:
            content = session.scalar(select(BookEntry.content).where(BookEntry.name == name))
        return content.encode("latin-1") if content else None
