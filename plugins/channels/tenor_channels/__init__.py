"""Notices by chat and SMS: the families of their drivers, with WeCom, DingTalk, Feishu and signed JSON over https."""

from tenor_sdk import Plugin

plugin = Plugin(title="Channels", category="House", asks=("network", "email", "files", "elevated"))
