import datetime as dt
from collections import Counter
from typing import Any

import pytest

from app.i18n import LANGUAGES, translator
from app.pages.finder_question import LISTS, FinderQuestion
from app.pages.views.filter_panel import counted, sections
from app.pages.views.filter_tags import chips, tags
from app.pages.views.filter_words import moment_words
from app.taxonomy.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()


def panel(language: str = "en", **asked: Any) -> Counter[tuple[str, str]]:
    made = sections(FinderQuestion(**asked), VOCABULARY, translator(language))
    return Counter((row.name, row.value) for section in made for row in section.every_row())


NOW = dt.datetime(2026, 11, 24, 11, 30, tzinfo=dt.UTC)


def test_the_panel_offers_every_code_once_in_every_language() -> None:
    for language in LANGUAGES:
        rows = panel(language)
        assert set(rows.values()) == {1}
        offered = {name: {value for other, value in rows if other == name} for name in LISTS}
        assert set(VOCABULARY.audiences) == offered["audience"]
        assert set(VOCABULARY.languages) == offered["language"]
        assert set(VOCABULARY.access) == offered["access"]
        services = {s.code for s in VOCABULARY.services.values() if not s.retired}
        assert services | set(VOCABULARY.groups) <= offered["service"]


def test_every_row_can_match_something() -> None:
    for section in sections(FinderQuestion(), VOCABULARY, translator("en")):
        for row in section.every_row():
            assert row.choice.sql != "false", row


def test_a_set_language_is_seen_without_a_tap() -> None:
    made = sections(FinderQuestion(language=("lt",)), VOCABULARY, translator("en"))
    first = next(section for section in made if section.name == "language")
    assert "lt" in [row.value for row in first.rows]
    assert not any(fold.chosen for fold in first.folds)


def test_counts_are_filled_into_rows_and_folds() -> None:
    made = counted(
        sections(FinderQuestion(), VOCABULARY, translator("en")),
        lambda row: 999 + len(row.value[:2]),
        translator("en"),
    )
    assert {row.count_words for section in made for row in section.every_row()} == {"1,001"}


def test_chips_show_what_tags_do_not() -> None:
    asked = FinderQuestion(service=("family:food", "legal"), open_at="now", q="dom")
    on = [chip.words for chip in chips(asked, VOCABULARY, "en", "/en/", "Open now") if chip.on]
    assert on == ["Open now", "Food"]
    shown = tags(asked, VOCABULARY, translator("en"), "/en/", timezone="Europe/Warsaw", now=NOW)
    assert [tag.words for tag in shown] == ["“dom”", VOCABULARY.groups["legal"].names["en"]]


def test_another_moment_is_a_tag_in_local_time() -> None:
    asked = FinderQuestion(open_at="2026-12-24T17:00:00+00:00")
    (tag,) = tags(asked, VOCABULARY, translator("en"), "/en/", timezone="Europe/Warsaw", now=NOW)
    assert tag.words == "Open on Thursday, December\N{NO-BREAK SPACE}24 at\N{NO-BREAK SPACE}18:00"
    assert tag.href == "/en/"


@pytest.mark.parametrize(
    ("language", "saturday", "tuesday"),
    [
        ("pl", "Otwarte w_sobotę 28_listopada o_12:00", "Otwarte we wtorek 1_grudnia o_9:00"),
        ("uk", "Відчинено в_суботу, 28_листопада, о_12:00", "Відчинено у_вівторок, 1_грудня, о_9:00"),
        ("en", "Open on Saturday, November_28 at_12:00", "Open on Tuesday, December_1 at_9:00"),
        ("de", "Geöffnet am Samstag, 28._November, um_12:00", "Geöffnet am Dienstag, 1._Dezember, um_9:00"),
        ("ro", "Deschis sâmbătă, 28_noiembrie, la_12:00", "Deschis marți, 1_decembrie, la_9:00"),
        ("ru", "Открыто в_субботу, 28_ноября, в_12:00", "Открыто во вторник, 1_декабря, в_9:00"),
    ],
)
def test_another_day_is_told_with_the_day_of_the_week(language: str, saturday: str, tuesday: str) -> None:
    """A line ends neither within the date nor behind a word before an hour: there is no space for it where `_` stands."""
    for moment, words in (("2026-11-28T12:00", saturday), ("2026-12-01T09:00", tuesday)):
        shown = moment_words(moment, translator(language), "Europe/Warsaw", NOW)
        assert shown.replace("\N{NO-BREAK SPACE}", "_") == words
    today = moment_words("2026-11-24T18:00", translator(language), "Europe/Warsaw", NOW)
    assert (
        today.replace("\N{NO-BREAK SPACE}", "_")
        == {
            "pl": "Otwarte dziś o_18:00",
            "uk": "Відчинено сьогодні о_18:00",
            "en": "Open today at_18:00",
            "de": "Heute um_18:00 geöffnet",
            "ro": "Deschis azi la_18:00",
            "ru": "Открыто сегодня в_18:00",
        }[language]
    )


def test_in_so_many_minutes_is_a_tag_with_the_hour() -> None:
    def words(open_at: str, now: dt.datetime = NOW) -> str:
        (tag,) = tags(
            FinderQuestion(open_at=open_at),
            VOCABULARY,
            translator("en"),
            "/en/",
            timezone="Europe/Warsaw",
            now=now,
        )
        return tag.words

    assert words("PT120M") == "Open at\N{NO-BREAK SPACE}14:30"
    assert (
        words("PT120M", NOW + dt.timedelta(hours=10))
        == "Open on Wednesday, November\N{NO-BREAK SPACE}25 at\N{NO-BREAK SPACE}0:30"
    )


def test_no_tag_is_called_like_a_chip_that_asks_for_more() -> None:
    for language in LANGUAGES:
        asked = FinderQuestion(service=tuple(sorted(VOCABULARY.groups)))
        texts = translator(language)
        shown = tags(asked, VOCABULARY, texts, "/", timezone="Europe/Warsaw", now=NOW)
        called = {chip.words for chip in chips(asked, VOCABULARY, language, "/", texts.gettext("Open now"))}
        assert len({tag.words for tag in shown}) == len(VOCABULARY.groups)
        assert called.isdisjoint(tag.words for tag in shown), language
