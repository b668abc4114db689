"""The routers of everything that a submitter uses."""

from app.pages import (
    adding,
    closing,
    correcting,
    correcting_change,
    missing,
    places,
    reporting,
    status,
    still_true,
    suggestion,
)

routers = (
    adding.router,
    places.router,
    status.router,
    correcting.router,
    correcting_change.router,
    suggestion.router,
    closing.router,
    reporting.router,
    still_true.router,
    missing.router,
)
