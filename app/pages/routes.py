"""The routers of this slice. A feature's page comes last: its address has the fewest fixed words."""

from app.pages import about, feature, feature_code, finder, offline, robots, submitting, unit_choices

routers = (
    finder.router,
    *submitting.routers,
    unit_choices.router,
    robots.router,
    offline.router,
    feature_code.router,
    feature.router,
    about.router,
)
