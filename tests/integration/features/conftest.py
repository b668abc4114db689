"""A layer of its own for the tests of the spine: the least content that has all the facets."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest
from pydantic import Field

from app.features.content import Content
from app.features.facets import Facets, OpeningRule
from app.features.layer import Layer
from app.features.setting import Setting
from app.taxonomy.vocabulary import Vocabulary, load_vocabulary


class Spot(Content):
    name: str
    services: tuple[str, ...] = Field((), strict=False)
    audiences: tuple[str, ...] = Field((), strict=False)
    audience_mode: str = ""
    languages: tuple[str, ...] = Field((), strict=False)
    access: tuple[str, ...] = Field((), strict=False)
    serves: tuple[str, ...] = Field((), strict=False)
    lng: float | None = None
    lat: float | None = None
    hours: str = ""
    phone: str = ""
    address: str = ""
    organisation: str = ""
    names: dict[str, str] = Field(default_factory=dict)
    secret: str = ""


def spot(name: str = "Ciepły Stół", **fields: Any) -> Spot:
    given = {"services": ["hot_meals"], "audiences": [], "languages": [], "lng": 20.63, "lat": 50.87} | fields
    return Spot.model_validate({"name": name, **given})


def _facets(content: Spot, vocabulary: Vocabulary) -> Facets:
    position = None if content.lng is None or content.lat is None else (content.lng, content.lat)
    return Facets(
        name=content.name,
        name_language="cs",
        names=content.names,
        family=vocabulary.family_of(content.services[0]).code,
        disclosure="exact",
        position=position,
        services=content.services,
        audiences=content.audiences,
        audiences_preferred=content.audiences if content.audience_mode == "preferred" else (),
        audiences_only=content.audiences if content.audience_mode == "only" else (),
        for_everyone=content.audience_mode == "everyone",
        languages=content.languages,
        access=content.access,
        area_served=content.serves,
        phone=content.phone or None,
        address_line=content.address or None,
        organisation_id=content.organisation or None,
        hours=(OpeningRule(None, content.hours),) if content.hours else (),
        search_a=(content.name,),
    )


def _public(content: Spot, _vocabulary: Vocabulary) -> Mapping[str, Any]:
    return {"name": content.name, "services": list(content.services)}


@pytest.fixture(scope="session")
def spots() -> Layer:
    return Layer(
        key="spots",
        singular="spot",
        plural="spots",
        icon="map-pin",
        content=Spot,
        facets=_facets,
        public_content=_public,
    )


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


@pytest.fixture
def setting(vocabulary: Vocabulary) -> Setting:
    now = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)
    return Setting(vocabulary=vocabulary, timezone="Europe/Warsaw", country="PL", now=now)
