from datetime import date

from tenor_sdk import Amount, Rate, Settings, setting
from tenor_sdk.settings import secret


class VaultSettings(Settings):
    most: int = setting(10, label="Most boxes", minimum=1, maximum=50)
    limit: Amount = setting(Amount.of("1000"), label="Limit")
    fee: Rate = setting(Rate.of("0.05"), label="Fee")
    open_on: date = setting(date(2026, 1, 1), label="Open on")
    motto: str = setting("", label="Motto")
    strict: bool = setting(False, label="Strict")
    key: str = secret(label="Key")
