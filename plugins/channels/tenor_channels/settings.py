"""What an institution sets for its channels."""

from __future__ import annotations

from tenor_channels.http import https
from tenor_sdk import Settings, setting
from tenor_sdk.settings import secret


class ChannelsSettings(Settings):
    """How short messages and notices to contact persons leave the house."""

    sms_address: str = setting(
        "", label="Address of the SMS provider", help="It is asked over https", check=https
    )
    sms_news_address: str = setting(
        "", label="Address of the SMS provider’s reports",
        help="Asked every five minutes which messages arrived and who wants no more; empty: nothing is asked",
        check=https,
    )  # fmt: skip
    sms_key_id: str = setting("", label="Key id at the SMS provider")
    sms_key: str = secret(label="Signing key of the SMS provider")
    sms_signature: str = setting(
        "", label="SMS signature",
        help="Registered with the provider, without brackets: 【…】 stands before the words",
    )  # fmt: skip
    sms_template: str = setting(
        "", label="SMS template",
        help="Its id at the provider, of a template with one place, “words”; empty: the words go as they are",
    )  # fmt: skip
    sms_parts: int = setting(
        3, label="Longest SMS, in parts",
        help="70 characters are one part, longer ones have 67 in each; what is longer is cut",
        minimum=1, maximum=10,
    )  # fmt: skip
    sms_tells_words: bool = setting(
        False, label="SMS to staff tell the words of notices",
        help="They pass through the provider; else only what kind of notice it is, and the link",
    )  # fmt: skip
    contact_footer: str = setting(
        "", label="Last line of notices to contact persons",
        help="How consent is withdrawn, such as a telephone number; it is never cut",
    )  # fmt: skip
