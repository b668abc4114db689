import pytest

from app.features.hours_reading import read_hours


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("pn-pt 8-16", "Mo-Fr 08:00-16:00"),
        ("Mo-Fr 8-16", "Mo-Fr 08:00-16:00"),
        ("codziennie 9:00–17:00", "Mo-Su 09:00-17:00"),
        ("Пн-Пт 9-18", "Mo-Fr 09:00-18:00"),
        ("pon. - pt. 8.00 - 16.00, sob. 10-14", "Mo-Fr 08:00-16:00; Sa 10:00-14:00"),
        ("od poniedziałku do piątku w godz. 8:00-16:00", "Mo-Fr 08:00-16:00"),
        ("poniedziałek–piątek: 8⁰⁰–16⁰⁰", "Mo-Fr 08:00-16:00"),
        ("з понеділка по п’ятницю з 9 до 18", "Mo-Fr 09:00-18:00"),
        ("понедельник-пятница с 9:00 до 18:00, суббота 10-14", "Mo-Fr 09:00-18:00; Sa 10:00-14:00"),
        ("Luni-Vineri 9:00-17:00", "Mo-Fr 09:00-17:00"),
        ("Täglich 10–18 Uhr", "Mo-Su 10:00-18:00"),
        ("Mon-Fri 9am-5pm", "Mo-Fr 09:00-17:00"),
        (
            "pn, śr, pt 9-12 i 14-17; wt 12-20; weekend nieczynne",
            "Mo,We,Fr 09:00-12:00,14:00-17:00; Tu 12:00-20:00",
        ),
        ("pn-pt 8-16, święta nieczynne", "Mo-Fr 08:00-16:00; PH closed"),
        ("8-16 pn-pt, 10-14 sob", "Mo-Fr 08:00-16:00; Sa 10:00-14:00"),
        ("pn 8-18 wt-pt 7-15", "Mo 08:00-18:00; Tu-Fr 07:00-15:00"),
        ("pn-pt 22-6", "Mo-Fr 22:00-06:00"),
        ("całą dobę", "24/7"),
        ("цілодобово", "24/7"),
        ("24h", "24/7"),
        ("po umówieniu", '24/7 unknown "by appointment"'),
        ("за попереднім записом", '24/7 unknown "by appointment"'),
    ],
)
def test_what_people_write_becomes_a_suggestion(text: str, suggestion: str) -> None:
    reading = read_hours(text)
    assert reading == (None, suggestion, "hours_unreadable")


@pytest.mark.parametrize(
    "text",
    ["Mo-Fr 8-4", "so 8-12", "w każdy drugi wtorek 10-12", "26:00", "25:99", "always", "nieczynne", "🎉", "tel. 500",
     "pn-pt", "8", "pn 8-16 wt", "Mo-Fr 17"],
)  # fmt: skip
def test_nothing_is_guessed_where_several_things_may_be_meant(text: str) -> None:
    assert read_hours(text).suggestion is None


def test_an_expression_needs_no_suggestion() -> None:
    assert read_hours("Mo-Fr 08:00-16:00; PH off") == ("Mo-Fr 08:00-16:00; PH closed", None, None)
    assert read_hours("SH off") == (None, None, "hours_school_holidays")
