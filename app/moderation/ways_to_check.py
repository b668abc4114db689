"""The ways in which somebody makes sure that a place is as the map says, by their codes in the vocabulary."""

from typing import Final

from app.features.setting import Setting

BY_VISITORS: Final = "two_visitors"
BY_ONE: Final = "one_visitor"
BY_OWNER: Final = "owner_confirmed"
#: Of what nobody has checked.
NOBODY: Final = "not_verified"


def own_ways_to_check(setting: Setting) -> tuple[str, ...]:
    """Give the codes of those in which a moderator looks and believes nobody's word."""
    methods = setting.vocabulary.verification_methods.values()
    return tuple(method.code for method in methods if "moderator" in method.by)


def ways_to_check(setting: Setting) -> tuple[str, ...]:
    """Give the codes of the ways in which a moderator can find out that a place is as the map says."""
    methods = setting.vocabulary.verification_methods.values()
    return tuple(method.code for method in methods if {"moderator", "visitor"} & set(method.by))
