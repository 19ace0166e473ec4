"""Files of rows: CSV and XLSX from outside, opened with care and read one row at a time, however long they are.

Before a parser sees a file, what it is is told from its bytes, and an archive is known to be safe to unpack.
"""

from tenor_sdk.sheets.container import FileKind, Limits, UnreadableFile, check_archive, file_kind
from tenor_sdk.sheets.reading import (
    ERRORS,
    Area,
    Formula,
    Percentage,
    Sheet,
    encoding_of,
    open_sheets,
)

__all__ = [
    "ERRORS", "Area", "FileKind", "Formula", "Limits", "Percentage", "Sheet", "UnreadableFile", "check_archive",
    "encoding_of", "file_kind", "open_sheets",
]  # fmt: skip
