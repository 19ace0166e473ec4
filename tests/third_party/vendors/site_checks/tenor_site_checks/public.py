"""What other plugins may import."""

from tenor_site_checks.events import SiteChecked
from tenor_site_checks.records import SiteCheck, Verdict
from tenor_site_checks.services import Found, file_check

__all__ = ["Found", "SiteCheck", "SiteChecked", "Verdict", "file_check"]
