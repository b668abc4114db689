"""Names behind "in" are led back to what stands in a gazetteer."""

import pytest

from geo.locatives import MOST, nominatives
from geo.names import fold_name

POLISH = """Kielcach Kielce, Katowicach Katowice, Siedlcach Siedlce, Tychach Tychy, Suwałkach Suwałki, Krakowie Kraków,
Rzeszowie Rzeszów, Częstochowie Częstochowa, Warszawie Warszawa, Wrocławiu Wrocław, Radomiu Radom, Poznaniu Poznań,
Toruniu Toruń, Elblągu Elbląg, Gdańsku Gdańsk, Sosnowcu Sosnowiec, Mielcu Mielec, Lublinie Lublin, Szczecinie Szczecin,
Olsztynie Olsztyn, Gnieźnie Gniezno, Lesznie Leszno, Łodzi Łódź, Gdyni Gdynia, Bydgoszczy Bydgoszcz, Legnicy Legnica,
Łomży Łomża, Opolu Opole, Przemyślu Przemyśl, Zakopanem Zakopane, Zamościu Zamość, Świnoujściu Świnoujście,
Sopocie Sopot, Pile Piła, Chełmie Chełm, Białymstoku Białystok, Krasnymstawie Krasnystaw, Zabrzu Zabrze, Płocku Płock,
Włocławku Włocławek, Ciechocinku Ciechocinek, Malborku Malbork, Ełku Ełk"""
LONGER = """Zielonej Górze/Zielona Góra, Nowym Sączu/Nowy Sącz, Stalowej Woli/Stalowa Wola, Rudzie Śląskiej/Ruda Śląska,
Dąbrowie Górniczej/Dąbrowa Górnicza, Bielsku-Białej/Bielsko-Biała, Białej Podlaskiej/Biała Podlaska,
Ostrowie Wielkopolskim/Ostrów Wielkopolski, Mińsku Mazowieckim/Mińsk Mazowiecki, Jeleniej Górze/Jelenia Góra,
Siemianowicach Śląskich/Siemianowice Śląskie, Tarnowskich Górach/Tarnowskie Góry, Piekarach Śląskich/Piekary Śląskie,
Starych Babicach/Stare Babice, Lądku-Zdroju/Lądek-Zdrój, Зеленій Гурі/Зелена Гура, Бельську-Бялій/Бельсько-Бяла,
Новому Сончі/Новий Сонч, Тарновських Гурах/Тарновські Гури, Зелёной-Гуре/Зелёна-Гура, Бельско-Бялой/Бельско-Бяла,
Тарновских Гурах/Тарновске Гуры"""
CYRILLIC = """Варшаві Варшава, Кракові Краків, Кельцях Кельце, Катовіцях Катовіце, Любліні Люблін, Гданську Гданськ,
Познані Познань, Лодзі Лодзь, Вроцлаві Вроцлав, Білостоці Білосток, Гдині Гдиня, Тихах Тихи, Перемишлі Перемишль,
Варшаве Варшава, Кракове Краков, Гданьске Гданьск, Люблине Люблин, Познани Познань, Кельцах Кельце,
Ряшеві Ряшів, Ополі Ополе, Забжі Забже, Влоцлавку Влоцлавек"""
PAIRS = [
    *(pair.split() for pair in f"{POLISH}, {CYRILLIC}".split(",")),
    *(pair.strip().split("/") for pair in LONGER.split(",")),
]


@pytest.mark.parametrize(("there", "name"), PAIRS)
def test_a_name_behind_in_is_read_back(there: str, name: str) -> None:
    assert fold_name(name) in nominatives(fold_name(there))


@pytest.mark.parametrize("given", ["", "w", "lodz 5 x y", "kielce dolne gorne male"])
def test_what_is_no_name_of_a_town_has_no_readings(given: str) -> None:
    assert nominatives(given) == ()


def test_there_are_never_many() -> None:
    assert len(nominatives("bialymstoku gornym wielkopolskim")) <= MOST
