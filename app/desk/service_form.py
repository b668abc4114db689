"""The form of a service that is added here: what was typed, and what it means."""

from typing import Any

from app.i18n import LANGUAGES, N_, Translator, endonym
from app.taxonomy.added_services import HALF_LIVES, OFFERS, PREFIX, Fixed, Told, icons
from app.taxonomy.letters import tidy
from app.taxonomy.models import AddedServiceRow
from app.taxonomy.terms import DISCLOSURES
from app.taxonomy.vocabulary import Vocabulary
from app.web.dependencies import Form

#: Nobody types more; what is over it is cut off before it is looked at.
LONGEST_TEXT = 4000

_OFFERS = dict(
    zip(
        OFFERS, (N_("Things to take along"), N_("Something that people do"), N_("A place to be")), strict=True
    )
)
_HALF_LIVES = dict(
    zip(HALF_LIVES, (N_("Within a few months"), N_("Within a year"), N_("Within two years")), strict=True)
)
_DISCLOSURES = dict(
    zip(
        DISCLOSURES,
        (
            N_("Yes, show the exact address"),
            N_("Only the area"),
            N_("Only partner organisations ask for it"),
            N_("Only phone or e-mail"),
        ),
        strict=True,
    )
)
_TEXTS = ("osm", "open_eligibility", "open_eligibility_id", "schema_org", "icon")


def read_told(form: Form) -> Told:
    """What can be changed later, as it was sent: tidy, and not yet looked at."""
    half_life = form.one("half_life_days")
    return Told(
        names={
            language: _first_capital(tidy(form.one(f"name_{language}")[:LONGEST_TEXT]))
            for language in LANGUAGES
        },
        synonyms={language: _words(form.one(f"synonyms_{language}")) for language in LANGUAGES},
        icon=form.one("icon"),
        osm=_lines(form.one("osm")),
        open_eligibility=tidy(form.one("open_eligibility")[:LONGEST_TEXT]),
        open_eligibility_id=form.one("open_eligibility_id").strip(),
        schema_org=form.one("schema_org").strip(),
        half_life_days=int(half_life)
        if half_life.isascii() and half_life.isdigit() and len(half_life) < 5
        else 0,
    )


def read_fixed(form: Form) -> Fixed:
    """What stays as it is sent now."""
    return Fixed(
        code=PREFIX + form.one("code").strip().removeprefix(PREFIX),
        group=form.one("group"),
        offer=form.one("offer"),
        default_disclosure=form.one("default_disclosure"),
        sensitive=bool(form.one("sensitive")),
    )


def values_of_row(row: AddedServiceRow) -> dict[str, Any]:
    """What stands in the form of a service that there is."""
    values: dict[str, Any] = {name: getattr(row, name) for name in (*_TEXTS, "half_life_days")}
    values["osm"] = "\n".join(row.osm)
    for language in LANGUAGES:
        values[f"name_{language}"] = row.names[language]
        values[f"synonyms_{language}"] = "\n".join(row.synonyms.get(language, ()))
    return values


def values_of_form(form: Form) -> dict[str, Any]:
    """What was sent, as it was typed."""
    names = [f"{field}_{language}" for field in ("name", "synonyms") for language in LANGUAGES]
    fixed = ("code", "group", "offer", "default_disclosure", "sensitive", "half_life_days")
    return {name: form.one(name)[:LONGEST_TEXT] for name in (*names, *_TEXTS, *fixed)}


def nothing_typed(group: str = "") -> dict[str, Any]:
    """An empty form, with what most services are."""
    return {"group": group, "offer": "service", "default_disclosure": "exact", "half_life_days": 365}


def choices(vocabulary: Vocabulary, texts: Translator) -> dict[str, Any]:
    """What there is to choose from."""
    return {
        "languages": [(language, endonym(language)) for language in LANGUAGES],
        "icons": icons(vocabulary),
        "groups": [
            (group.code, group.names[texts.language])
            for group in vocabulary.groups.values()
            if not group.retired
        ],
        "offers": [(code, texts.gettext(words)) for code, words in _OFFERS.items()],
        "half_lives": [(str(days), texts.gettext(words)) for days, words in _HALF_LIVES.items()],
        "disclosures": [(code, texts.gettext(words)) for code, words in _DISCLOSURES.items()],
        "prefix": PREFIX,
    }


def _lines(typed: str) -> tuple[str, ...]:
    found = (" ".join(line.split()) for line in typed[:LONGEST_TEXT].splitlines())
    return tuple(dict.fromkeys(filter(None, found)))


def _words(typed: str) -> tuple[str, ...]:
    parts = (tidy(part) for line in typed[:LONGEST_TEXT].splitlines() for part in line.split(","))
    return tuple(dict.fromkeys(filter(None, parts)))


def _first_capital(name: str) -> str:
    return name[:1].upper() + name[1:]
