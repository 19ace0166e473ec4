"""Statements read from a file that a customer sent: XLSX or CSV in, periods with their problems out.

`read_statements` is a dry run: it changes nothing, takes what is right and says of the rest what is wrong and where.
Two layouts are recognised by their header:

* one row for each line, one column for each period (the way statements are printed), on one sheet or several;
* one row for each period, one column for each line, perhaps with a column for the company.
"""

from tenor_customers.statement_file.options import Limits, Reading
from tenor_customers.statement_file.reader import read_statements
from tenor_customers.statement_file.result import ImportedPeriod, StatementFile

__all__ = ["ImportedPeriod", "Limits", "Reading", "StatementFile", "read_statements"]
