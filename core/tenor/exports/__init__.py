"""Records on their way out: what the filter shows, under row and field rules, row by row, put on record."""

from tenor.exports.exports import FORMATS, Export, export_of
from tenor.exports.rows import Chunk, Column, Rows, exportable, raw

__all__ = ["FORMATS", "Chunk", "Column", "Export", "Rows", "export_of", "exportable", "raw"]
