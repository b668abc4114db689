"""The routers of what those use who help others: codes and slips."""

from app.pages import feature_code, slip

routers = (feature_code.router, slip.router)
