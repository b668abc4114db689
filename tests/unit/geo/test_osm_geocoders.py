import asyncio
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from geo.bbox import BBox
from geo.geocoding import (
    GeocodeHit,
    Geocoder,
    GeocoderAnswerError,
    GeocoderBusyError,
    GeocoderRefusedError,
    GeocoderTimeoutError,
    GeocoderUnavailableError,
    GeocodingError,
    GeocodingQueryError,
    HitLevel,
    checked_query,
)
from geo.osm_geocoders import GeocodingService, Pace, geocoder_for

AGENT = "pomapa-tests/1 (test@example.org)"


@dataclass
class FakeService:
    """A geocoder on this machine: answers everything with what the test gave it, and remembers the questions."""

    url: str = ""
    status: int = 200
    answer: bytes = b"[]"
    release: threading.Event = field(default_factory=threading.Event)
    questions: list[dict[str, list[str]]] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)

    def say(self, answer: Any) -> None:
        self.answer = json.dumps(answer).encode()


@pytest.fixture
def service() -> Iterator[FakeService]:
    fake = FakeService()
    fake.release.set()

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            fake.questions.append(parse_qs(urlsplit(self.path).query))
            fake.agents.append(self.headers["User-Agent"])
            fake.release.wait(5)
            self.send_response(fake.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(fake.answer)))
            self.end_headers()
            self.wfile.write(fake.answer)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
            pass

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            """A client that has stopped waiting is what one of the tests is about."""

    server = Quiet(("127.0.0.1", 0), Answering)
    fake.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield fake
    fake.release.set()
    server.shutdown()
    server.server_close()
    thread.join()


def geocoder(name: GeocodingService, url: str, timeout_s: float = 5.0) -> Geocoder:
    made = geocoder_for(name, url, AGENT, timeout_s=timeout_s, pace=Pace(0.0))
    assert made is not None
    return made


def nominatim_answer(**changes: Any) -> dict[str, Any]:
    return {
        "lat": "52.2297",
        "lon": "21.0122",
        "display_name": "7, Złota, Śródmieście, Warszawa, 00-019, Polska",
        "place_rank": 30,
        "address": {"house_number": "7", "road": "Złota"},
    } | changes


def photon_answer(*, lng: float = 21.0122, lat: float = 52.2297, **properties: Any) -> dict[str, Any]:
    return {
        "features": [
            {"geometry": {"type": "Point", "coordinates": [lng, lat]}, "properties": properties},
        ]
    }


async def test_nominatim_finds_a_building(service: FakeService) -> None:
    service.say([nominatim_answer()])
    hits = await geocoder("nominatim", service.url).find(
        "  Złota 7,  Warszawa ",
        countries=("PL", "UA"),
        language="uk",
        bbox=BBox(20.0, 52.0, 22.0, 53.0),
        limit=50,
    )
    assert hits == (
        GeocodeHit(
            21.0122,
            52.2297,
            "7, Złota, Śródmieście, Warszawa, 00-019, Polska",
            HitLevel.BUILDING,
            1.0,
            "nominatim",
        ),
    )
    (question,) = service.questions
    assert question["q"] == ["Złota 7, Warszawa"]
    assert question["countrycodes"] == ["pl,ua"]
    assert question["accept-language"] == ["uk"]
    assert question["limit"] == ["20"]
    assert [float(side) for side in question["viewbox"][0].split(",")] == [20.0, 52.0, 22.0, 53.0]
    assert service.agents == [AGENT]


@pytest.mark.parametrize(
    ("rank", "level"),
    [
        (30, "building"),
        (26, "street"),
        (19, "place"),
        (16, "place"),
        (14, "gmina"),
        (12, "powiat"),
        (8, "voivodeship"),
        (4, "country"),
        (-1, "country"),
    ],
)
async def test_nominatims_rank_says_what_was_found(service: FakeService, rank: int, level: str) -> None:
    service.say([nominatim_answer(place_rank=rank, address={})])
    (hit,) = await geocoder("nominatim", service.url).find("Warszawa")
    assert hit.level == level


async def test_the_confidence_is_the_share_of_words_that_were_found(service: FakeService) -> None:
    service.say([nominatim_answer()])
    (hit,) = await geocoder("nominatim", service.url).find("zlota 7 warszawa kino")
    assert hit.confidence == 0.75
    (hit,) = await geocoder("nominatim", service.url).find("!")
    assert hit.confidence == 0.0


async def test_photon_finds_a_building(service: FakeService) -> None:
    service.say(
        photon_answer(
            type="house",
            name="Kino",
            street="Złota",
            housenumber="7",
            postcode="00-019",
            city="Warszawa",
            country="Polska",
        )
    )
    (hit,) = await geocoder("photon", service.url).find(
        "Złota 7", countries=("PL",), language="de", bbox=BBox(20.0, 52.0, 22.0, 53.0)
    )
    assert hit.label == "Kino, Złota 7, 00-019 Warszawa, Polska"
    assert (hit.lng, hit.lat, hit.level, hit.source) == (21.0122, 52.2297, HitLevel.BUILDING, "photon")
    (question,) = service.questions
    assert question["limit"] == ["5"]
    assert question["lang"] == ["de"]
    assert [float(side) for side in question["bbox"][0].split(",")] == [20.0, 52.0, 22.0, 53.0]


@pytest.mark.parametrize(
    ("kind", "level"),
    [
        ("street", "street"),
        ("city", "place"),
        ("county", "powiat"),
        ("state", "voivodeship"),
        ("other", "place"),
        (None, "place"),
    ],
)
async def test_photons_type_says_what_was_found(service: FakeService, kind: str | None, level: str) -> None:
    service.say(photon_answer(type=kind, name="Radom"))
    (hit,) = await geocoder("photon", service.url).find("Radom")
    assert hit.level == level


async def test_photons_hits_abroad_are_dropped(service: FakeService) -> None:
    service.say(photon_answer(lng=2.35, lat=48.85, name="Varsovie"))
    assert await geocoder("photon", service.url).find("Varsovie", countries=("PL",)) == ()


@pytest.mark.parametrize(("name", "answer"), [("nominatim", []), ("photon", {"features": []})])
async def test_nothing_found_is_no_error(service: FakeService, name: GeocodingService, answer: Any) -> None:
    service.say(answer)
    assert await geocoder(name, service.url).find("Nibylandia") == ()


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("nominatim", b'[{"lat": "52", "lon": "181", "display_name": "x", "place_rank": 30}]'),
        ("nominatim", b"<html>"),
        ("nominatim", b"[5]"),
        ("nominatim", b'[{"lat": "52", "lon": "21"}]'),
        ("nominatim", b'[{"lat": "north", "lon": "21", "display_name": "x", "place_rank": 30}]'),
        ("nominatim", b'[{"lat": "nan", "lon": "21", "display_name": "x", "place_rank": 30}]'),
        ("nominatim", b'[{"lat": "95", "lon": "21", "display_name": "x", "place_rank": 30}]'),
        ("nominatim", b'[{"display_name": "x", "place_rank": 30}]'),
        ("photon", b"[]"),
        ("photon", b"{}"),
        ("photon", b'{"features": [{}]}'),
        ("photon", b'{"features": [{"geometry": {"coordinates": [21]}, "properties": {}}]}'),
        ("photon", b'{"features": [{"geometry": {"coordinates": [21, 52]}, "properties": null}]}'),
    ],
)
@pytest.mark.filterwarnings("ignore:Latitude normalization:UserWarning")  # geopy's, for the latitude of 95
async def test_an_answer_that_makes_no_sense_is_an_error(
    service: FakeService, name: GeocodingService, answer: bytes
) -> None:
    service.answer = answer
    with pytest.raises(GeocoderAnswerError) as raised:
        await geocoder(name, service.url).find("Warszawa")
    assert raised.value.code == "geocoder_answer"


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, GeocoderRefusedError),
        (403, GeocoderRefusedError),
        (429, GeocoderRefusedError),
        (500, GeocoderUnavailableError),
        (503, GeocoderTimeoutError),  # so geopy takes it
        (400, GeocoderRefusedError),
        (504, GeocoderTimeoutError),
    ],
)
@pytest.mark.parametrize("name", ["nominatim", "photon"])
async def test_a_refusal_is_told_from_a_failure(
    service: FakeService, name: GeocodingService, status: int, error: type[GeocodingError]
) -> None:
    service.status = status
    with pytest.raises(error):
        await geocoder(name, service.url).find("Warszawa")


async def test_an_error_in_the_answer_is_a_refusal(service: FakeService) -> None:
    service.say({"error": "broken"})
    with pytest.raises(GeocoderRefusedError):
        await geocoder("nominatim", service.url).find("Warszawa")


async def test_a_silent_service_is_not_waited_for(service: FakeService) -> None:
    service.release.clear()
    with pytest.raises(GeocoderTimeoutError):
        await geocoder("nominatim", service.url, timeout_s=0.2).find("Warszawa")
    assert len(service.questions) == 1


async def test_a_service_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(GeocoderUnavailableError):
        await geocoder("photon", "http://127.0.0.1:1").find("Warszawa")


@pytest.mark.parametrize("query", ["", "   ", "a" * 201])
async def test_an_address_is_neither_empty_nor_endless(service: FakeService, query: str) -> None:
    names: tuple[GeocodingService, ...] = ("nominatim", "photon")
    for name in names:
        with pytest.raises(GeocodingQueryError):
            await geocoder(name, service.url).find(query)
    assert service.questions == []
    assert checked_query(" Złota \n 7 ") == "Złota 7"


def test_off_is_no_geocoder() -> None:
    assert geocoder_for("off", "", "") is None


@pytest.mark.parametrize(
    "host",
    [
        "",
        "https://",
        "ftp://example.org",
        "https://user:pw@example.org",
        "https://example.org?x=1",
        "https://example.org#x",
    ],
)
def test_a_host_must_be_usable(host: str) -> None:
    with pytest.raises(ValueError, match="host"):
        geocoder_for("nominatim", host, AGENT)


def test_a_geocoder_says_who_asks() -> None:
    with pytest.raises(ValueError, match="User-Agent"):
        geocoder_for("photon", "photon.example.org", " ")


async def test_questions_keep_their_pace_and_do_not_pile_up() -> None:
    now = 100.0
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    pace = Pace(1.0, 2.0, clock=lambda: now, sleep=sleep)
    for _ in range(3):
        await pace.turn()
    assert slept == [1.0, 2.0]
    with pytest.raises(GeocoderBusyError):
        await pace.turn()
    now = 110.0
    await pace.turn()
    assert slept == [1.0, 2.0]


async def test_questions_at_once_are_asked_one_after_the_other(service: FakeService) -> None:
    service.say([nominatim_answer()])
    made = geocoder_for("nominatim", service.url, AGENT, pace=Pace(0.15))
    assert made is not None
    started = asyncio.get_running_loop().time()
    await asyncio.gather(*(made.find(f"Złota {number}") for number in range(3)))
    assert asyncio.get_running_loop().time() - started >= 0.3
    assert len(service.questions) == 3
