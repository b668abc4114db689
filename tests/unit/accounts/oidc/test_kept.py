"""What cannot be had is left alone for a while, whatever the reason."""

import pytest

from app.accounts.oidc.kept import Kept
from app.accounts.oidc.problems import ServiceAnswersWrongly, ServiceUnreachable


@pytest.mark.parametrize(
    ("raised", "told"), [(ServiceUnreachable, ServiceUnreachable), (KeyError, ServiceAnswersWrongly)]
)
async def test_after_any_failure_nobody_asks_for_a_while(
    raised: type[Exception], told: type[Exception]
) -> None:
    asked = 0

    async def ask() -> int:
        nonlocal asked
        asked += 1
        raise raised

    kept = Kept(ask)
    for _ in range(3):
        with pytest.raises(told):
            await kept.get(at_most_s=60)
    assert asked == 1
