"""Schemas, paging, names and comments of records."""

from tenor.records.paging import Page, PageColumn, PageQuery
from tenor.records.room import Records
from tenor.records.specs import FieldSpec, input_specs, specs_of

__all__ = ["FieldSpec", "Page", "PageColumn", "PageQuery", "Records", "input_specs", "specs_of"]
