"""A feature's page as tests read it, and a place that says all that one can say."""

import datetime as dt
import uuid
from typing import Any

import httpx2

from tests.functional.conftest import aid_point
from tests.functional.html_page import HtmlPage

Client = httpx2.AsyncClient


NASTY = "</script><img src=x onerror=alert(1)>{{ 7*7 }}\"'"


def text(pl: str, **others: str) -> dict[str, Any]:
    return {"texts": {"pl": pl, **others}, "source": "pl"}


def machine(pl: str, uk: str) -> dict[str, Any]:
    return text(pl, uk=uk) | {"states": {"uk": "machine"}}


def in_days(days: int) -> str:
    return (dt.datetime.now(dt.UTC) + dt.timedelta(days=days)).date().isoformat()


def kitchen(**more: Any) -> dict[str, Any]:
    return (
        aid_point(
            hours="Mo-Fr 10:00-18:00; PH closed",
            services=[
                {
                    "type": "hot_meals",
                    "hours": "Mo-Fr 12:00-16:00",
                    "description": text("Zupa i drugie danie"),
                    "capacity": {
                        "unit": "meals",
                        "available": 12,
                        "maximum": 40,
                        "updated": f"{in_days(0)}T00:00:00Z",
                        "expires": f"{in_days(2)}T00:00:00Z",
                    },
                },
                {"type": "food_parcels", "documents": ["id_needed"]},
            ],
            description=machine("Codzienny posiłek.\n\nBez pytań.", "Щоденна їжа."),
            address={
                "street": "Planty",
                "house_number": "12",
                "postcode": "25-502",
                "city": "Kielce",
                "entrance": text("Od podwórza"),
            },
            contacts=[
                {"kind": "phone", "value": "+48 41 555 01 23", "languages": ["uk"]},
                {"kind": "email", "value": "stol@drzwi.example.org"},
                {
                    "kind": "phone",
                    "value": "+48 600 100 200",
                    "visibility": "partners",
                    "person": "Anna Nowak",
                },
            ],
            website="https://drzwi.example.org",
            audience_mode="preferred",
            audiences=["refugees"],
            ages={"least": 18},
            languages=["uk", "pl"],
            cost={"code": "low_cost", "amount": 5, "currency": "PLN", "note": text("dzieci bezpłatnie")},
            accessibility={"step_free": "yes", "toilet": "no"},
            notices=[{"kind": "closed", "text": text("Święta"), "starts": in_days(3), "ends": in_days(3)}],
            organisation={"name": "Fundacja Otwarte Drzwi"},
        )
        | more
    )


async def open_page(client: Client, path: str) -> HtmlPage:
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text[-2000:]
    read = HtmlPage(answer.text)
    assert read.unbalanced == []
    return read


async def page_of(
    client: Client, feature_id: uuid.UUID, language: str = "en", layer: str = "aid_points"
) -> HtmlPage:
    moved = await client.get(f"/{language}/{layer}/{feature_id}")
    assert moved.status_code == 308
    return await open_page(client, moved.headers["location"])
