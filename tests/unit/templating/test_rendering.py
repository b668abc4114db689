import dataclasses
import datetime as dt
import json
import re
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from app.i18n import LANGUAGES
from app.templating import Assets, FrontEndNotBuilt, Page, Templates
from app.templating.environment import Site, environment

NOW = dt.datetime(2026, 11, 24, 16, 20, tzinfo=dt.UTC)


def snippet(templates: Templates, source: str, language: str = "en", **data: object) -> str:
    return templates.environment(language).from_string(source).render(**data)


def test_text_is_escaped_in_pages_and_attributes(templates: Templates) -> None:
    html = templates.render(
        Page(), "error.html", status=404, title='<b>"x"', detail="{{ 7*7 }}", problems=[], again=None
    )
    assert "<b>" not in html
    assert "&lt;b&gt;&#34;x&#34;" in html
    assert "{{ 7*7 }}" in html


def test_a_translated_text_escapes_its_values(templates: Templates) -> None:
    assert snippet(templates, "{{ _('Hello %(name)s', name=name) }}", name="<b>") == "Hello &lt;b&gt;"
    counted = "{{ ngettext('%(n)s place of %(who)s', '%(n)s places of %(who)s', n, who=who) }}"
    assert snippet(templates, counted, n=1234, who="<b>") == "1,234 places of &lt;b&gt;"
    assert (
        snippet(templates, "{% trans name=name %}50% for {{ name }}{% endtrans %}", name="<b>")
        == "50% for &lt;b&gt;"
    )
    assert snippet(templates, "{% trans %}50% off{% endtrans %}{{ _('20% on') }}") == "50% off20% on"


def test_a_forgotten_value_is_an_error(templates: Templates) -> None:
    with pytest.raises(UndefinedError):
        templates.render(Page(), "error.html", status=404)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_names_itself_in_every_language(templates: Templates, language: str) -> None:
    page = Page(language=language, path="/add/aid_points", query="a=1&b=2")
    html = templates.render(page, "layouts/page.html")
    assert f'<html lang="{language}" dir="ltr">' in html
    assert f'<link rel="canonical" href="http://127.0.0.1:8000/{language}/add/aid_points">' in html
    for other in LANGUAGES:
        assert (
            f'<link rel="alternate" hreflang="{other}" href="http://127.0.0.1:8000/{other}/add/aid_points">'
            in html
        )
        assert f'href="/{other}/add/aid_points?a=1&amp;b=2" lang="{other}" hreflang="{other}"' in html


@pytest.mark.parametrize("layout", ["layouts/page.html", "layouts/finder.html", "layouts/desk.html"])
def test_a_page_needs_nothing_inline_and_nothing_from_elsewhere(templates: Templates, layout: str) -> None:
    html = templates.render(Page(person="Anna W.", example_data=True), layout, sections=[])
    assert not re.search(r"\sstyle=|\son\w+=|<style|javascript:", html)
    assert not re.search(r"<script(?![^>]*src=)", html)
    assert set(re.findall(r"https?://[^/\"]+", html)) <= {"http://127.0.0.1:8000"}
    assert html.count("<main") == 1
    assert "strip example" in html
    assert 'class="skip button" href="#' in html


def test_the_desk_has_no_other_languages_and_a_way_out(templates: Templates) -> None:
    page = Page(path="/desk/queue", localised=False, person="Anna W.")
    html = templates.render(
        page,
        "layouts/desk.html",
        sections=[{"words": "Queue", "href": "/desk", "current": True, "count": 48, "is_more": False}],
    )
    assert "hreflang" not in html
    assert 'aria-current="page">Queue <span class="badge-count">48</span>' in html
    assert '<form method="post" action="/desk/sign-out">' in html


def test_the_parts_are_those_of_the_look(templates: Templates) -> None:
    signs = '{% import "parts/signs.html" as signs %}'
    token = snippet(templates, signs + '{{ signs.token("food", "soup", "soon", "half") }}')
    assert token.startswith(
        '<svg class="token fam-food is-soon fresh-half" viewBox="0 0 40 40" aria-hidden="true"'
    )
    assert '<use class="t-icon" href="/static/sprite-0a1b2c.svg#i-soup" x="11" y="11"' in token
    assert '<g class="t-badge"><circle' in token
    named = snippet(templates, signs + '{{ signs.token("law", "scale", name="Biuro <Porad>") }}')
    assert 'role="img" aria-label="Biuro &lt;Porad&gt;"' in named
    assert "t-badge" not in named
    assert 'class="checked is-old"' in snippet(templates, signs + '{{ signs.checked("none", "x") }}')
    assert "r-tick" in snippet(templates, signs + '{{ signs.ring("full") }}')


def test_a_wrong_field_says_so_above_it(templates: Templates) -> None:
    html = snippet(
        templates,
        '{% import "parts/fields.html" as fields %}'
        '{{ fields.text("code", "Postal code", value=v, hint_words="Five digits", error_words="Write a code") }}',
        v='25"><script>',
    )
    assert '<div class="field wrong"><label for="code">Postal code</label>' in html
    assert 'aria-invalid="true" aria-describedby="code-hint code-error"' in html
    assert html.index('id="code-error"') < html.index("<input")
    assert "<script>" not in html


def test_answers_keep_what_was_chosen(templates: Templates) -> None:
    fields = '{% import "parts/fields.html" as fields %}'
    radios = snippet(
        templates,
        fields
        + '{{ fields.ticks("d", "Where?", [("a", "A"), ("b", "B", "more")], value="b", type="radio") }}',
    )
    assert 'type="radio" name="d" value="b" checked' in radios
    assert radios.count("checked") == 1
    options = snippet(
        templates, fields + '{{ fields.select("s", "S", [("a", "A"), ("b", "B")], value="b") }}'
    )
    assert '<option value="b" selected>' in options
    summary = snippet(templates, fields + '{{ fields.error_summary([("a", "First"), ("b", "Second")]) }}')
    assert 'role="alert" tabindex="-1"' in summary
    assert "Put 2 things right to go on" in summary
    assert '<a href="#a">First</a>' in summary


def test_a_trail_shows_where_a_submission_is(templates: Templates) -> None:
    html = snippet(
        templates,
        '{% import "parts/messages.html" as messages %}{{ messages.trail(steps) }}',
        steps=[
            {"words": "Sent", "meta": "24 November", "state": "done"},
            {
                "words": "A question",
                "icon": "circle-help",
                "state": "here",
                "action": {"words": "Answer", "href": "/a"},
            },
            {"words": "On the map", "icon": "map-pin"},
        ],
    )
    assert html.count('class="done"') == 1
    assert 'class="here" aria-current="step"' in html
    assert '<a class="button slim" href="/a">Answer</a>' in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mail_has_a_subject_and_both_bodies(templates: Templates, language: str) -> None:
    subject, plain, html = templates.mail(
        "sign_in", language, {"link": "https://x.example/?a=1&b=2", "minutes": 15}
    )
    assert subject
    assert "\n" not in subject
    assert "https://x.example/?a=1&b=2" in plain
    assert 'href="https://x.example/?a=1&amp;b=2"' in html
    assert "<" not in plain


def test_a_front_end_that_is_not_built_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FrontEndNotBuilt, match=r"\./run serve"):
        Assets(tmp_path).url("main.css")


def test_a_file_that_is_not_in_the_build_is_named(built_assets: Assets) -> None:
    with pytest.raises(FrontEndNotBuilt, match=r"nothing\.css"):
        built_assets.url("nothing.css")


def test_a_new_build_is_seen_at_once(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"main.css": "main-1.css"}', encoding="utf-8")
    assets = Assets(tmp_path)
    assert assets.url("main.css") == "/static/main-1.css"
    (tmp_path / "manifest.json").write_text('{"main.css": "main-22.css"}', encoding="utf-8")
    assert assets.url("main.css") == "/static/main-22.css"


def test_a_page_asks_for_a_script_and_what_it_imports_together(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"desk.js": "desk-1.js"}', encoding="utf-8")
    details = {
        "desk.js": {"path": "desk-1.js", "imports": ["chunk-A.js", "chunk-B.js"]},
        "main.css": {"path": "m"},
    }
    (tmp_path / "details.json").write_text(json.dumps(details), encoding="utf-8")
    assets = Assets(tmp_path)
    assert assets.preloads("desk.js") == ("/static/chunk-A.js", "/static/chunk-B.js")
    assert assets.preloads("main.css") == ()
    env = environment(Site("https://x.example", "Europe/Warsaw", "PL", assets), "pl")
    assert env.from_string('{{ module("desk.js") }}').render() == (
        '<link rel="modulepreload" href="/static/chunk-A.js" fetchpriority="low">'
        '<link rel="modulepreload" href="/static/chunk-B.js" fetchpriority="low">'
        '<script type="module" src="/static/desk-1.js"></script>'
    )


def test_a_build_that_names_no_imports_has_no_preloads(built_assets: Assets) -> None:
    assert built_assets.preloads("finder.js") == ()


def test_addresses_of_a_page() -> None:
    page = Page(language="uk", path="/x", query="a=1", canonical_query="")
    assert page.address() == "/uk/x?a=1"
    assert page.address("pl") == "/pl/x?a=1"
    assert page.canonical() == "/uk/x"
    assert dataclasses.replace(page, localised=False, path="/desk").address("pl") == "/desk?a=1"
