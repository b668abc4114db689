"""The routers of everything that a submitter uses."""

from app.pages import (
    adding,
    already_there,
    asked,
    asked_photos,
    closing,
    correcting,
    correcting_change,
    missing,
    opening,
    places,
    reporting,
    status,
    still_true,
    still_wrong,
    suggestion,
)

routers = (
    already_there.router,
    adding.router,
    places.router,
    status.router,
    asked_photos.router,
    opening.router,
    correcting.router,
    correcting_change.router,
    suggestion.router,
    closing.router,
    reporting.router,
    still_true.router,
    still_wrong.router,
    asked.router,
    missing.router,
)
