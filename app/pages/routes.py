"""The routers of this slice. A feature's page comes last: its address has the fewest fixed words."""

from app.pages import (
    about,
    embed,
    feature,
    finder,
    helping,
    offline,
    photos,
    robots,
    submitting,
    unit_choices,
)

routers = (
    finder.router,
    embed.router,
    *submitting.routers,
    unit_choices.router,
    robots.router,
    offline.router,
    photos.router,
    *helping.routers,
    feature.router,
    about.router,
)
