"""The routers of this slice. A feature's page comes last: its address has the fewest fixed words."""

from app.pages import about, feature, finder, offline, robots, submitting

routers = (finder.router, *submitting.routers, robots.router, offline.router, feature.router, about.router)
