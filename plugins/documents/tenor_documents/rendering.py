"""A template and its data become a PDF: the same bytes for the same input, the data never markup.

The template is Typst source. It reads its data with ``json(bytes(sys.inputs.at("data")))``; what it reads is text,
whatever the text looks like. It sees no file, no package and no font but ours.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, Self, TypeAlias

from tenor_documents.fonts import Fonts, require_glyphs
from tenor_sdk.errors import Invalid

if TYPE_CHECKING:
    from typst import Compiler

#: What a template may be told. Money and rates come as text: a float is refused.
Data: TypeAlias = "str | int | bool | Sequence[Data] | Mapping[str, Data] | None"

TEMPLATES: Final = Path(__file__).parent / "templates"

#: Archivable PDF (ISO 19005-2): fonts embedded, nothing fetched from elsewhere.
_STANDARD: Final = "a-2b"
_PACKAGE: Final = re.compile(r'(?:import|include)\s*\(?\s*"@')
_MAIN: Final = "main.typ"


@dataclass(frozen=True)
class Template:
    """The source of a document, versioned by its hash.

    Args:
        name: ``"loan_contract"``.
        source: Typst markup.
    """

    name: str
    source: str

    @classmethod
    def bundled(cls, name: str) -> Self:
        """The template ``name`` that comes with this plugin."""
        return cls(name, (TEMPLATES / f"{name}.typ").read_text(encoding="utf-8"))

    @property
    def version(self) -> str:
        """SHA-256 of the source, hexadecimal: two templates of one version are the same to the letter."""
        return sha256(self.source.encode()).hexdigest()


@dataclass(frozen=True)
class SignaturePlace:
    """A box that a template keeps free for one signature.

    Args:
        name: of the signer, ``"borrower"``.
        page: from 1.
        left, bottom, width, height: in points (1/72 inch) from the lower left corner of the page.
    """

    name: str
    page: int
    left: int
    bottom: int
    width: int
    height: int


@dataclass(frozen=True)
class Rendered:
    """A document as it was made, with what it takes to make it again.

    Args:
        content: the PDF.
        template: the name of the template.
        template_version: the hash of its source.
        data_sha256: the hash of its data as canonical JSON.
        places: where signatures go, in the order of the document.
    """

    content: bytes
    template: str
    template_version: str
    data_sha256: str
    places: tuple[SignaturePlace, ...]

    @property
    def sha256(self) -> str:
        """SHA-256 of the PDF, hexadecimal."""
        return sha256(self.content).hexdigest()


def render(
    template: Template, data: Mapping[str, Data], *, made_at: datetime, fonts: Fonts | None = None
) -> Rendered:
    """Set ``template`` with ``data``.

    Args:
        data: plain values; every text in it must be writable in the font, used or not.
        made_at: with a time zone; stands in the document's properties.

    Raises:
        Invalid: ``glyph-missing``; ``template-fails`` with the ``template`` and the ``reason`` that Typst gives,
            where the template has a fault, warns, or asks for something that the data lack.
        Refused: ``font-missing``.
    """
    chosen = fonts or Fonts()
    if made_at.tzinfo is None:
        raise ValueError("the time at which a document is made needs a time zone")
    canonical = canonical_json(data)
    require_glyphs([*_texts(data), template.source], chosen)
    content, places = _compile(template, canonical, made_at, chosen)
    return Rendered(
        content=content,
        template=template.name,
        template_version=template.version,
        data_sha256=sha256(canonical.encode()).hexdigest(),
        places=places,
    )


def canonical_json(data: Data) -> str:
    """The one JSON text of ``data``: keys sorted, no spaces, no escapes that aren't needed.

    Raises:
        TypeError: a value that isn't plain, a float among them.
    """
    for value in _values(data):
        if not isinstance(value, (str, int, bool, type(None))):
            raise TypeError(f"a document's data are plain texts and whole numbers, not {value!r}")
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _compile(
    template: Template, data: str, made_at: datetime, fonts: Fonts
) -> tuple[bytes, tuple[SignaturePlace, ...]]:
    if _PACKAGE.search(template.source):
        raise Invalid(
            "template-fails", template=template.name, reason="a template imports no package"
        )
    with TemporaryDirectory(prefix="tenor-document-") as folder:
        compiler = _compiler(template, data, fonts, Path(folder))
        try:
            content = _to_pdf(compiler, template, made_at)
            return content, _places(str(compiler.query("<signature-place>", field="value")))
        except RuntimeError as error:  # Typst's own error is one
            raise Invalid("template-fails", template=template.name, reason=str(error)) from error


def _compiler(template: Template, data: str, fonts: Fonts, folder: Path) -> "Compiler":
    """A compiler that sees one folder, and in it nothing but the template."""
    from typst import Compiler  # takes long to load: only where a document is made

    source = folder / _MAIN
    source.write_text(template.source, encoding="utf-8")
    return Compiler(
        str(source),
        root=str(folder),
        font_paths=[str(fonts.folder)],
        ignore_system_fonts=True,
        sys_inputs={"data": data, "version": template.version[:12], "family": fonts.family},
    )


def _to_pdf(compiler: "Compiler", template: Template, made_at: datetime) -> bytes:
    content, warnings = compiler.compile_with_warnings(
        format="pdf", pdf_standards=[_STANDARD], timestamp=int(made_at.timestamp())
    )
    for warning in warnings:
        raise Invalid("template-fails", template=template.name, reason=str(warning))
    if not isinstance(content, bytes):
        raise TypeError("Typst gave no PDF")
    return content


def _places(found: str) -> tuple[SignaturePlace, ...]:
    return tuple(
        SignaturePlace(
            name=place["name"],
            page=place["page"],
            **{side: round(place[side]) for side in ("left", "bottom", "width", "height")},
        )
        for place in json.loads(found)
    )


def _values(data: Data) -> Iterator[object]:
    """Every value in ``data`` that isn't a container, and every key."""
    if isinstance(data, Mapping):
        for key, value in data.items():
            yield key
            yield from _values(value)
    elif isinstance(data, Sequence) and not isinstance(data, (str, bytes)):
        for value in data:
            yield from _values(value)
    else:
        yield data


def _texts(data: Data) -> Iterator[str]:
    return (value for value in _values(data) if isinstance(value, str))
