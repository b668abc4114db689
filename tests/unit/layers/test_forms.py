"""The forms of the layers: what is typed becomes a content, and a content becomes what would be typed."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import InvalidInput
from app.features.content import Content
from app.forms import Answers, Form
from app.i18n import LANGUAGES, translator
from app.layers.aid_points.content import AidPoint
from app.layers.aid_points.form import aid_point_form
from app.layers.organisations.content import Organisation
from app.layers.organisations.form import organisation_form
from app.taxonomy.vocabulary import load_vocabulary

AID_POINT = aid_point_form(("PL",))
ORGANISATION = organisation_form(("PL",))
VOCABULARY = load_vocabulary()

WORDS = st.sampled_from(
    ["Jadłodajnia „Pod Lipą”", "Їдальня «Тепло»", "Kitchen <b>&", "Cantină ș ț", "=1+1", "{{7*7}}"]
)
EVERYWHERE = st.sampled_from(["pl", "uk", "en", "de", "ro", "ru"])


def codes(table: str, *, most: int = 4, group: str | None = None) -> st.SearchStrategy[list[str]]:
    terms = getattr(VOCABULARY, table)
    known = [
        code for code, term in terms.items() if not term.retired and (group is None or term.group == group)
    ]
    return st.lists(st.sampled_from(known), max_size=most, unique=True)


@st.composite
def aid_points(draw: st.DrawFn) -> dict[str, Any]:
    """A content as the form can make it, in one language."""
    language = draw(EVERYWHERE)

    def text(words: str) -> dict[str, Any]:
        return {"texts": {language: words}, "source": language}

    open_services = [
        c for c, s in VOCABULARY.services.items() if s.default_disclosure == "exact" and not s.retired
    ]
    services = draw(st.lists(st.sampled_from(open_services), min_size=1, max_size=4, unique=True))
    # One may be the most important; the others stand in the vocabulary's order.
    first, *rest = services
    ordered = [first, *(code for code in VOCABULARY.services if code in rest)]
    mode = draw(st.sampled_from(["everyone", "preferred", "only"]))
    hours = draw(
        st.sampled_from(
            ["", "24/7", '24/7 unknown "by appointment"', "Mo-Fr 08:00-16:00; PH closed",
             "Mo,We 20:00-02:00; Sa 09:00-12:00,13:00-17:00; PH closed", "Mo-Su 10:00-18:00; PH 12:00-14:00",
             "week 01-53/2 Tu 10:00-12:00", 'Mo 10:00-12:00; 2026 Dec 24 closed "Wigilia"']
        )
    )  # fmt: skip
    data: dict[str, Any] = {
        "name": text(draw(WORDS)),
        "services": [
            {"type": code, **({"description": text("Zupa")} if draw(st.booleans()) else {})}
            for code in ordered
        ],
        "channel": "on_site",
        "hours": hours,
        "audience_mode": mode,
        "audiences": [] if mode == "everyone" else ["refugees", "homeless"],
        "languages": draw(codes("languages")),
        "documents": draw(codes("access", group="documents")),
        "access": draw(codes("access", group="entry")),
        "place": {"disclosure": "exact", "position": {"lng": 20.6286, "lat": 50.8661}},
        "address": {"city": "Kielce", "street": draw(WORDS), "postcode": "25-502"},
        "accessibility": {"step_free": draw(st.sampled_from(["yes", "limited", "no", "unknown"]))},
        "contacts": draw(
            st.lists(
                st.sampled_from(
                    [
                        {"kind": "phone", "value": "+48415550123", "label": text("Recepcja")},
                        {"kind": "phone", "value": "+48415550124", "visibility": "partners"},
                    ]
                ),
                max_size=5,
            )
        ),
    }
    if draw(st.booleans()):
        data["cost"] = {"code": "paid", "amount": draw(st.integers(0, 9999)) / 100, "currency": "PLN"}
    if draw(st.booleans()):
        data["contacts"] = [
            *data["contacts"],
            {"kind": "email", "value": "a@b.pl", "visibility": "partners", "person": "Anna"},
        ]
    return data


def through(form: Form, content: type[Content], answers: Answers) -> Content:
    reading = form.read(answers, "en")
    assert reading.problems == []
    return content.read({key: value for key, value in reading.data.items() if key != "submitter"})


@given(aid_points())
def test_a_content_written_into_the_form_and_read_again_is_the_same(data: dict[str, Any]) -> None:
    content = AidPoint.read(data)
    answers = AID_POINT.write(content.to_dict())
    assert through(AID_POINT, AidPoint, answers) == content
    # The page sends every answer back as it is, from any step.
    for at in range(1, len(AID_POINT.steps) + 1):
        step = AID_POINT.steps[at - 1]
        here = [(name, value) for name, value in answers.pairs() if step.owns(name)]
        again = AID_POINT.answers([*AID_POINT.carried(answers, at), *here])
        assert again.lists == answers.lists


def test_an_organisation_written_into_the_form_and_read_again_is_the_same() -> None:
    content = Organisation.read(
        {
            "name": {"texts": {"pl": "Fundacja"}, "source": "pl"},
            "sector": "ngo",
            "legal_form": "foundation",
            "identifiers": {"nip": "5260250274"},
            "languages": ["pl", "uk"],
            "contacts": [{"kind": "email", "value": "a@b.pl"}, {"kind": "web", "value": "https://b.pl/"}],
            "people": [
                {"name": "Anna", "role": {"texts": {"pl": "prezeska"}, "source": "pl"}, "email": "c@b.pl"}
            ],
            "place": {"position": {"lng": 20.6286, "lat": 50.8661}},
            "address": {"city": "Kielce"},
        }
    )
    assert through(ORGANISATION, Organisation, ORGANISATION.write(content.to_dict())) == content


@pytest.mark.parametrize("form", [AID_POINT, ORGANISATION])
@given(st.lists(st.tuples(st.text(max_size=30), st.text(max_size=60)), max_size=30))
def test_whatever_is_sent_is_an_answer_a_problem_or_refused(form: Form, pairs: list[tuple[str, str]]) -> None:
    _survives(form, pairs)


NAMES = sorted(
    {name for form in (AID_POINT, ORGANISATION) for field in form.fields for name in (field.name, field.id)}
    | {f"hours.{d}.{i}.{p}" for d in range(9) for i in range(5) for p in ("from", "to", "next")}
    | {"hours.kind", "hours.holidays", "hours.0.on", "hours.2.on", "hours.text", "hours.otherwise", "phones.0.value"}
    | {"phones.99.value", "phones.01.value", "phones.-1.value", "phones.0", "people.3.name", "service.hot_meals.hours"}
    | {"service.hot_meals.description", "service..hours", "service.nothing.hours", "area.code", "area.name", "person.phone"}
)  # fmt: skip
VALUES = st.one_of(
    st.sampled_from(["fixed", "always", "text", "own", "1", "hot_meals", "violence_shelter", "phone", "exact", "area",
                     "paid", "only", "9:00", "25:00", "24:00", "0", "50.87, 20.63", "20.63, 50.87", "637000, 487000",
                     "1e999", "-1", "NaN", "1,5", "٣", "²", "x" * 5000]),
    st.text(max_size=40),
)  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=40, unique_by=lambda pair: pair[0]))
def test_whatever_is_sent_under_our_own_names_is_an_answer_or_a_problem(pairs: list[tuple[str, str]]) -> None:
    for form in (AID_POINT, ORGANISATION):
        _survives(form, pairs)


def _survives(form: Form, pairs: list[tuple[str, str]]) -> None:
    try:
        answers = form.answers(pairs)
    except InvalidInput:
        return
    reading = form.read(answers, "pl")
    content = AidPoint if form is AID_POINT else Organisation
    try:
        content.read({key: value for key, value in reading.data.items() if key != "submitter"})
    except InvalidInput as error:
        for problem in reading.at_inputs(error.problems):
            assert problem.path == "" or form.field_of(problem.path) is not None
    for problem in reading.problems:
        assert form.field_of(problem.path) is not None
    for field in form.fields:
        if field.shown(answers):
            field.told(answers, translator("pl"))


SENSITIVE = [code for code, service in VOCABULARY.services.items() if service.default_disclosure != "exact"]


@pytest.mark.parametrize("service", SENSITIVE)
def test_of_a_protected_place_neither_street_nor_pin_survive_the_first_reading(service: str) -> None:
    answers = AID_POINT.answers(
        [
            ("services", service),
            ("services", "hot_meals"),
            ("disclosure", "exact"),
            ("address.street", "Tajna"),
            ("address.entrance", "od podwórka"),
            ("position", "50.87, 20.63"),
        ]
    )
    assert "Tajna" not in str(answers)
    assert "50.87" not in str(answers)
    data = AID_POINT.read(answers, "pl").data
    assert data["place"]["disclosure"] == VOCABULARY.services[service].default_disclosure
    assert "address" not in data


def test_a_stricter_tier_than_the_services_demand_may_be_chosen() -> None:
    answers = AID_POINT.answers([("services", "supported_housing"), ("disclosure", "contact_only")])
    assert AID_POINT.read(answers, "pl").data["place"]["disclosure"] == "contact_only"


@pytest.mark.parametrize(
    ("path", "name"),
    [("services.0.description", "service.hot_meals.description"), ("contacts.0.value", "phones.2.value"),
     ("contacts.1.value", "emails.0.value"), ("address.postcode", "address.postcode"), ("place", "disclosure"),
     ("name.texts.pl", "name"), ("hours", "hours.kind")],
)  # fmt: skip
def test_a_problem_of_the_content_finds_the_input_it_came_from(path: str, name: str) -> None:
    from app.errors import FieldProblem

    answers = AID_POINT.answers(
        [
            ("name", "x"),
            ("services", "hot_meals"),
            ("service.hot_meals.description", "y"),
            ("phones.0.value", " "),
            ("phones.2.value", "abc"),
            ("emails.0.value", "abc"),
            ("address.postcode", "1"),
            ("hours.kind", "always"),
        ]
    )
    (problem,) = AID_POINT.read(answers, "pl").at_inputs([FieldProblem(path, "x", "x")])
    assert problem.path == name


def test_hours_as_people_write_them_are_shown_before_they_count() -> None:
    answers = AID_POINT.answers([("services", "hot_meals"), ("service.hot_meals.hours", "pn-pt 8-16")])
    reading = AID_POINT.read(answers, "pl")
    assert reading.suggestions == {"service.hot_meals.hours": "Mo-Fr 08:00-16:00"}
    assert "hours_guessed" in {problem.code for problem in reading.problems}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_has_words_in_every_language(language: str) -> None:
    texts = translator(language)
    for form in (AID_POINT, ORGANISATION):
        for field in form.fields:
            assert field.kind == "service_details" or field.label_of(field.name, texts)


def test_names_of_inputs_belong_to_one_field_each() -> None:
    for form in (AID_POINT, ORGANISATION):
        for name in NAMES:
            assert sum(field.owns(name) for field in form.fields) <= 1, name
