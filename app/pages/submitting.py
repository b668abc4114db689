"""The routers of everything that a submitter uses."""

from app.pages import adding, correcting, places, status

routers = (adding.router, places.router, status.router, correcting.router)
