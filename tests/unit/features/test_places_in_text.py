"""F6: addresses and coordinates in free text are found before anybody can read them."""

import itertools
import random
from collections.abc import Iterator

import pytest

from app.features.places_in_text import places_in, texts_of, without_places

STREETS = (
    "Leśna", "Leśnej", "Mickiewicza", "Sienkiewicza", "Żeromskiego", "Kościuszki", "Krakowska", "Warszawskiej", "Solna",
    "Jana Pawła II", "Wojska Polskiego", "Armii Krajowej", "Bohaterów Warszawy", "Świętej Trójcy", "11 Listopada",
)  # fmt: skip
WITH_KIND = (
    "ul. {} 3",
    "ulica {} 12/4",
    "przy ul. {} 7a",
    "na ulicy {} 120",
    "al. {} 5 m. 2",
    "os. {} 44",
    "plac {} nr 8",
)
BARE = ("{} 3", "przy {} 12/4", "Dom: {} 7a, piętro 1")
NAMED_ALONE = STREETS[:9]
EXACTLY = (
    "50.8661, 20.6286", "50,86612 20,62861", "N 50.8661 E 20.6286"[2:], "50°51′58″N 20°37′43″E", "50° 51' N",
    "9G3F+8Q Kielce", "8FVC9G8F+6X", "https://maps.app.goo.gl/xyz", "www.google.pl/maps/@50.8,20.6,17z", "geo:50.86,20.62",
    "https://www.openstreetmap.org/node/123", "///stół.okno.kot", "25-502 Kielce", "kod 00-950", "вул. Лісова 3",
    "на вулиці Шевченка, 12", "ул. Ленина, д. 5", "проспект Мира 10", "Waldstraße 5", "Am Bergweg 12a", "Strada Lungă 5",
    "12 Baker Street", "14 Long Lane", "Plac Moniuszki 2B",
)  # fmt: skip
HARMLESS = (
    "Pn-Pt 8-16", "Dla kobiet z dziećmi do 18 lat", "Otwarte od 8:00 do 16:00", "Telefon 22 123 45 67", "tel. 41-344-55-66",
    "Mamy 20 miejsc", "Czynne całą dobę, 24/7", "Pomoc od 5 stycznia 2026", "Program 500 plus", "Fundacja Nowa Nadzieja",
    "Za 5 zł", "Sala 3", "Grupa dla 12 osób", "+48 41 344 55 66", "800 120 002", "Ustawa z 12 marca 2022", "od 2 do 5 lat",
    "Niebieska Linia 800 120 002", "Maksymalnie 3 miesiące", "Ukraina 2022", "Pomoc 24h", "Kobieta 50+",
    "Ośrodek Interwencji Kryzysowej 24h", "Bezpłatna pomoc prawna. Zadzwoń.", "Жінкам з дітьми до 18 років",
)  # fmt: skip


def test_f6_at_least_95_of_100_addresses_and_coordinates_are_found() -> None:
    written = [form.format(street) for form, street in itertools.product(WITH_KIND, STREETS)]
    written += [form.format(street) for form, street in itertools.product(BARE, NAMED_ALONE)]
    written += [
        f"Jesteśmy tu: {given}. Prosimy dzwonić." for given in (*EXACTLY, *_anywhere(random.Random(6)))
    ]
    assert len(set(written)) >= 300
    missed = [text for text in written if not places_in(text)]
    assert len(missed) <= 0.05 * len(written), missed
    assert not [given for given in EXACTLY if not places_in(given)]


def _anywhere(chance: random.Random) -> Iterator[str]:
    """Coordinates and postcodes as people write them, of places anywhere in Poland."""
    for number in range(60):
        lat, lng = chance.uniform(49, 54.8), chance.uniform(14.1, 24.1)
        digits = 3 + number % 5
        yield f"{lat:.{digits}f}, {lng:.{digits}f}"
        yield f"{lat:.{digits}f} {lng:.{digits}f}".replace(".", ",")
        yield f"{int(lat)}°{number}′{lat % 1 * 60:.1f}″N {int(lng)}°{number}′{lng % 1 * 60:.1f}″E"
        yield f"{chance.randrange(100):02}-{chance.randrange(1000):03} Kielce"


@pytest.mark.parametrize("text", HARMLESS)
def test_what_leads_nowhere_may_stay(text: str) -> None:
    assert places_in(text) == []
    assert without_places(text) == text


def test_what_is_taken_out_leaves_the_rest_and_never_too_little_for_a_name() -> None:
    assert without_places("Dom przy ul. Leśnej 3, pukać dwa razy") == "Dom przy …, pukać dwa razy"
    assert without_places("Leśna 3") == "… …"
    assert places_in(without_places("50.8661, 20.6286 albo ul. Leśna 3")) == []


def test_texts_are_found_wherever_they_stand_and_codes_are_none() -> None:
    data = {
        "name": {"texts": {"pl": "a", "uk": "b"}, "source": "pl"},
        "also_known_as": ["c"],
        "services": [{"type": "shelter", "description": {"texts": {"pl": "d"}, "source": "pl"}}],
        "organisation": {"name": "e"},
        "address": {"street": "f", "note": {"texts": {"pl": "g"}}},
        "hours": "Mo-Fr 08:00-16:00",
    }
    assert [text for _, text in texts_of(data)] == ["a", "b", "c", "d", "e"]
