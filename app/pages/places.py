"""Places by name while somebody types an address into a form, and what lies nearest to a pin."""

import re
from typing import Annotated, Any

from fastapi import Query, Request
from starlette.responses import JSONResponse

from app.areas.nearest_address import NearestAddress, nearest_address
from app.areas.nearest_place import nearest_place
from app.areas.place_search import find_places
from app.errors import FieldProblem, InvalidInput
from app.features.address import Address, address_line
from app.pages.finder_question import NOT_A_POSITION
from app.web.dependencies import ReadConnection, settings_of
from app.web.etag import PRIVATE
from app.web.language import Language
from app.web.routes import PUBLIC, page_router, requires
from geo.bbox import parse_position
from geo.errors import GeoError

router = page_router()

MOST = 8
LONGEST = 120


@router.get("/{lang}/places", dependencies=[requires(PUBLIC)])
async def places(
    request: Request,
    lang: Language,
    reader: ReadConnection,
    q: Annotated[str, Query(max_length=LONGEST)] = "",
) -> JSONResponse:
    """`{"places": [{name, detail, lng, lat, precision, place}], "unknown": …}`, the likeliest first, at most eight.

    The gazetteer knows towns and no streets: of an address that it does not know as a whole, its parts are looked for,
    and `unknown` says that the rest was left aside. Positions are in EPSG:4326.
    """
    countries = settings_of(request).countries
    hits = await find_places(reader, q, limit=MOST, countries=countries, misspelt="," not in q)
    whole = bool(hits)
    for part in () if whole else town_parts(q):
        hits += await find_places(reader, part, limit=MOST, countries=countries, misspelt=False)
        if any(hit.match == "exact" for hit in hits):
            break
    found = [
        {
            "name": hit.names.get(lang, hit.name),
            "detail": ", ".join(hit.regions_in(lang)),
            "lng": hit.lng,
            "lat": hit.lat,
            "precision": "place",
            "place": hit.name,
        }
        for hit in {hit.id: hit for hit in hits}.values()
    ]
    answer = {"places": found[:MOST], "unknown": not whole and (bool(found) or _is_address(q))}
    return JSONResponse(answer, headers={"Cache-Control": PRIVATE})


@router.get("/{lang}/places/nearest", dependencies=[requires(PUBLIC)])
async def nearest(
    request: Request,
    lang: Language,
    reader: ReadConnection,
    at: Annotated[str, Query(max_length=LONGEST)] = "",
) -> JSONResponse:
    """`{"name": …, "away_m": …, "address": …}` of the settlement nearest to `at` (lng,lat), without these where there is no
    gazetteer; `address` is the nearest imported one and its distance, absent where none is near.
    """
    try:
        position = parse_position(at)
    except GeoError as error:
        raise InvalidInput(FieldProblem("at", error.code, NOT_A_POSITION)) from None
    countries = settings_of(request).countries
    found = await nearest_place(reader, *position, countries=countries)
    answer: dict[str, Any] = (
        {} if found is None else {"name": found.names.get(lang, found.name), "away_m": round(found.away_m)}
    )
    address = await nearest_address(reader, *position, countries=countries)
    if address is not None:
        answer["address"] = _parts(address)
    return JSONResponse(answer, headers={"Cache-Control": PRIVATE})


def _parts(address: NearestAddress) -> dict[str, str | int]:
    """The address as the fields of a form take it, and on one line as its country writes it."""
    hit = address.hit
    # The postcode is the street's most common one, and no part of what is said to be here.
    written = Address.model_construct(
        street=hit.street or None, house_number=hit.number, city=hit.town, country=address.country
    )
    return {
        "line": address_line(written) or hit.whole,
        "away_m": round(address.away_m),
        "street": hit.street,
        "house_number": hit.number,
        "postcode": hit.postcode,
        "place": hit.town,
    }


def town_parts(address: str) -> list[str]:
    """The parts of an address that may name its town, likeliest first: those without a house number, from the end.

    "Kielce, Planty 12" and "Planty 12, 25-502 Kielce" both give "Kielce" first.
    """
    parts = [_POSTCODE.sub(" ", part).strip() for part in address.split(",")]
    if len(parts) == 1 and (words := parts[0].split()) and len(words) > 1:
        # No comma: the town stands first or last.
        parts = [words[0], " ".join(words[-2:]), words[-1]]
    plain = [part for part in parts if part and not _DIGIT.search(part)]
    return list(dict.fromkeys(reversed(plain)))


def _is_address(text: str) -> bool:
    return "," in text or bool(_DIGIT.search(text))


_POSTCODE = re.compile(r"\b\d{2}-\d{3}\b|\b\d{5,6}\b")
_DIGIT = re.compile(r"\d")
