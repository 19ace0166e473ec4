"""The rules of collecting: values in, values out.

::

    strategy    stages of arrears with their actions, by days past due and size of the debt
    contact     when a debtor may be contacted, and how often
    promise     whether a promise to pay was kept
"""
