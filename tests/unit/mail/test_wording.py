"""Words of letters: text and names in braces. Nothing of what somebody types is ever evaluated."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import InvalidInput
from app.i18n import LANGUAGES
from app.mail import wording as words
from app.mail.letter_kinds import KINDS, kind_of
from app.mail.message import SEVEN_BIT, Letter, compose
from app.mail.trial import products_words, sample_letter, sample_values
from app.mail.wording import Wording, fill, leads_elsewhere, read_wording
from app.templating import Templates
from app.templating.environment import TEMPLATES

OURS = "https://pomapa.example"
SIGN_IN, REJECTED = KINDS["sign_in"], KINDS["rejected"]
GOOD = "Dzień dobry,\n\n{link}\n\nDziała {minutes} minut."
REASONS = "O „{name}”:\n\n{reason}\n\nModerator pisze: {note}\n\n{status}"


@pytest.fixture(scope="module")
def templates() -> Templates:
    return Templates(OURS)


def wrong(body: str, subject: str = "Wejście", kind: str = "sign_in") -> dict[str, str]:
    with pytest.raises(InvalidInput) as refused:
        read_wording(KINDS[kind], subject, body)
    return {problem.path: problem.message for problem in refused.value.problems}


def test_every_mail_of_the_program_is_a_letter_with_words() -> None:
    mails = {path.stem for path in (TEMPLATES / "mail").glob("*.txt")} - {"base", "worded"}
    assert {kind.template for kind in KINDS.values()} == mails


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", KINDS)
def test_the_programs_own_words_are_words_that_may_be_kept(
    templates: Templates, key: str, language: str
) -> None:
    kind = KINDS[key]
    own = products_words(templates, kind, language)
    assert read_wording(kind, own.subject, own.body) == own
    values = sample_values(kind, OURS, language)
    assert kind_of(kind.template, values) == kind
    subject, plain, html = sample_letter(templates, kind, own, language)
    for one in kind.placeholders:
        assert f"{{{one.name}}}" not in subject + plain + html
        if one.required and values[one.name]:
            assert str(values[one.name]) in plain
    # What stands under every mail, and what warns, is there in other words as well.
    _, as_it_was, _ = templates.mail(kind.template, language, values)
    assert plain.rpartition("--")[2] == as_it_was.rpartition("--")[2]


@pytest.mark.parametrize(
    "attack",
    [
        "{{ 7*7 }}",
        "{{7*7}}",
        "{{ link }}",
        "{% for x in range(9) %}x{% endfor %}",
        "{# hush #}",
        "{link.__class__}",
        "{link!r}",
        "{link:>9999}",
        "{0}",
        "{}",
        "{",
        "}",
        "{secret_key}",
        "{Link}",
        "{ link }",
        "{{link}}",
    ],
)
def test_nothing_in_braces_is_taken_but_what_the_letter_knows(attack: str) -> None:
    assert wrong(f"{GOOD}\n\n{attack}") == {"body": words.BRACES}
    assert wrong(GOOD, f"Wejście {attack}")["subject"] in {words.BRACES, words.NOT_IN_SUBJECT}


def test_what_looks_like_another_language_of_templates_is_text(templates: Templates) -> None:
    odd = "%(link)s %s $link ${link} <b>7*7</b> &amp; <script>alert(1)</script>".replace("${link}", "$ x")
    kept = read_wording(SIGN_IN, "50 % %(link)s", f"{GOOD}\n\n{odd}")
    subject, plain, html = sample_letter(templates, SIGN_IN, kept, "pl")
    assert subject == "50 % %(link)s"
    assert odd in plain
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_values_are_text_whatever_they_hold() -> None:
    values = {
        "name": "{reason} {{ 7*7 }}",
        "reason": "{status}",
        "note": "{name.__class__}",
        "status": f"{OURS}/x",
    }
    worded = fill(REJECTED, Wording("{name}", REASONS), values, "pl")
    assert worded.subject == "{reason} {{ 7*7 }}"
    text = ["".join(piece.text for piece in paragraph) for paragraph in worded.paragraphs]
    assert text == ["O „{reason} {{ 7*7 }}”:", "{status}", "Moderator pisze: {name.__class__}", f"{OURS}/x"]


@pytest.mark.parametrize(
    ("kind", "body", "left_out"),
    [
        ("sign_in", GOOD, "{link}"),
        ("sign_in", GOOD, "{minutes}"),
        ("rejected", REASONS, "{reason}"),
        ("rejected", REASONS, "{note}"),
        ("rejected_change", REASONS, "{reason}"),
        ("confirm_submission", "{confirm}", "{confirm}"),
        ("question", "{question}\n\n{status}", "{question}"),
    ],
)
def test_a_letter_cannot_lose_what_it_is_for(kind: str, body: str, left_out: str) -> None:
    read_wording(KINDS[kind], "Temat", body)
    assert wrong(f"Dobry. {body}".replace(left_out, "coś"), "Temat", kind) == {"body": words.LEFT_OUT}


@pytest.mark.parametrize("key", ["admin_seated", "admin_unseated", "mail_servers_changed", "app_connected", "codes_renewed", "passkey_added", "passkey_removed", "identity_connected", "opening_asked", "sign_in", "claim_code"])  # fmt: skip
def test_a_letter_about_security_keeps_its_warning_whatever_its_words_are(
    templates: Templates, key: str
) -> None:
    kind = KINDS[key]
    body = "\n\n".join(f"{{{one.name}}}" for one in kind.placeholders)
    for language in LANGUAGES:
        _, plain, html = sample_letter(templates, kind, Wording("x", body), language)
        values = sample_values(kind, OURS, language)
        under = templates.mail(kind.template, language, values)[1].rpartition("--")[2]
        assert plain.endswith(under)
        fixed = fill(kind, Wording("x", body), values, language).fixed
        assert bool(fixed) is bool(kind.fixed)
        for sentence in fixed:
            assert sentence in plain
            assert sentence in html.replace("&#39;", "'")
    assert kind.fixed or key == "sign_in"


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/x", "HTTP://evil.example", "www.evil.example", "evil.example/login", "evil.com",
        "mailto:a@evil.example", "a@evil.example", "javascript:alert(1)", "//x.evil.com", "ftp://evil.example", "зло.укр",
    ],
)  # fmt: skip
def test_no_link_stands_in_a_letter_but_where_a_placeholder_puts_it(link: str) -> None:
    assert wrong(f"{GOOD} Zobacz {link}") == {"body": words.NO_LINKS}
    assert wrong(GOOD, f"Zobacz {link}") == {"subject": words.NO_LINKS}


@pytest.mark.parametrize("glued", ["{link}/../x", "{link}?x=1", "a{link}", "{link}@x", "{link}.", "({link})"])
def test_nothing_becomes_a_part_of_a_link(glued: str) -> None:
    assert wrong(f"{glued} {{minutes}}")["body"] in {words.GLUED, words.NO_LINKS}


@pytest.mark.parametrize("name", ["link", "reason"])
def test_no_subject_names_a_secret_link_or_what_somebody_wrote(name: str) -> None:
    kind = "sign_in" if name == "link" else "rejected"
    body = GOOD if name == "link" else REASONS
    assert wrong(body, f"Oto {{{name}}}", kind) == {"subject": words.NOT_IN_SUBJECT}


@pytest.mark.parametrize("sign", ["\r\n", "\n", "\r", "\x00", "\u2028", "\x0b", "\u202e", "\x85"])
def test_a_subject_opens_no_other_header(sign: str) -> None:
    assert wrong(GOOD, f"Temat{sign}Bcc: a") == {"subject": words.SUBJECT_BREAKS}
    values = {"name": f"A{sign}Bcc: victim", "reason": "x", "note": "", "status": f"{OURS}/x"}
    worded = fill(REJECTED, Wording("O {name}", REASONS), values, "pl")
    assert "\n" not in worded.subject
    assert "\r" not in worded.subject


def test_a_paragraph_of_what_is_empty_is_left_out() -> None:
    values = {"name": "x", "reason": "Bo tak.", "note": "", "status": f"{OURS}/x"}
    worded = fill(REJECTED, Wording("x", REASONS), values, "pl")
    text = ["".join(piece.text for piece in paragraph) for paragraph in worded.paragraphs]
    assert text == ["O „x”:", "Bo tak.", f"{OURS}/x"]


def test_lines_of_a_mail_are_short_however_long_its_paragraphs_are(templates: Templates) -> None:
    import uuid

    body = GOOD + "\n\n" + "ż" * words.LONGEST_LINE
    subject, plain, html = sample_letter(templates, SIGN_IN, read_wording(SIGN_IN, "ż" * 100, body), "pl")
    message = compose(Letter(uuid.uuid4(), "a@b.example", subject, plain, html, "pl"), "P <p@pomapa.example>")
    assert max(map(len, message.as_bytes(policy=SEVEN_BIT).splitlines())) <= 78


@given(st.text(max_size=200), st.text(max_size=80))
def test_whatever_is_typed_is_refused_or_kept_as_it_was(body: str, subject: str) -> None:
    try:
        kept = read_wording(SIGN_IN, subject, f"{body}\n\n{{link}} {{minutes}}")
    except InvalidInput:
        return
    assert "{" not in fill(SIGN_IN, kept, {"link": "L", "minutes": 1}, "pl").subject
    assert kept == read_wording(SIGN_IN, kept.subject, kept.body)


@pytest.mark.parametrize(
    "name",
    [
        "https://evil.example",
        "evil.example",
        "evil\uff0eexample",
        "a@evil.example",
        "tel:112",
        "+48 600 700 800",
        "(22) 123-45-67 / 89",
        "٦٠٠٧٠٠٨٠٠",
        "my\u202ephone",
        "my\u200bphone",
    ],
)
def test_a_name_that_leads_elsewhere_is_told_from_others(name: str) -> None:
    assert leads_elsewhere(name)


@pytest.mark.parametrize("name", ["Mój telefon", "iPhone 15 Pro", "YubiKey 12345678", "Ключ №2", "PC (2.0)"])
def test_what_people_call_their_devices_leads_nowhere(name: str) -> None:
    assert not leads_elsewhere(name)
