"""What other plugins may import."""

from tenor_site_checks.events import SiteChecked
from tenor_site_checks.records import SiteCheck
from tenor_site_checks.services import Found, file_check

__all__ = ["Found", "SiteCheck", "SiteChecked", "file_check"]
