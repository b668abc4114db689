"""The routers of the desk."""

from app.desk import confirmations, decisions, inbox, language, missing, published, queue, reports, sign_in

routers = (
    queue.router,
    decisions.router,
    reports.router,
    confirmations.router,
    missing.router,
    sign_in.router,
    inbox.router,
    published.router,
    language.router,
)
