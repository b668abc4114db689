"""Codes are plain drawings, and hold what they should: the same as the library's own."""

import re

import segno

from app.pages.views.qr import qr_drawing, qr_file

ADDRESS = 'https://pomapa.example/pl/aid_points/1?printed="><script>'


def test_a_code_is_a_drawing_without_style_script_or_address() -> None:
    for drawing in (str(qr_drawing(ADDRESS)), qr_file(ADDRESS).decode()):
        assert "style" not in drawing
        assert "script" not in drawing
        assert "pomapa" not in drawing


def test_it_has_the_quiet_zone_and_every_module() -> None:
    code = segno.make_qr(ADDRESS, error="m", boost_error=False)
    modules = code.symbol_size(border=0)[0]
    drawing = str(qr_drawing(ADDRESS))
    assert f'viewBox="0 0 {modules + 8} {modules + 8}"' in drawing
    lengths = re.findall(r"h(\d+)", drawing.split('stroke="#000"')[1])
    assert sum(map(int, lengths)) == sum(sum(row) for row in code.matrix)
