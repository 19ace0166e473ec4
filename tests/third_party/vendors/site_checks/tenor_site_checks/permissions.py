"""What may be done besides reading and writing."""

from tenor_sdk import Permission

check_sites = Permission(title="Check customers on site")
