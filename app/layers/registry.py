"""All layers, by key: the one list that endpoints, queue, forms and imports go by."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from app.errors import NotFound
from app.features.content import content_json_schema
from app.features.layer import Layer
from app.layers.aid_points.layer import AID_POINTS
from app.layers.organisations.layer import ORGANISATIONS

LAYERS: Mapping[str, Layer] = MappingProxyType({layer.key: layer for layer in (AID_POINTS, ORGANISATIONS)})


class UnknownLayer(NotFound):
    """There is no such layer. See the list of layers for those there are."""


def layer(key: str) -> Layer:
    """The layer with this key. Raises `UnknownLayer`."""
    try:
        return LAYERS[key]
    except KeyError:
        raise UnknownLayer from None


def content_schema(declared: Layer) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a layer's content as it is published."""
    return content_json_schema(declared.content)
