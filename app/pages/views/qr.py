"""QR codes of addresses of our own, drawn as SVG."""

import io

import segno
from markupsafe import Markup

#: Readers need four modules of white round a code (ISO/IEC 18004).
_QUIET = 4


def qr_drawing(address: str) -> Markup:
    """Give the code as an `svg` element for a page; what it is has to be said beside it."""
    drawn = _code(address).svg_inline(
        omitsize=True, border=_QUIET, light="#fff", svgclass="qr", lineclass=None
    )
    hidden = drawn.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
    return Markup(hidden)  # noqa: S704 - numbers and a path that the library has drawn; the address is not in it


def qr_file(address: str) -> bytes:
    """Give the code as a file of its own, large enough to be printed."""
    written = io.BytesIO()
    _code(address).save(written, kind="svg", border=_QUIET, light="#fff", scale=8, lineclass=None)
    return written.getvalue()


def _code(address: str) -> segno.QRCode:
    # A fold or a drop of coffee may cover a seventh of it.
    return segno.make_qr(address, error="m", boost_error=False)
