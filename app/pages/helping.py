"""The routers of what those use who help others: tables, comparisons, codes and slips."""

from app.pages import compare, feature_code, slip, table

routers = (table.router, compare.router, feature_code.router, slip.router)
