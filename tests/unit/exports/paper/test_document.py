"""The pages of a municipality on paper: complete, in six languages, and text whatever people wrote."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from fontTools.ttLib import TTFont

from app.exports.municipality.reading import Municipality
from app.exports.paper.document import Written, files_for
from app.exports.paper.document import written as pages_of
from app.exports.paper.press import pdf_of
from app.i18n import LANGUAGES
from app.taxonomy.vocabulary import load_vocabulary
from app.templating import Assets, Templates
from tests.municipality import SITE, hostile_municipality, municipality, reader, source
from tests.pdf import Claims, claims_of, links_of, opened, text_of

LOCALE = Path(__file__).resolve().parents[4] / "app" / "i18n" / "locale"
HOURS = "Mo-Fr 08:00-16:00; Sa 10:00-14:00"


def written(given: Municipality, language: str = "pl", *, most: int = 1000) -> list[Written]:
    return pages_of(given, reader(language), Templates(SITE), most=most)


def page_of(given: Municipality, language: str = "pl") -> str:
    (file,) = written(given, language)
    return file.page


def printed(given: Municipality, language: str = "pl") -> bytes:
    return pdf_of(page_of(given, language), files_for(Assets()))


def town() -> Municipality:
    """A place of which much is known, and one of which little is."""
    return municipality(
        source(
            {"texts": {"pl": "Jadłodajnia „Źródło”", "uk": "Їдальня «Джерело», ґанок"}, "source": "pl"},
            hours=HOURS,
            address={"street": "Żelazna", "house_number": "7", "postcode": "25-014", "city": "Kielce"},
            contacts=[
                {"kind": "phone", "value": "+48413676278"},
                {"kind": "web", "value": "https://example.org/jadlodajnia"},
            ],
            audience_mode="everyone",
            languages=["pl", "uk"],
            cost={"code": "free"},
            organisation={"name": "Fundacja Blisko"},
        ),
        source("Punkt porad", "legal_aid_free", family="law", at=None, channel="phone"),
    )


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "pl",
            [
                "Pomoc: Kielce", "świętokrzyskie", "Dane z dnia 22 listopada 2026", "Jadłodajnia „Źródło”", "ul. Żelazna 7",
                "41 367 62 78", "Poniedziałek–piątek 8:00–16:00", "Sobota 10:00–14:00", "Fundacja Blisko", "Wszyscy",
                "Punkt porad", "ukraiński", "W niebezpieczeństwie: 112", "example.org/jadlodajnia",
            ],
        ),
        (
            "uk",
            [
                "Допомога: Кельце", "Дані за 22 листопада 2026", "Їдальня «Джерело», ґанок", "Jadłodajnia „Źródło”",
                "Понеділок–пʼятниця 8:00–16:00", "41 367 62 78", "Якщо ви в небезпеці: 112", "польська",
            ],
        ),
    ],
)  # fmt: skip
def test_its_words_can_be_read_again(language: str, words: list[str]) -> None:
    made = printed(town(), language)
    text = text_of(made)
    for each in words:
        assert each in text, text
    assert claims_of(made) == Claims(language, words[0], tagged=True, accessible="1")


def test_each_page_says_of_which_day_it_is_and_which_it_is() -> None:
    made = printed(municipality(*[source(f"Miejsce {n}") for n in range(40)]))
    pages = opened(made).pages
    assert len(pages) > 3
    for number, page in enumerate(pages, 1):
        text = page.extract_text()
        assert "Dane z\N{NO-BREAK SPACE}dnia 22 listopada 2026" in text
        assert "Godziny otwarcia mogły się zmienić: najpierw zapytaj." in text
        assert f"{number} / {len(pages)}" in text
        assert [round(float(side) / 72 * 25.4) for side in page.mediabox[2:]] == [210, 297]
    assert sum(page.extract_text().count("Miejsce ") for page in pages) == 40


def test_the_list_of_contents_names_the_page() -> None:
    food = [source(f"Miejsce {n}") for n in range(40)]
    made = printed(municipality(*food, source("Apteka", "pharmacy", family="health")))
    reader = opened(made)
    bookmarks = [entry for entry in reader.outline if not isinstance(entry, list)]
    assert [str(entry.title) for entry in bookmarks] == [
        load_vocabulary().families[code].names["pl"] for code in ("food", "health")
    ]
    number = reader.get_destination_page_number(bookmarks[1])
    assert number is not None
    first = re.sub(r"\s+", " ", reader.pages[0].extract_text())
    assert f"1 {number + 1}" in first
    # What the two numbers are.
    assert "Ile Strona" in first


def test_it_leads_to_the_live_page_of_the_area_and_to_telephones() -> None:
    made = printed(town(), "uk")
    assert f"{SITE}/uk/?area=PL-2661011" in links_of(made)
    assert "tel:+48413676278" in links_of(made)
    page = page_of(town(), "uk")
    assert 'class="qr"' in page
    assert "<title>QR-код цієї адреси</title>" in page


def test_what_is_drawn_is_described_or_passed_over() -> None:
    # A drawing in the text without a title would be a figure of which nobody says what it is.
    page = page_of(town())
    assert page.count("<svg") == 2
    assert len(re.findall(r"<svg[^>]*><title>[^<]+</title>", page)) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_speaks_each_language(language: str) -> None:
    page = page_of(town(), language)
    assert f'<html lang="{language}"' in page
    assert ("Help:" in page) == (language == "en")
    assert "8:00–16:00" in page


def test_the_fonts_have_every_letter_of_the_six_languages() -> None:
    files = files_for(Assets())
    known = set()
    for name in ("latin", "latin-ext", "cyrillic"):
        path = Assets().path(f"fonts/{name}.woff2")
        assert path.read_bytes() == files[f"{name}.woff2"]
        with TTFont(path) as font:
            known |= set(font.getBestCmap())
    for language in LANGUAGES:
        with (LOCALE / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
            texts = "".join(str(message.string or message.id) for message in read_po(file) if message.id)
        letters = {sign for sign in texts if sign.isalpha()}
        assert letters <= {chr(code) for code in known}, language
    assert set("ĄĆĘŁŃÓŚŹŻąćęłńóśźżȘșȚțĂăÂâÎîÄÖÜßäöüҐґЄєІіЇїЁёЪъЫы„”«»–") <= {chr(code) for code in known}


def test_no_two_files_of_the_font_have_one_name() -> None:
    page = page_of(municipality())
    families = re.findall(r'@font-face \{ font-family: "([^"]+)"', page)
    assert len(families) == len(set(families)) == 3


def test_hostile_words_are_text() -> None:
    evil = "</style></article><script>x</script>\"'><img src=http://x.example/a.png onerror=x>"
    given = hostile_municipality(evil)
    page = page_of(given)
    assert "<script" not in page
    assert "<img" not in page
    assert page.count("</style>") == 1
    # Were anything of it markup, the press would have been asked for a picture.
    made = printed(given)
    assert "<img src=http://x.example/a.png" in text_of(made)
    assert not any(link.startswith(("javascript:", "file:")) for link in links_of(made))


def test_a_protected_place_has_no_mark_and_no_address() -> None:
    place = source("Schronienie", disclosure="area", at=None, place={"area": {"code": "PL-2661011"}})
    page = page_of(municipality(place))
    assert "<use " not in page
    assert "Adres chroniony, Kielce" in page


def test_it_says_what_the_file_without_internet_says() -> None:
    from tests.municipality import written as files

    def words(html: str) -> set[str]:
        body = re.sub(r"<(style|script|svg|head)\b.*?</\1>", " ", html, flags=re.DOTALL)
        return set(re.sub(r"<[^>]+>", " ", body).split())

    (file,) = files(town())
    entries = file.content.decode().split('<div id="list">')[1].split("</main>")[0]
    # What stands between two ways to reach it is a new line on paper.
    assert words(entries) - {"·"} <= words(page_of(town()))


def test_more_than_one_file_holds_is_put_into_several() -> None:
    places = [source(f"Miejsce {n:03}", family=family) for family in ("food", "health") for n in range(60)]
    files = written(municipality(*places), most=50)
    assert [file.part for file in files] == ["", "2", "3"]
    assert [file.page.count("<article ") for file in files] == [50, 50, 20]
    for number, file in enumerate(files, 1):
        assert f"<title>Pomoc: Kielce, plik {number} z 3</title>" in file.page
        for part in ("offline.pdf", "offline-2.pdf", "offline-3.pdf"):
            assert f"{SITE}/pl/area/PL-2661011/{part}" in file.page


def test_an_endless_entry_is_shortened_and_says_where_all_of_it_is() -> None:
    words = {"texts": {"pl": "& " * 1000}, "source": "pl"}
    codes = list(load_vocabulary().services)[:30]
    more = [{"type": code, "cost": {"code": "free", "note": words}} for code in codes]
    place = source("Długa nazwa", services=more, contacts=[{"kind": "phone", "value": "+48413676278"}])
    page = page_of(municipality(place))
    assert "Skrócone" in page
    assert f"{SITE}/pl/aid_points/{place.whole['id']}" in page
    assert 'href="tel:+48413676278"' in page
    assert len(page) < 60_000


def test_nothing_published_is_said() -> None:
    made = printed(municipality(outline=None, boundary_source=""))
    assert "nic jeszcze nie opublikowano" in text_of(made)
    assert len(opened(made).pages) == 1
