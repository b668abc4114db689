"""Geocoders over OpenStreetMap data, through geopy: Nominatim and Photon, at the operator's own or a public host.

Public hosts allow one question a second for a whole site, and Nominatim's forbids questions while a person types
(operations.osmfoundation.org/policies/nominatim): so these are for an address that somebody has finished, from one
process, and switched off unless configured.
"""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from geopy.adapters import URLLibAdapter
from geopy.exc import (
    GeocoderAuthenticationFailure,
    GeocoderInsufficientPrivileges,
    GeocoderParseError,
    GeocoderQueryError,
    GeocoderQuotaExceeded,
    GeocoderTimedOut,
    GeopyError,
)
from geopy.geocoders import Nominatim, Photon
from geopy.location import Location

from geo.bbox import BBox, is_position
from geo.geocoding import (
    GeocodeHit,
    Geocoder,
    GeocoderAnswerError,
    GeocoderBusyError,
    GeocoderRefusedError,
    GeocoderTimeoutError,
    GeocoderUnavailableError,
    GeocodingError,
    HitLevel,
    checked_query,
)
from geo.names import fold_name
from geo.position_checks import in_countries

#: Names of the services for settings.
GeocodingService = Literal["off", "nominatim", "photon"]

_MAX_HITS: Final = 20
_ERRORS: Final[tuple[tuple[type[GeopyError], type[GeocodingError]], ...]] = (
    (GeocoderTimedOut, GeocoderTimeoutError),
    (GeocoderQuotaExceeded, GeocoderRefusedError),
    (GeocoderAuthenticationFailure, GeocoderRefusedError),
    (GeocoderInsufficientPrivileges, GeocoderRefusedError),
    (GeocoderParseError, GeocoderAnswerError),
    (GeocoderQueryError, GeocoderRefusedError),
)
# Without this geopy takes requests where that happens to be installed, which asks three times where it should once.
_ADAPTER: Final = URLLibAdapter
# https://nominatim.org/release-docs/latest/customize/Ranking/ : address ranks, each from this one upwards. In Poland
# a boundary of admin_level 4 has rank 8, 6 has 12, 7 has 14; cities and villages have 16 and more.
_NOMINATIM_RANKS: Final = (
    (30, HitLevel.BUILDING),
    (26, HitLevel.STREET),
    (15, HitLevel.PLACE),
    (13, HitLevel.GMINA),
    (10, HitLevel.POWIAT),
    (5, HitLevel.VOIVODESHIP),
    (0, HitLevel.COUNTRY),
)
# The layers of Photon's answers (property `type`). It knows no gminas.
_PHOTON_TYPES: Final = {
    "house": HitLevel.BUILDING,
    "street": HitLevel.STREET,
    "locality": HitLevel.PLACE,
    "district": HitLevel.PLACE,
    "city": HitLevel.PLACE,
    "county": HitLevel.POWIAT,
    "state": HitLevel.VOIVODESHIP,
    "country": HitLevel.COUNTRY,
}


#: lng, lat, label, level.
_Finding = tuple[float, float, str, HitLevel]


class Pace:
    """Lets callers pass one by one, `interval_s` apart; refuses those who would wait longer than `max_wait_s`.

    For one event loop: a turn is taken without a pause in between.
    """

    def __init__(
        self,
        interval_s: float = 1.0,
        max_wait_s: float = 5.0,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._interval_s = interval_s
        self._max_wait_s = max_wait_s
        self._clock = clock
        self._sleep = sleep
        self._next_turn = -math.inf

    async def turn(self) -> None:
        """Returns when it is the caller's turn. Raises GeocoderBusyError without waiting where that is too far off."""
        now = self._clock()
        turn = max(now, self._next_turn)
        if turn - now > self._max_wait_s:
            raise GeocoderBusyError
        self._next_turn = turn + self._interval_s
        if turn > now:
            await self._sleep(turn - now)


class NominatimGeocoder:
    """Nominatim at a host."""

    def __init__(
        self, host: str, user_agent: str, *, timeout_s: float = 5.0, pace: Pace | None = None
    ) -> None:
        self._client = Nominatim(**_at(host, user_agent, timeout_s))
        self._pace = pace or Pace()

    async def find(
        self,
        query: str,
        *,
        countries: tuple[str, ...] = (),
        language: str = "",
        bbox: BBox | None = None,
        limit: int = 5,
    ) -> tuple[GeocodeHit, ...]:
        """As geo.geocoding.Geocoder says; the box is preferred, the countries limit."""
        query = checked_query(query)
        ask = partial(
            self._client.geocode,
            query,
            exactly_one=False,
            limit=max(1, min(limit, _MAX_HITS)),
            addressdetails=True,
            language=language or False,
            country_codes=[country.lower() for country in countries],
            viewbox=_corners(bbox),
        )
        locations = await _answer(ask, self._pace)
        return _hits(locations, query, "nominatim", _read_nominatim)


class PhotonGeocoder:
    """Photon at a host."""

    def __init__(
        self, host: str, user_agent: str, *, timeout_s: float = 5.0, pace: Pace | None = None
    ) -> None:
        self._client = Photon(**_at(host, user_agent, timeout_s))
        self._pace = pace or Pace()

    async def find(
        self,
        query: str,
        *,
        countries: tuple[str, ...] = (),
        language: str = "",
        bbox: BBox | None = None,
        limit: int = 5,
    ) -> tuple[GeocodeHit, ...]:
        """As geo.geocoding.Geocoder says; the box limits. Photon cannot limit to countries: hits elsewhere are dropped."""
        query = checked_query(query)
        ask = partial(
            self._client.geocode,
            query,
            exactly_one=False,
            limit=max(1, min(limit, _MAX_HITS)),
            language=language or False,
            bbox=_corners(bbox),
        )
        locations = await _answer(ask, self._pace)
        hits = _hits(locations, query, "photon", _read_photon)
        return tuple(hit for hit in hits if not countries or in_countries(hit.lng, hit.lat, countries))


def geocoder_for(
    service: GeocodingService, host: str, user_agent: str, *, timeout_s: float = 5.0, pace: Pace | None = None
) -> Geocoder | None:
    """The configured geocoder; None if it is switched off.

    `host` is a URL without path ("https://nominatim.example.org") or a bare domain, then over https. Raises
    ValueError if there is no usable host or no User-Agent, without which public hosts refuse.
    """
    if service == "off":
        return None
    if not user_agent.strip():
        raise ValueError("a geocoder must be told who asks: set the User-Agent")
    if service == "nominatim":
        return NominatimGeocoder(host, user_agent, timeout_s=timeout_s, pace=pace)
    return PhotonGeocoder(host, user_agent, timeout_s=timeout_s, pace=pace)


async def _answer(ask: Callable[[], list[Location] | None], pace: Pace) -> list[Location]:
    await pace.turn()
    try:
        return await asyncio.to_thread(ask) or []
    except GeopyError as error:
        raise _typed(error) from error
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        # geopy takes the answer apart without looking at it.
        raise GeocoderAnswerError from error


def _typed(error: GeopyError) -> GeocodingError:
    for theirs, ours in _ERRORS:
        if isinstance(error, theirs):
            return ours()
    return GeocoderUnavailableError()


def _hits(
    locations: list[Location], query: str, source: str, read: Callable[[Mapping[str, Any]], _Finding]
) -> tuple[GeocodeHit, ...]:
    hits = []
    for location in locations:
        # geopy gives 0, 0 for an answer without a position, so its own reading of the answer is not used.
        try:
            lng, lat, label, level = read(location.raw)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise GeocoderAnswerError from error
        if not is_position(lng, lat):
            raise GeocoderAnswerError
        hits.append(GeocodeHit(lng, lat, label, level, _confidence(query, label), source))
    return tuple(hits)


def _confidence(query: str, label: str) -> float:
    """The share of the question's words that the label has."""
    asked, found = set(fold_name(query).split()), set(fold_name(label).split())
    return len(asked & found) / len(asked) if asked else 0.0


def _read_nominatim(raw: Mapping[str, Any]) -> _Finding:
    return float(raw["lon"]), float(raw["lat"]), str(raw["display_name"]), _nominatim_level(raw)


def _nominatim_level(raw: Mapping[str, Any]) -> HitLevel:
    address = raw.get("address")
    if isinstance(address, Mapping) and "house_number" in address:
        return HitLevel.BUILDING
    rank = int(raw["place_rank"])
    return next((level for lowest, level in _NOMINATIM_RANKS if rank >= lowest), HitLevel.COUNTRY)


def _read_photon(raw: Mapping[str, Any]) -> _Finding:
    lng, lat = raw["geometry"]["coordinates"]
    level = _PHOTON_TYPES.get(raw["properties"].get("type"), HitLevel.PLACE)
    return float(lng), float(lat), _photon_label(raw["properties"]), level


def _photon_label(properties: Mapping[str, Any]) -> str:
    street = " ".join(str(properties[key]) for key in ("street", "housenumber") if properties.get(key))
    town = " ".join(str(properties[key]) for key in ("postcode", "city") if properties.get(key))
    parts = (properties.get("name"), street, town, properties.get("state"), properties.get("country"))
    return ", ".join(dict.fromkeys(str(part) for part in parts if part))


def _corners(bbox: BBox | None) -> list[tuple[float, float]] | None:
    """The box in geopy's order: (lat, lng) of two opposite corners."""
    return [(bbox.south, bbox.west), (bbox.north, bbox.east)] if bbox else None


def _at(host: str, user_agent: str, timeout_s: float) -> dict[str, Any]:
    """What geopy's clients of a host take. Raises ValueError where there is no usable host."""
    scheme, domain = _scheme_and_domain(host)
    return {
        "scheme": scheme,
        "domain": domain,
        "user_agent": user_agent,
        "timeout": timeout_s,
        "adapter_factory": _ADAPTER,
    }


def _scheme_and_domain(host: str) -> tuple[str, str]:
    parts = urlsplit(host if "://" in host else f"https://{host}")
    if (
        parts.scheme not in {"http", "https"}
        or not parts.netloc
        or parts.query
        or parts.fragment
        or parts.username
    ):
        raise ValueError("a geocoder's host is a URL such as https://nominatim.example.org")
    return parts.scheme, parts.netloc + parts.path.rstrip("/")
