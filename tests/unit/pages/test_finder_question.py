from app.pages.finder_question import FinderQuestion, finder_question


def test_the_plain_question_has_no_query() -> None:
    assert FinderQuestion().href("/pl/") == "/pl/"


def test_one_question_has_one_address() -> None:
    one = finder_question(service=("hot_meals", "drinks", "hot_meals"), q="  ciepły   obiad ", page=1)
    other = finder_question(service=("drinks", "hot_meals"), q="ciepły obiad")
    assert one == other
    assert one.query() == "q=ciep%C5%82y%20obiad&service=drinks,hot_meals"


def test_signs_are_written_as_browsers_write_them() -> None:
    # encodeURIComponent("family:food (a)'!*~") with commas left as they are
    assert FinderQuestion(q="family:food (a)'!*~,").query() == "q=family%3Afood%20(a)'!*~,"


def test_a_value_is_toggled_from_the_first_page() -> None:
    asked = FinderQuestion(service=("family:food",), page=3)
    assert asked.toggled("service", "family:law").service == ("family:food", "family:law")
    assert asked.toggled("service", "family:food") == FinderQuestion()
    assert asked.toggled("open_at", "now").open_at == "now"
    assert asked.toggled("open_at", "now").page == 1


def test_without_filters_place_and_order_stay() -> None:
    asked = FinderQuestion(q="x", service=("drinks",), open_at="now", place="geonames:1", sort="name")
    assert asked.bare() == FinderQuestion(place="geonames:1", sort="name")


def test_forms_carry_on_what_they_do_not_ask() -> None:
    asked = FinderQuestion(q="x", service=("drinks", "laundry"), as_text="text", page=2)
    assert asked.hidden("q") == [("as", "text"), ("service", "drinks,laundry")]
