"""What an institution may set for electronic signatures. Who the lender is, documents' settings say."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tenor_sdk import Invalid, Settings, setting


def _known_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Invalid("time-zone-unknown", zone=name) from error


class EsignSettings(Settings):
    """How long signers have, and who signs for the lender."""

    days_to_sign: int = setting(
        15, label="Days to sign", help="A contract that isn't signed by then is issued again",
        minimum=1, maximum=180,
    )  # fmt: skip
    code_minutes: int = setting(
        10, label="Minutes for which a code is valid", minimum=2, maximum=60
    )
    code_tries: int = setting(
        5, label="Wrong tries per code", help="After so many the code is worth nothing any more",
        minimum=1, maximum=10,
    )  # fmt: skip
    bank_representative: str = setting(
        "", label="Person who signs for the lender",
        help="Empty: the person in charge, as in the settings of documents",
    )  # fmt: skip
    time_zone: str = setting(
        "Asia/Shanghai", label="Time zone of stamps", help="In which a signature shows its time",
        check=_known_zone,
    )  # fmt: skip
