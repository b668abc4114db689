"""The routers of this slice, the most asked-for first."""

from app.map_api import basemap, features, layers, tiles

routers = (tiles.router, features.router, layers.router, basemap.router)
