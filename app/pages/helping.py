"""The routers of what those use who help others: lists, tables, comparisons, codes, pictures and slips."""

from app.pages import compare, day, feature_code, feature_picture, lists, slip, table

routers = (
    table.router,
    compare.router,
    day.router,
    lists.router,
    feature_code.router,
    feature_picture.router,
    slip.router,
)
