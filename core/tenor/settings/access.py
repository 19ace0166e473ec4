"""The right to change settings."""

from tenor_sdk.access import Permission

change_settings = Permission(title="Change settings")
