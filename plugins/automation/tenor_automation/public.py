"""What other plugins may import; all else may change on Tuesday."""

from tenor_automation.dry_run import Tried, dry_run
from tenor_automation.hooks import tag_record
from tenor_automation.records import Rule, Run, ToDo
from tenor_automation.services import revise

__all__ = ["Rule", "Run", "ToDo", "Tried", "dry_run", "revise", "tag_record"]
