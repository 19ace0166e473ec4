"""The right to say which plugins run."""

from tenor_sdk.access import Permission

manage_plugins = Permission(title="Manage plugins")
