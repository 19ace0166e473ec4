"""What a signature looks like on the page: who, when, by which certificate."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Final

from tenor_documents.public import Template, render

_SOURCE: Final = Path(__file__).parent / "templates" / "stamp.typ"
_SHOWN_OF_SERIAL: Final = 20


@dataclass(frozen=True)
class Stamp:
    """The words of a stamp.

    Args:
        name: of the party.
        role: in which it signs.
        serial: of the certificate, hexadecimal; its first 20 digits are shown.
        zone: in which the time is shown.
    """

    name: str
    role: str
    serial: str
    issuer: str
    level: str
    signed_at: datetime
    zone: tzinfo

    def drawn(self, width: int, height: int) -> bytes:
        """The stamp as a PDF of one page of ``width`` by ``height`` points.

        Raises:
            Invalid: ``glyph-missing`` where the name can't be written.
        """
        words: dict[str, str | int] = {
            "name": self.name,
            "role": self.role,
            "serial": self.serial[:_SHOWN_OF_SERIAL],
            "issuer": self.issuer,
            "level": self.level,
            "time": self.signed_at.astimezone(self.zone).strftime("%Y-%m-%d %H:%M:%S %z"),
            "width": width,
            "height": height,
        }
        template = Template("stamp", _SOURCE.read_text(encoding="utf-8"))
        return render(template, words, made_at=self.signed_at).content
