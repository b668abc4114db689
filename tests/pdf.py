"""What a PDF holds, for tests: read again by another library than the one that wrote it."""

import io
import re
from dataclasses import dataclass
from typing import Any

from pypdf import PdfReader


def opened(content: bytes) -> PdfReader:
    """Read it; an error where a reader would have to repair it."""
    return PdfReader(io.BytesIO(content), strict=True)


def text_of(content: bytes) -> str:
    """Its words, with one space wherever a line or a gap is."""
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in opened(content).pages))


@dataclass(frozen=True, slots=True)
class Claims:
    """What it says of itself: language, title, whether it is tagged, the part of PDF/UA that it keeps to ("" for none)."""

    language: str
    title: str
    tagged: bool
    accessible: str


def claims_of(content: bytes) -> Claims:
    """Give what it says of itself."""
    document = opened(content)
    root: Any = document.trailer["/Root"]
    part = re.search(rb'pdfuaid:part="(\d)"', root["/Metadata"].get_data())
    return Claims(
        str(root["/Lang"]),
        str(document.metadata and document.metadata.title),
        bool(root["/MarkInfo"]["/Marked"]) and "/StructTreeRoot" in root,
        part[1].decode() if part else "",
    )


def links_of(content: bytes) -> set[str]:
    """The addresses that it opens."""
    found = set()
    for page in opened(content).pages:
        for one in page.get("/Annots", ()):
            action = one.get_object().get("/A")
            if action:
                found.add(str(action["/URI"]))
    return found
