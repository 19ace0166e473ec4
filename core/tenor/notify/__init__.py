"""Telling people: the inbox, and mail over SMTP or into a folder."""

from tenor.notify.notify import About, InboxEntry, MailView, Notify

__all__ = ["About", "InboxEntry", "MailView", "Notify"]
