"""How somebody has made sure: which ways are open, and what they have to say of it."""

import pytest

from app.errors import InvalidInput
from app.moderation.assurance import BY_MAILED_CODE, LONGEST, WAYS, Assurance, ways_open

SAID = "called the number of the entry"


@pytest.mark.parametrize("by_two", [False, True])
@pytest.mark.parametrize("proved", [False, True])
def test_what_is_offered_is_taken_and_no_mail_is_enough_where_it_takes_two(
    by_two: bool, proved: bool
) -> None:
    offered = ways_open(by_two=by_two, proved=proved)
    for way in WAYS:
        if way in offered:
            assert Assurance(way, f" {SAID} ").checked(by_two=by_two) == SAID
        elif by_two and (proved or way != BY_MAILED_CODE):
            with pytest.raises(InvalidInput):
                Assurance(way, SAID).checked(by_two=True)
    assert (BY_MAILED_CODE in offered) == (proved and not by_two)
    assert ("domain_mail" in offered) == (not by_two)


@pytest.mark.parametrize("said", ["", "short", "a" * (LONGEST + 1)])
def test_whoever_makes_sure_says_whom_they_have_reached_but_for_the_code(said: str) -> None:
    with pytest.raises(InvalidInput):
        Assurance("called_back", said).checked(by_two=True)
    assert Assurance(BY_MAILED_CODE, said).checked(by_two=False) == said[:LONGEST]


def test_a_way_of_ones_own_is_none() -> None:
    with pytest.raises(InvalidInput):
        Assurance("telepathy", SAID).checked(by_two=False)
