"""Names of Polish units in Ukrainian and Russian, as far as they are known: voivodeships, metropolises and larger towns.

The names of the other units are read as they stand on signs. What is shown always has the Polish name beside it.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from app.areas.city_names import CITY_NAMES
from geo.names import fold_name

#: By the Polish name, which is an adjective: "mazowieckie".
VOIVODESHIPS: Final = MappingProxyType(
    {
        "dolnośląskie": {"uk": "Нижньосілезьке", "ru": "Нижнесилезское"},
        "kujawsko-pomorskie": {"uk": "Куявсько-Поморське", "ru": "Куявско-Поморское"},
        "lubelskie": {"uk": "Люблінське", "ru": "Люблинское"},
        "lubuskie": {"uk": "Любуське", "ru": "Любушское"},
        "łódzkie": {"uk": "Лодзьке", "ru": "Лодзинское"},
        "małopolskie": {"uk": "Малопольське", "ru": "Малопольское"},
        "mazowieckie": {"uk": "Мазовецьке", "ru": "Мазовецкое"},
        "opolskie": {"uk": "Опольське", "ru": "Опольское"},
        "podkarpackie": {"uk": "Підкарпатське", "ru": "Подкарпатское"},
        "podlaskie": {"uk": "Підляське", "ru": "Подляское"},
        "pomorskie": {"uk": "Поморське", "ru": "Поморское"},
        "śląskie": {"uk": "Сілезьке", "ru": "Силезское"},
        "świętokrzyskie": {"uk": "Свентокшиське", "ru": "Свентокшиское"},
        "warmińsko-mazurskie": {"uk": "Вармінсько-Мазурське", "ru": "Варминьско-Мазурское"},
        "wielkopolskie": {"uk": "Великопольське", "ru": "Великопольское"},
        "zachodniopomorskie": {"uk": "Західнопоморське", "ru": "Западно-Поморское"},
    }
)
METROPOLISES: Final = MappingProxyType(
    {
        "Górnośląsko-Zagłębiowska Metropolia": {
            "uk": "Верхньосілезько-Заглембівська метрополія",
            "ru": "Верхнесилезско-Заглембёвская метрополия",
        },
    }
)
#: By the Polish name, the id under which `CITY_NAMES` has the others. A test looks whether it is that town's.
TOWNS: Final = MappingProxyType(
    {
        "Warszawa": 756135,
        "Kraków": 3094802,
        "Wrocław": 3081368,
        "Łódź": 3093133,
        "Poznań": 3088171,
        "Gdańsk": 3099434,
        "Szczecin": 3083829,
        "Lublin": 765876,
        "Bydgoszcz": 3102014,
        "Białystok": 776069,
        "Katowice": 3096472,
        "Gdynia": 3099424,
        "Częstochowa": 3100946,
        "Sosnowiec": 3085128,
        "Radom": 760778,
        "Gliwice": 3099230,
        "Rzeszów": 759734,
        "Toruń": 3083271,
        "Kielce": 769250,
        "Zabrze": 3080985,
        "Bytom": 3101950,
        "Bielsko-Biała": 3103402,
        "Olsztyn": 763166,
        "Rybnik": 3086586,
        "Opole": 3090048,
        "Elbląg": 3099759,
        "Płock": 3088825,
        "Wałbrzych": 3082707,
        "Włocławek": 3081741,
        "Zielona Góra": 3080165,
        "Tarnów": 757026,
        "Dąbrowa Górnicza": 3100796,
        "Gorzów Wielkopolski": 3098722,
        "Chorzów": 3101619,
        "Kalisz": 3096880,
        "Koszalin": 3095049,
        "Legnica": 3093692,
        "Słupsk": 3085450,
        "Nowy Sącz": 763534,
        "Suwałki": 757718,
        "Biała Podlaska": 776175,
        "Przemyśl": 761168,
        "Zamość": 753866,
        "Chełm": 774558,
        "Sanok": 759591,
        "Lubaczów": 765932,
        "Jarosław": 770380,
        "Hrubieszów": 770966,
        "Terespol": 756938,
        "Zakopane": 3080866,
    }
)
_TOWN_KINDS: Final = frozenset(("urban", "city"))
#: So many letters tell one voivodeship from another while somebody types.
_BEGUN: Final = 4


def known_names(level: str, kind: str | None, name: str) -> Mapping[str, str]:
    """Give the names of a unit by language code; none where only the Polish one is known.

    A village or the gmina round a town is not the town, though it may be called the same.
    """
    if level == "voivodeship":
        return VOIVODESHIPS.get(name, {})
    if level == "metropolis":
        return METROPOLISES.get(name, {})
    if kind in _TOWN_KINDS and name in TOWNS:
        names = CITY_NAMES[TOWNS[name]]
        return {language: names[language] for language in ("uk", "ru") if language in names}
    return {}


def polish_of(typed: str) -> list[str]:
    """Give the folded Polish names of the voivodeships and metropolises that a folded text names, or has begun to."""
    if len(typed) < _BEGUN:
        return []
    return [
        fold_name(polish)
        for table in (VOIVODESHIPS, METROPOLISES)
        for polish, names in table.items()
        if any(fold_name(name).startswith(typed) for name in names.values())
    ]
