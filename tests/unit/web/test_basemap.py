"""The base map of an operator's own file, as the map script reads it."""

from pathlib import Path

from app.config import Settings
from app.web.basemap import basemap_of


def _pmtiles(deepest: int) -> bytes:
    return b"PMTiles\x03" + bytes(93) + bytes([deepest]) + bytes(25)


def test_the_deepest_zoom_is_that_of_the_file_which_is_there_now(tmp_path: Path) -> None:
    file = tmp_path / "poland.pmtiles"
    ours = Settings(basemap_pmtiles=str(file))
    assert "maxZoom" not in basemap_of(ours)
    file.write_bytes(_pmtiles(14))
    assert basemap_of(ours)["maxZoom"] == 14
    another = tmp_path / "another"
    another.write_bytes(_pmtiles(11))
    another.replace(file)
    assert basemap_of(ours)["maxZoom"] == 11


def test_a_file_that_does_not_say_has_no_deepest_zoom(tmp_path: Path) -> None:
    file = tmp_path / "poland.pmtiles"
    ours = Settings(basemap_pmtiles=str(file))
    for content in (b"", _pmtiles(14)[:101], b"PMTiles\x02" + bytes(200)):
        file.unlink(missing_ok=True)
        file.write_bytes(content)
        assert "maxZoom" not in basemap_of(ours)
