from pathlib import Path

import pytest

from app.areas.polish_units import GMINA_KINDS, is_teryt
from app.areas.unions import KNOWN, UnreadableUnions, read_unions

GOOD = """
[[area]]
code = "okolica"
country = "PL"
level = "custom"
name = "Okolica  Zachodu"
names = { uk = "Околиця" }
members = ["100101", "100102"]
"""


def written(folder: Path, content: str) -> Path:
    path = folder / "areas.toml"
    path.write_text(content, encoding="utf-8")
    return path


def test_an_area_is_read_with_the_stable_codes_of_its_members(tmp_path: Path) -> None:
    [union] = read_unions(written(tmp_path, GOOD))
    assert (union.code, union.level, union.name) == ("PL-okolica", "custom", "Okolica Zachodu")
    assert union.members == ("PL-100101", "PL-100102")
    assert union.names == {"uk": "Околиця"}
    [metropolis] = read_unions(written(tmp_path, GOOD.replace('level = "custom"\n', "")))
    assert metropolis.level == "metropolis"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"okolica"', '"ok"'),
        ('"okolica"', '"24"'),
        ('"okolica"', '"oko lica"'),
        ('"PL"', '"Polska"'),
        ('"custom"', '"gmina"'),
        ('"Okolica  Zachodu"', '""'),
        ('["100101", "100102"]', "[]"),
        ('["100101", "100102"]', '["100101", "100101"]'),
        ("members", "people"),
        ("[[area]]", "[[area"),
        ("[[area]]", "[[region]]"),
        ("[[area]]", "[area]"),
        ("[[area]]", "[[area]]\ncode = 'twice'"),
    ],
)
def test_what_is_no_such_file_is_refused(tmp_path: Path, old: str, new: str) -> None:
    with pytest.raises(UnreadableUnions):
        read_unions(written(tmp_path, GOOD.replace(old, new)))


def test_a_code_comes_once_and_a_file_has_to_be_there(tmp_path: Path) -> None:
    with pytest.raises(UnreadableUnions):
        read_unions(written(tmp_path, GOOD + GOOD))
    with pytest.raises(UnreadableUnions):
        read_unions(tmp_path / "none.toml")


def test_the_metropolis_by_polish_law_has_its_41_gminas() -> None:
    [gzm] = read_unions(KNOWN)
    assert (gzm.code, gzm.level) == ("PL-gzm", "metropolis")
    codes = [member.removeprefix("PL-") for member in gzm.members]
    assert len(codes) == len(set(codes)) == 41
    assert all(len(code) == 6 and code.startswith("24") for code in codes)
    assert all(is_teryt(code + next(iter(GMINA_KINDS))) for code in codes)
    # 13 cities with the rights of a powiat.
    assert sum(int(code[2:4]) >= 61 for code in codes) == 13
