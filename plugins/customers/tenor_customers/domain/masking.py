"""How personal figures are shown to those who may see that they exist, but not what they are.

Whatever does not have the expected length is hidden whole: a mask must not show more because of a slip.
"""

MASK = "*"


def mask_middle(text: str, lead: int, tail: int, least_hidden: int = 4) -> str:
    """`text` with all but the first `lead` and last `tail` characters starred.

    Hidden whole when fewer than `least_hidden` characters would be starred.
    """
    hidden = len(text) - lead - tail
    if hidden < least_hidden:
        return MASK * len(text)
    return text[:lead] + MASK * hidden + text[len(text) - tail :]


def mask_identity_number(number: str) -> str:
    """330106197805120017 → 3301**********0017: province and city, and the last four."""
    return mask_middle(number, lead=4, tail=4, least_hidden=7)


def mask_phone(number: str) -> str:
    """13800001234 → 138****1234."""
    return mask_middle(number, lead=3, tail=4)


def mask_account(number: str) -> str:
    """A card or bank account: the first six and the last four, 6222000000001234 → 622200******1234."""
    return mask_middle(number, lead=6, tail=4)


def mask_person_name(name: str) -> str:
    """张三 → 张*: the first character of a person's name, whatever its length."""
    return name[:1] + MASK if len(name) > 1 else MASK * len(name)


def mask_email(address: str) -> str:
    """zhang@example.com → z***@example.com; what has no @ is hidden whole."""
    local, at, domain = address.rpartition("@")
    return f"{local[:1]}{MASK * 3}@{domain}" if at and local else MASK * len(address)
