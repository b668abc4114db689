import math

import pytest

from app.features.listing import SORTED_AT_MOST, UNKNOWN_SORTED_AT_MOST, Order, sorted_at_most


@pytest.mark.parametrize("reverse", [False, True])
def test_of_hours_nobody_knows_few_are_put_in_an_order_that_may_have_them_all_at_its_end(
    *, reverse: bool
) -> None:
    def most(order: Order, *, unknown_hours: bool) -> float:
        return sorted_at_most(order, reverse=reverse, unknown_hours=unknown_hours)

    for order in (Order.OPEN, Order.NAME):
        assert most(order, unknown_hours=True) == UNKNOWN_SORTED_AT_MOST
        assert most(order, unknown_hours=False) == math.inf
    assert most(Order.CHECKED, unknown_hours=True) == math.inf
    assert most(Order.TOWN, unknown_hours=True) == SORTED_AT_MOST
