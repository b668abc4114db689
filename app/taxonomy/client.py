"""The vocabularies as JSON: a small one for our pages, a whole one for everybody."""

from typing import Any

import orjson

from app.i18n import LANGUAGES
from app.taxonomy.discretion import discreet_services
from app.taxonomy.rows import id_of, parent_of, term_values
from app.taxonomy.terms import Term
from app.taxonomy.vocabulary import Vocabulary, load_vocabulary

#: How moderators work is nobody's vocabulary.
_INTERNAL = ("urgencies", "next_steps")
_INTERNAL_FIELDS = {"urgency", "next_step", "hides_point", "asks_text"}


def taxonomy_json(lang: str, vocabulary: Vocabulary | None = None) -> bytes:
    """What the browser needs to draw and name help: families, groups and services in one language.

    `{"families": [{code, icon, name, shape, short}], "groups": [{code, family, icon, name}],
    "lang": lang, "services": [{code, family, group, icon, name}]}`, each list in the order in which
    people should see it; retired terms carry `"retired": true`, and services that
    nobody else is to find on a screen `"discreet": true`. English for an unknown language.
    """
    words = vocabulary or load_vocabulary()
    lang = lang if lang in LANGUAGES else "en"
    discreet = frozenset(discreet_services(words))
    return _compact(
        {
            "lang": lang,
            "families": [
                {**_item(f, lang), "shape": f.shape, "short": f.short[lang]} for f in words.families.values()
            ],
            "groups": [{**_item(g, lang), "family": g.family} for g in words.groups.values()],
            "services": [
                {**_item(s, lang), "family": s.family, "group": s.group}
                | ({"discreet": True} if s.code in discreet else {})
                for s in words.services.values()
            ],
        }
    )


def vocabularies_json(vocabulary: Vocabulary | None = None) -> bytes:
    """Every public vocabulary with everything public about its terms, in all six languages.

    Vocabulary → list of terms, in the order in which people should see them; each with `uuid` (the id
    of its HSDS taxonomy term) and `parent` (code of its heading, or null). Search words are left out.
    """
    words = vocabulary or load_vocabulary()
    public = {
        name: [_public(term) for term in getattr(words, name).values()]
        for name in Vocabulary.__slots__
        if name not in _INTERNAL
    }
    return _compact(public)


def _item(term: Term, lang: str) -> dict[str, Any]:
    item: dict[str, Any] = {"code": term.code, "icon": term.icon, "name": term.names[lang]}
    return {**item, "retired": True} if term.retired else item


def _public(term: Term) -> dict[str, Any]:
    values = {name: value for name, value in term_values(term).items() if name not in _INTERNAL_FIELDS}
    parent = parent_of(term) if term.kind != "report_reason" else None
    return {**values, "parent": parent, "uuid": str(id_of(term))}


def _compact(value: object) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
