"""What a geocoder is to the rest of the program: an address in, positions out, and typed errors."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from geo.bbox import BBox
from geo.errors import GeoError

#: No address is longer; longer texts are not sent.
MAX_QUERY_CHARACTERS = 200


class GeocodingError(GeoError):
    """The address could not be looked up."""

    code = "geocoding_failed"


class GeocodingQueryError(GeocodingError):
    """An address to look up has between 1 and 200 characters."""

    code = "geocoding_query"


class GeocoderBusyError(GeocodingError):
    """Too many addresses are being looked up. Try again in a moment."""

    code = "geocoder_busy"


class GeocoderTimeoutError(GeocodingError):
    """The geocoder did not answer in time."""

    code = "geocoder_timeout"


class GeocoderUnavailableError(GeocodingError):
    """The geocoder cannot be reached."""

    code = "geocoder_unavailable"


class GeocoderRefusedError(GeocodingError):
    """The geocoder refuses this question."""

    code = "geocoder_refused"


class GeocoderAnswerError(GeocodingError):
    """The geocoder's answer cannot be understood."""

    code = "geocoder_answer"


class HitLevel(StrEnum):
    """What was found, from the smallest to the largest; administrative levels by their Polish names."""

    BUILDING = "building"
    STREET = "street"
    PLACE = "place"
    GMINA = "gmina"
    POWIAT = "powiat"
    VOIVODESHIP = "voivodeship"
    COUNTRY = "country"


@dataclass(frozen=True, slots=True)
class GeocodeHit:
    """A position that an address may mean."""

    lng: float
    lat: float
    #: The address in one line, in the geocoder's words.
    label: str
    level: HitLevel
    #: 0 to 1: the share of the question's words that the answer has. Comparable between services, no probability.
    confidence: float
    #: The service that found it, for attribution.
    source: str


class Geocoder(Protocol):
    """Finds positions for an address."""

    async def find(
        self,
        query: str,
        *,
        countries: tuple[str, ...] = (),
        language: str = "",
        bbox: BBox | None = None,
        limit: int = 5,
    ) -> tuple[GeocodeHit, ...]:
        """The hits for an address, the service's best first; empty if it finds none.

        `countries` (ISO codes) limits and `bbox` limits or prefers, where the service can. Raises GeocodingError.
        """


def checked_query(query: str) -> str:
    """The address without needless spaces. Raises GeocodingQueryError if it is empty or too long."""
    query = " ".join(query.split())
    if not 1 <= len(query) <= MAX_QUERY_CHARACTERS:
        raise GeocodingQueryError
    return query
