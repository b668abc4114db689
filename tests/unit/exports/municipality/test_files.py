"""A municipality's files: complete, within the limit, in six languages, safe whatever people wrote."""

import re

import pytest

from app.exports.municipality.files import LARGEST
from app.exports.municipality.reading import Source
from app.i18n import LANGUAGES
from app.taxonomy.vocabulary import load_vocabulary
from tests.municipality import hostile_municipality, municipality, source, written


def text_of(content: bytes) -> str:
    return content.decode()


def entries_in(content: bytes) -> int:
    return content.count(b'<li id="e')


def test_one_file_holds_everything_that_fits() -> None:
    places = [source(f"Miejsce {n}", family=family) for n in range(20) for family in ("food", "health")]
    (file,) = written(municipality(*places))
    assert (file.part, file.name) == ("", "kielce.html")
    assert entries_in(file.content) == 40
    assert "Dane z\N{NO-BREAK SPACE}dnia 22 listopada 2026" in text_of(file.content)
    assert "najpierw zapytaj" in text_of(file.content)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_speaks_each_language(language: str) -> None:
    (file,) = written(municipality(source(hours="Mo-Fr 08:00-16:00")), language)
    page = text_of(file.content)
    assert f'<html lang="{language}"' in page
    assert ("Help:" in page) == (language == "en")
    assert "8:00–16:00" in page


def test_what_is_not_translated_says_its_language() -> None:
    name = {"texts": {"pl": "Noclegownia", "de": "Nachtasyl"}, "source": "pl"}
    (file,) = written(municipality(source(name)), "uk")
    assert '<span lang="pl">Noclegownia</span>' in text_of(file.content)
    assert "польська" in text_of(file.content)


def test_a_translation_by_a_machine_says_so_and_keeps_the_name_at_the_door() -> None:
    name = {"texts": {"pl": "Noclegownia", "uk": "Нічліжка"}, "source": "pl", "states": {"uk": "machine"}}
    page = text_of(written(municipality(source(name)), "uk")[0].content)
    assert "Нічліжка" in page
    assert '<p class="l" lang="pl">Noclegownia</p>' in page
    assert "машинний переклад" in page


def test_a_large_unit_is_split_and_nothing_is_left_out() -> None:
    places = [
        source(f"Апотека й допомога номер {n:05}", family=family, website=f"https://example.org/{n:060}")
        for family, many in (("food", 40), ("health", 2600), ("learning", 300))
        for n in range(many)
    ]
    files = written(municipality(*places), "uk")
    assert all(len(file.content) <= LARGEST for file in files)
    assert sum(entries_in(file.content) for file in files) == len(places)
    numbers = [n for file in files for n in re.findall(rb'<li id="e(\d+)"', file.content)]
    assert len(set(numbers)) == len(places)
    first, *parts = files
    assert entries_in(first.content) == 0
    assert [part.part for part in parts][:2] == ["food", "health-1"]
    # The first file names each of the others, and says why there are several.
    for part in parts:
        assert part.name == f"kielce-{part.part}.html"
        assert f'href="{part.name}"' in text_of(first.content)
    assert "нічого не пропущено" in text_of(first.content)
    sizes = [len(part.content) for part in parts if part.part.startswith("health")]
    assert min(sizes) > max(sizes) * 0.8


def test_a_small_limit_makes_more_files() -> None:
    places = [source(f"Miejsce {n}") for n in range(400)]
    files = written(municipality(*places), largest=60_000)
    assert all(len(file.content) <= 60_000 for file in files)
    assert sum(entries_in(file.content) for file in files) == 400


def test_a_limit_that_cannot_be_kept_is_an_error_and_not_a_larger_file() -> None:
    with pytest.raises(ValueError, match="file"):
        written(municipality(*[source(f"Miejsce {n}") for n in range(400)]), largest=16_000)


def long_place(name: str = "Długa nazwa", *, note: str = "&" * 2000, services: int = 30) -> Source:
    """A place with as many services as the schema allows, each with notes as long as it allows."""
    codes = list(load_vocabulary().services)[:services]
    words = {"texts": {"pl": note}, "source": "pl"}
    more = [{"type": code, "cost": {"code": "free", "note": words}, "appointment": words} for code in codes]
    phone = {"kind": "phone", "value": "+48413676278"}
    return source(name, services=more, contacts=[phone])


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_entry_that_fills_a_file_is_shortened_and_says_where_all_of_it_is(language: str) -> None:
    place = long_place()
    files = written(municipality(place, source("Obok")), language)
    assert all(len(file.content) <= LARGEST for file in files)
    page = "".join(text_of(file.content) for file in files)
    assert "Długa nazwa" in page
    assert 'href="tel:+48413676278"' in page
    whole = f"https://pomapa.example/{language}/aid_points/{place.whole['id']}"
    assert f'<a href="{whole}">{whole.removeprefix("https://")}</a>' in page
    assert page.count("pomapa.example/" + language + "/aid_points/") == 2
    assert SHORTENED[language] in page
    assert "&amp;" * 100 not in page


SHORTENED = {
    "pl": "Skrócone, bo nie mieści się w tym pliku.",
    "uk": "Скорочено, бо не вміщується в цьому файлі.",
    "en": "Shortened, because it is too long for this file.",
    "de": "Gekürzt, weil es nicht in diese Datei passt.",
    "ro": "Prescurtat, pentru că nu încape în acest fișier.",
    "ru": "Сокращено, потому что не помещается в этом файле.",
}


def test_many_long_entries_stay_within_the_limit_and_nothing_more_is_promised() -> None:
    files = written(municipality(*[long_place(f"Punkt {n}") for n in range(400)]), "uk")
    assert all(len(file.content) <= LARGEST for file in files)
    assert sum(entries_in(file.content) for file in files) == 400
    assert len(files) > 1
    assert "дуже довгі записи скорочено" in text_of(files[0].content)
    assert "нічого не пропущено" not in text_of(files[0].content)


def test_texts_of_any_length_fit() -> None:
    endless = "&" * 200_000
    words = {"texts": {"pl": endless}, "source": "pl"}
    place = source(
        words,
        address={"street": endless, "city": endless, "entrance": words},
        contacts=[{"kind": "web", "value": f"https://example.org/{endless}", "label": words}] * 40,
        notices=[{"kind": "info", "text": words, "starts": "2026-11-22", "ends": "2026-11-30"}] * 40,
        organisation={"name": endless},
        hours="; ".join(
            f"2026 Nov {n} {h:02}:{m:02}-{h:02}:{m + 1:02}"
            for n in range(22, 31)
            for h in range(24)
            for m in range(0, 58, 2)
        ),
    )
    (file,) = written(municipality(place))
    assert len(file.content) <= LARGEST
    assert entries_in(file.content) == 1


def test_what_fits_is_not_shortened() -> None:
    place = long_place(note="Uwaga", services=8)
    (file,) = written(municipality(place))
    assert "Skrócone" not in text_of(file.content)
    assert text_of(file.content).count("Uwaga") == 16


def test_no_address_of_another_host_is_loaded_by_it() -> None:
    (file,) = written(municipality(source(website="https://example.org/")))
    page = text_of(file.content)
    assert not re.search(r"<(img|link|iframe|object|embed|script src|audio|video)", page)
    assert "url(" not in page
    assert "@import" not in page
    assert 'style="' not in page
    assert "unsafe" not in page


def test_the_policy_names_sheet_and_script_by_their_digests() -> None:
    import base64
    import hashlib

    page = text_of(written(municipality(source()))[0].content)
    sheet = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    script = re.search(r"<script>(.*?)</script>", page, re.DOTALL)
    assert sheet
    assert script
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy
    for part in (sheet, script):
        digest = base64.b64encode(hashlib.sha256(part[1].encode()).digest()).decode()
        assert digest in policy[1].replace("&#43;", "+")
    assert policy[1].startswith("default-src &#39;none&#39;")


def test_hostile_words_are_text() -> None:
    evil = "</li><script>window.hit=1</script>\"'><img src=x onerror=hit=1>"
    page = text_of(written(hostile_municipality(evil))[0].content)
    assert page.count("<script") == 1
    assert "<img" not in page
    assert "javascript:" not in page


def test_nothing_published_is_said() -> None:
    (file,) = written(municipality())
    assert "nic jeszcze nie opublikowano" in text_of(file.content)
    assert "<script>" not in text_of(file.content)


def test_a_protected_place_has_no_mark_and_no_address() -> None:
    place = source("Schronienie", disclosure="area", at=None, place={"area": {"code": "PL-2661011"}})
    page = text_of(written(municipality(place))[0].content)
    assert '<use href="#p-' not in page
    assert "Adres chroniony, Kielce" in page


def test_the_same_is_the_same_bytes() -> None:
    place = source()
    assert written(municipality(place)) == written(municipality(place))
