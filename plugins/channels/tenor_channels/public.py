"""What other plugins may import."""

from tenor_channels.drivers import Busy, ChatDriver, Message, NullChat, Robot, chat
from tenor_channels.http import Webhook
from tenor_channels.sms import NullSms, Pace, ShortMessage, SmsDriver, sms
from tenor_channels.sms_http import SmsOverHttps

__all__ = [
    "Busy",
    "ChatDriver",
    "Message",
    "NullChat",
    "NullSms",
    "Pace",
    "Robot",
    "ShortMessage",
    "SmsDriver",
    "SmsOverHttps",
    "Webhook",
    "chat",
    "sms",
]
