"""Files: kept once by their hash, read by whoever may read what they belong to, checked whenever they are read."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from tenor.db.numbers import BEYOND
from tenor.files.records import File
from tenor.files.sniff import media_type
from tenor.files.store import FolderStore
from tenor.records.specs import specs_of
from tenor_sdk.errors import Conflict, Invalid, NotFound
from tenor_sdk.files import StoredFile
from tenor_sdk.records import Record

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.declarations import Declarations
    from tenor.kernel import Kernel

#: Bytes; a larger file is refused.
LARGEST = 32 * 1024 * 1024
_table: Any = File.__table__


class Files:
    """The room of files."""

    def attach(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.bytes = FolderStore(Path(kernel.settings.files_folder))

    def load(self, declarations: Declarations) -> None:
        """Find the fields that link to files: who may read such a record may read its file."""
        self.links = [
            spec.attribute
            for record in declarations.records
            for spec in specs_of(record).values()
            if spec.kind == "file" and spec.attribute is not None
        ]

    def store(
        self, ctx: KernelContext, name: str, content: bytes, about: Record | None
    ) -> StoredFile:
        """Keep a file; see ``tenor_sdk.files.store_file``."""
        if not content:
            raise Invalid("file-empty", None, name=name)
        if len(content) > LARGEST:
            raise Invalid("file-too-large", None, name=name, limit=LARGEST // 1024**2)
        digest = self.bytes.put(content)
        table, identity = (type(about).__tablename__, about.id) if about is not None else ("", None)
        with self.kernel.db.system(ctx.session) as session:
            made = File(
                name=base_name(name), media_type=media_type(content), size=len(content), sha256=digest,
                about_table=table, about_id=identity,
            )  # fmt: skip
            session.add(made)
            session.flush()
            return StoredFile(made.id, made.name, made.media_type, made.size, made.sha256)

    def info(self, ctx: KernelContext, file_id: int) -> StoredFile:
        """What is known of a file that the person may read.

        Raises:
            NotFound: ``not-found``.
        """
        if not 0 < file_id < BEYOND:
            raise NotFound("not-found")
        columns = (_table.c.id, _table.c.name, _table.c.media_type, _table.c.size, _table.c.sha256)
        where = select(*columns, _table.c.about_table, _table.c.about_id, _table.c.created_by_id)
        row = self.kernel.db.execute(ctx.session, where.where(_table.c.id == file_id)).first()
        if row is None or not self._readable(ctx, row):
            raise NotFound("not-found")
        return StoredFile(row.id, row.name, row.media_type, row.size, row.sha256)

    def read(
        self, ctx: KernelContext, file_id: int, *, as_it_lies: bool = False
    ) -> tuple[StoredFile, bytes]:
        """A file and its bytes; see ``tenor_sdk.files.read_file``."""
        found = self.info(ctx, file_id)
        try:
            content = self.bytes.get(found.sha256)
        except FileNotFoundError:
            raise Conflict("file-missing", name=found.name) from None
        if not as_it_lies and sha256(content).hexdigest() != found.sha256:
            raise Conflict("file-changed", name=found.name)
        return found, content

    def _readable(self, ctx: KernelContext, row: Any) -> bool:
        record = self.kernel.records.by_table.get(row.about_table)
        if record is not None and ctx.session.get(record, row.about_id) is not None:
            return True
        if any(
            ctx.session.scalar(select(link.class_.id).where(link == row.id).limit(1)) is not None
            for link in self.links
            if ctx.may(link.class_, "read") and not self._hidden(ctx, link)
        ):
            return True
        return bool(ctx.actor.is_person and row.created_by_id == ctx.actor.id)

    def _hidden(self, ctx: KernelContext, link: Any) -> bool:
        """Whether the link itself is hidden from the person, in whichever state: then so is what it leads to."""
        effects = self.kernel.access.field_effects(ctx, link.class_, None)
        return effects.get(link.key) == "hide"


def base_name(name: str) -> str:
    """The last part of a name that a sender gave, without folders of any system, at most 255 characters."""
    last = PurePosixPath(PureWindowsPath(name).name).name.strip() or "file"
    cleaned = "".join(character for character in last if character.isprintable())
    return cleaned[-255:] or "file"
