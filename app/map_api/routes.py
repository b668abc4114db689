"""The routers of this slice, the most asked-for first."""

from app.map_api import areas, basemap, features, layers, place_names, search, tiles

routers = (
    tiles.router,
    features.router,
    search.router,
    place_names.router,
    areas.router,
    layers.router,
    basemap.router,
)
