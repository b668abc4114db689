"""The words themselves: what a person reads must be there, tidy, and in the letters of its language."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.i18n import LANGUAGES
from app.taxonomy.mappings import LeftOut, load_mappings
from app.taxonomy.reading import read_file
from app.taxonomy.terms import Term
from app.taxonomy.vocabulary import Vocabulary

ICONS = Path(__file__).parents[3] / "node_modules" / "lucide-static" / "icons"
CYRILLIC = re.compile(r"[\u0400-\u04ff]")
LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
#: Letters that a language does not have: a wrong keyboard, or the neighbour's word.
FOREIGN = {"uk": "ыэъёЫЭЪЁ", "ru": "іїєґІЇЄҐ", "ro": "şţŞŢ", "pl": "qvQVxX"}
#: Names and abbreviations that Polish writes with letters which it otherwise lacks.
NOT_POLISH = re.compile(r"\b(HIV|CV|COVID)\b")
#: No icon for these kinds: they are headings, measures or numbers.
WITHOUT_ICON = {"access_group", "language", "legal_form", "identifier", "urgency", "next_step"}
#: Words that keep their capital inside a name, besides those written in capitals only.
PROPER = {
    *("PrEP", "International", "Polish", "Ukrainian", "Sign", "Roma", "Romanian", "German", "Braille"),
    *("Ukraine", "Ukrainy", "Ucraina", "України", "Україні", "Украины", "Брайля", "Registrul"),
}
#: Begin with a small letter where the language writes them so.
SMALL_FIRST = {"language"}


def texts(vocabulary: Vocabulary) -> Iterator[tuple[str, str, str]]:
    """Everything a person may read: where, language, text."""
    for term in vocabulary.terms():
        for field in ("names", "short", "descriptions"):
            for language, text in getattr(term, field, {}).items():
                yield f"{term.kind} {term.code} {field}", language, text


def search_words(vocabulary: Vocabulary) -> Iterator[tuple[str, str, str]]:
    for service in vocabulary.services.values():
        for language, words in service.synonyms.items():
            for word in words:
                yield f"service {service.code} synonyms", language, word


def test_every_term_has_a_name_in_six_languages(vocabulary: Vocabulary) -> None:
    wrong = [
        (term.kind, term.code)
        for term in vocabulary.terms()
        if set(term.names) != set(LANGUAGES) or not all(term.names.values())
    ]
    assert not wrong


def test_there_are_as_many_as_we_began_with(vocabulary: Vocabulary) -> None:
    counts = Counter(term.kind for term in vocabulary.terms())
    least = {"family": 6, "group": 14, "service": 120, "audience": 44, "access": 52, "language": 60}
    least |= {"sector": 8, "legal_form": 56, "identifier": 13, "theme": 8, "resource": 34, "purpose": 9}
    least |= {"report_reason": 21, "closure_reason": 15, "verification_method": 11}
    assert {kind: counts[kind] for kind, least_of in least.items() if counts[kind] < least_of} == {}


def test_services_are_described_in_three_languages_and_shortly(vocabulary: Vocabulary) -> None:
    for service in vocabulary.services.values():
        assert set(service.descriptions) >= {"pl", "uk", "en"}, service.code
        assert max(map(len, service.descriptions.values())) <= 130, service.code


def test_texts_are_tidy(vocabulary: Vocabulary) -> None:
    wrong = [
        found
        for found in (*texts(vocabulary), *search_words(vocabulary))
        if not found[2] or found[2] != " ".join(found[2].split()) or found[2][-1] in ".,;:!?…"
    ]
    assert not wrong


def test_texts_begin_with_a_capital(vocabulary: Vocabulary) -> None:
    wrong = [
        (where, text)
        for where, _, text in texts(vocabulary)
        if where.split()[0] not in SMALL_FIRST and text[0].isalpha() and not text[0].isupper()
    ]
    assert not wrong


def test_names_are_in_sentence_case(vocabulary: Vocabulary) -> None:
    wrong = [
        (term.kind, term.code, word)
        for term in vocabulary.terms()
        # German nouns begin with a capital anyway; names of languages have their own rule.
        for language in set(LANGUAGES) - {"de"}
        if term.kind not in SMALL_FIRST | {"next_step"}
        for word in re.findall(r"[^\W\d_]+", term.names[language])[1:]
        if word[0].isupper() and not word.isupper() and word not in PROPER
    ]
    assert not wrong


def test_cyrillic_languages_write_the_typographic_apostrophe(vocabulary: Vocabulary) -> None:
    wrong = [
        (where, text)
        for where, language, text in (*texts(vocabulary), *search_words(vocabulary))
        if language in ("uk", "ru") and re.search("['ʼ`´‘]", text)
    ]
    assert not wrong


def test_no_word_mixes_latin_and_cyrillic_letters(vocabulary: Vocabulary) -> None:
    wrong = [
        (where, word)
        for where, _, text in (*texts(vocabulary), *search_words(vocabulary))
        # An ending after a hyphen (SIM-карта) or a domain (Дія.pl) is another word.
        for word in re.findall(r"[^\W\d_]+", text)
        if CYRILLIC.search(word) and LATIN.search(word)
    ]
    assert not wrong


def test_a_text_is_in_the_script_of_its_language(vocabulary: Vocabulary) -> None:
    for where, language, text in texts(vocabulary):
        if language in ("uk", "ru"):
            assert CYRILLIC.search(text), (where, text)
        else:
            assert not CYRILLIC.search(text), (where, text)


def test_no_text_has_letters_of_the_neighbouring_language(vocabulary: Vocabulary) -> None:
    wrong = [
        (where, text)
        for where, language, text in texts(vocabulary)
        if set(FOREIGN.get(language, "")) & set(NOT_POLISH.sub("", text) if language == "pl" else text)
    ]
    assert not wrong
    assert not [
        (where, text)
        for where, language, text in search_words(vocabulary)
        if language in ("uk", "ru", "ro") and set(FOREIGN[language]) & set(text)
    ]


def test_two_terms_of_a_kind_never_share_a_name(vocabulary: Vocabulary) -> None:
    for table in vocabulary.tables():
        for language in LANGUAGES:
            # Legal forms repeat between countries: a foundation is a foundation.
            counts = Counter(
                term.names[language].casefold() for term in table.values() if term.kind != "legal_form"
            )
            assert not [name for name, number in counts.items() if number > 1]


def test_terms_have_the_icons_that_they_need(vocabulary: Vocabulary) -> None:
    wrong = [
        (term.kind, term.code)
        for term in vocabulary.terms()
        if bool(term.icon) is (term.kind in WITHOUT_ICON)
    ]
    assert not wrong


def test_every_icon_exists(vocabulary: Vocabulary) -> None:
    if not ICONS.is_dir():
        pytest.skip("lucide-static is not installed (node_modules)")
    known = {path.stem for path in ICONS.glob("*.svg")}
    assert {term.icon for term in vocabulary.terms() if term.icon} <= known


def test_help_after_violence_never_shows_a_shield_or_a_siren(vocabulary: Vocabulary) -> None:
    codes = ("violence_support", "violence_shelter", "safe_house", "trafficking_support")
    shown: list[Term] = [vocabulary.services[code] for code in codes]
    shown += [vocabulary.groups["safety"], vocabulary.audiences["violence_victims"]]
    assert {term.icon for term in shown} == {"message-circle"}


def test_every_service_has_search_words_half_life_family_and_a_kind_of_offer(vocabulary: Vocabulary) -> None:
    for service in vocabulary.services.values():
        assert set(service.synonyms) == set(LANGUAGES), service.code
        assert all(3 <= len(words) <= 17 for words in service.synonyms.values()), service.code
        assert 1 <= service.half_life_days <= 3650, service.code
        assert service.family in vocabulary.families, service.code
        assert service.offer in {"goods", "service", "place"}, service.code


def test_crisis_services_are_those_of_the_crisis_group(vocabulary: Vocabulary) -> None:
    assert {s.code for s in vocabulary.services.values() if s.crisis} == {
        s.code for s in vocabulary.services_in("crisis")
    }


def test_sensitive_services_start_protected_and_only_they(vocabulary: Vocabulary) -> None:
    for service in vocabulary.services.values():
        assert service.sensitive is (service.default_disclosure != "exact"), service.code
    protected = {s.code: s.default_disclosure for s in vocabulary.services.values() if s.sensitive}
    assert protected == {
        "violence_shelter": "contact_only",
        "safe_house": "contact_only",
        "trafficking_support": "contact_only",
        "mother_and_child_home": "area",
        "supported_housing": "area",
    }


def test_every_group_has_services_and_every_family_groups(vocabulary: Vocabulary) -> None:
    assert all(vocabulary.services_in(group) for group in vocabulary.groups)
    assert {group.family for group in vocabulary.groups.values()} == set(vocabulary.families)


def test_group_colours_are_readable_on_white(vocabulary: Vocabulary) -> None:
    for group in vocabulary.groups.values():
        assert 1.05 / (_luminance(group.colour) + 0.05) >= 4.5, group.code


def test_every_service_names_its_words_in_other_taxonomies_or_says_that_there_are_none() -> None:
    for entry in read_file("services.toml")["service"]:
        assert {"osm", "open_eligibility", "schema_org"} <= set(entry), entry["code"]
        assert bool(entry["open_eligibility"]) is bool(entry.get("open_eligibility_id")), entry["code"]


def test_every_word_left_out_says_why() -> None:
    reasons = [
        outcome.reason
        for table in load_mappings().outcomes.values()
        for outcome in table.values()
        if isinstance(outcome, LeftOut)
    ]
    assert reasons
    assert all(len(reason) > 10 for reason in reasons)


def test_languages_are_bcp_47_with_a_direction(vocabulary: Vocabulary) -> None:
    for language in vocabulary.languages.values():
        assert re.fullmatch(r"[a-z]{2,3}", language.code)
        assert language.direction in {"ltr", "rtl"}
        assert language.endonym
    assert {code for code, language in vocabulary.languages.items() if language.interface} == set(LANGUAGES)


def test_trust_falls_between_nothing_and_certainty(vocabulary: Vocabulary) -> None:
    assert all(0 <= method.trust <= 1 for method in vocabulary.verification_methods.values())
    assert vocabulary.verification_methods["not_verified"].trust == 0


def _luminance(colour: str) -> float:
    def linear(value: int) -> float:
        share = value / 255
        return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)

    red, green, blue = (linear(int(colour[at : at + 2], 16)) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
