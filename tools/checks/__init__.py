"""Our own few rules: one file, one rule, a remedy in each message. `python tools/check.py` runs them all.

A rule is a module with ``findings(root)``; it raises ``TargetGone`` where what it watches has moved away, so that it
can't fall silent. Each has a test that passes and one that fires, in tests/architecture.
"""
