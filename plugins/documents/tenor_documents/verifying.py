"""Whether the stored files of a contract are those that were recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from tenor_documents.permissions import verify_contracts
from tenor_documents.records import Contract
from tenor_sdk import Conflict, Context, _, ngettext, service
from tenor_sdk.files import read_file
from tenor_sdk.i18n import Text
from tenor_sdk.views import Cell, Column, Table


@dataclass(frozen=True)
class FileCheck:
    """What a look at one stored file found.

    Args:
        what: which file it is.
        recorded: the hash that the contract says.
        found: that of the bytes as they lie; empty where there are none.
    """

    what: Text
    file_id: int
    recorded: str
    found: str

    @property
    def holds(self) -> bool:
        return self.recorded == self.found


def file_checks(ctx: Context, contract: Contract) -> Sequence[FileCheck]:
    """A look at each file of a contract that is kept."""
    files = (
        (_("Contract as issued"), contract.file_id, contract.sha256),
        (_("Signed contract"), contract.signed_file_id, contract.signed_sha256),
    )
    return [
        FileCheck(what, file_id, recorded, _found(ctx, file_id))
        for what, file_id, recorded in files
        if file_id is not None
    ]


def _found(ctx: Context, file_id: int) -> str:
    try:
        _file, content = read_file(ctx, file_id, as_it_lies=True)
    except Conflict:
        return ""
    return sha256(content).hexdigest()


def checks_table(ctx: Context, contract: Contract) -> Table:
    """The stored files beside the hashes on record."""
    columns = (
        Column(_("File")),
        Column(_("Hash on record")),
        Column(_("Hash of the stored bytes")),
        Column(_("Finding")),
    )
    rows = [
        [
            Cell(check.what, href=f"/files/{check.file_id}"),
            check.recorded[:16],
            check.found[:16],
            _finding(check),
        ]
        for check in file_checks(ctx, contract)
    ]
    return Table(columns, rows, empty=_("Nothing is kept yet"))


def _finding(check: FileCheck) -> Cell:
    if check.holds:
        return Cell(_("Unchanged"))
    return Cell(_("Changed") if check.found else _("Missing"), tone="adverse")


@service(needs=verify_contracts)
def verify_contract(ctx: Context, contract: Contract, _inputs: None = None) -> Text:
    """Compare the stored files with the hashes on record, and say what was found."""
    checks = file_checks(ctx, contract)
    for check in checks:
        if not check.found:
            return _("{file} of {number} is missing", file=check.what, number=contract.number)
        if not check.holds:
            return _(
                "{file} of {number} was changed: its hash is {found}, on record is {recorded}",
                file=check.what,
                number=contract.number,
                found=check.found[:16],
                recorded=check.recorded[:16],
            )
    return ngettext(
        "{n} stored file is as recorded", "{n} stored files are as recorded", len(checks)
    )
