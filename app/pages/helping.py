"""The routers of what those use who help others: lists, tables, comparisons, codes and slips."""

from app.pages import compare, day, feature_code, lists, slip, table

routers = (table.router, compare.router, day.router, lists.router, feature_code.router, slip.router)
