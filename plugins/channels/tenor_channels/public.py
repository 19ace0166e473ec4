"""What other plugins may import."""

from tenor_channels.contacts import (
    Agreed,
    consent_of,
    give_consent,
    tell_contact,
    withdraw_consent,
)
from tenor_channels.drivers import Busy, ChatDriver, Message, NullChat, Robot, chat
from tenor_channels.http import Webhook
from tenor_channels.records import Consent, ContactNotice, ContactPerson, Purpose
from tenor_channels.reporting import sms_callbacks
from tenor_channels.sms import NullSms, Pace, ShortMessage, SmsDriver, sms
from tenor_channels.sms_http import SmsOverHttps
from tenor_channels.sms_reports import News, SmsAnswer, SmsReport
from tenor_channels.views import contact_form

__all__ = [
    "Agreed",
    "Busy",
    "ChatDriver",
    "Consent",
    "ContactNotice",
    "ContactPerson",
    "Message",
    "News",
    "NullChat",
    "NullSms",
    "Pace",
    "Purpose",
    "Robot",
    "ShortMessage",
    "SmsAnswer",
    "SmsDriver",
    "SmsOverHttps",
    "SmsReport",
    "Webhook",
    "chat",
    "consent_of",
    "contact_form",
    "give_consent",
    "sms",
    "sms_callbacks",
    "tell_contact",
    "withdraw_consent",
]
