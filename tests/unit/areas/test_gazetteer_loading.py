from app.areas.gazetteer_loading import searchable_names
from geo.gazetteer import Place


def place(name: str, *alternates: str) -> Place:
    return Place(1, name, alternates, "PL", 21.0, 52.0, 100)


def test_the_own_name_comes_first_and_every_spelling_once() -> None:
    names = list(searchable_names(place("Łódź", "Lodz", "Лодзь", "LÓDŹ", "Litzmannstadt")))
    assert names == [("lodz", True), ("лодзь", False), ("litzmannstadt", False)]


def test_other_alphabets_codes_and_endless_names_are_left_out() -> None:
    names = list(searchable_names(place("Kraków", "KRK", "Κρακοβία", "克拉科夫", "x" * 101, "'", "Краків")))
    assert names == [("krakow", True), ("краків", False)]
