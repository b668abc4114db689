"""Telephone numbers that nobody answers.

Poland reserves no numbers for fiction. In its numbering plan a geographic number is a two-digit zone and
a subscriber's seven digits, and since a leading zero was the trunk prefix until 2009 no subscriber's
number begins with one. `41 000 01 23` therefore has the right shape, passes as a number of Kielce, and
rings nowhere.
"""


def invented_phone(area_code: str, number: int) -> str:
    """The number in E.164 of a zone (two digits); `number` is from 0 to 9999."""
    return f"+48{area_code}000{number:04}"
