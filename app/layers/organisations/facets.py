"""What is filtered, searched and drawn of an organisation."""

from typing import Final

from app.features.address import address_line
from app.features.contacts import first_phone
from app.features.facets import Facets
from app.features.place import protected_in
from app.layers.organisations.content import Organisation
from app.taxonomy.vocabulary import Vocabulary

#: Organisations offer no services of their own here; they all wear the shape of "people who help".
FAMILY: Final = "support"
#: An address of an organisation holds about two years.
HALF_LIFE_DAYS: Final = 730


def facets(content: Organisation, vocabulary: Vocabulary) -> Facets:
    """Derive everything that the read model keeps of an organisation beside its public content."""
    name, place = content.name, content.place
    line = address_line(content.address) if content.address else None
    names = tuple(dict.fromkeys(text for _, text in sorted(name.texts.items())))
    described = content.description.texts if content.description else {}
    return Facets(
        name=name.original,
        name_language=name.source,
        names={lang: text for lang, text in sorted(name.texts.items()) if lang != name.source},
        family=FAMILY,
        disclosure=place.disclosure,
        position=(place.position.lng, place.position.lat) if place.position else None,
        languages=content.languages,
        phone=first_phone(content.contacts),
        address_line=line,
        area_served=tuple(area.code for area in content.areas),
        area_hint=place.area.name if place.area and place.disclosure in ("area", "partners") else None,
        protected_in=protected_in(place),
        half_life_days=HALF_LIFE_DAYS,
        search_a=(*names, *content.also_known_as),
        search_b=(*_kinds(content, vocabulary), *content.identifiers.values()),
        search_c=tuple(
            dict.fromkeys([*(t for _, t in sorted(described.items())), *([line] if line else [])])
        ),
    )


def _kinds(content: Organisation, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Names of its sector and legal form in all languages."""
    sector = vocabulary.sectors[content.sector].names.values() if content.sector else ()
    form = vocabulary.legal_forms[content.legal_form].names.values() if content.legal_form else ()
    return tuple(dict.fromkeys([*sector, *form]))
