"""The routers of this slice, the most asked-for first."""

from starlette.middleware import Middleware

from app.map_api import (
    areas,
    basemap,
    changes,
    features,
    gone,
    layers,
    place_names,
    search,
    submission_status,
    submissions,
    tiles,
)
from app.map_api.conditional import UnchangedAnswers
from app.map_api.flood_refusals import FloodRefusals

routers = (
    tiles.router,
    features.router,
    search.router,
    place_names.router,
    areas.router,
    changes.router,
    gone.router,
    layers.router,
    basemap.router,
    submissions.router,
    submission_status.router,
)

#: Answers that need no route, in front of all of them.
shortcuts = (
    Middleware(FloodRefusals),
    Middleware(UnchangedAnswers, routes=[*tiles.router.routes, *features.router.routes]),
)
