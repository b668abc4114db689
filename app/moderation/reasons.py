"""The reasons a moderator may give: codes, and the words that the submitter reads."""

from collections.abc import Mapping

from app.i18n import N_

#: Each ends the sentence "We did not add this place because…".
REJECTION_REASONS: dict[str, str] = {
    "duplicate": N_("this place is on the map already."),
    "not_help": N_("it does not offer help to people."),
    "cannot_verify": N_("we could not find out whether it is true."),
    "closed": N_("it is no longer open."),
    "private_data": N_("it holds personal data that must not be public."),
    "unsafe": N_("publishing it could put people in danger."),
    "advertising": N_("it is advertising."),
    "other": N_("of what the moderator writes below."),
}
#: Of organisations, where other words are right: "We did not add this organisation because…".
_OF_ORGANISATIONS: dict[str, str] = {
    "duplicate": N_("this organisation is on the map already."),
    "not_help": N_("this organisation does not offer help to people."),
    "closed": N_("this organisation no longer works."),
}
#: Of changes: "We did not make this change because…".
_OF_CHANGES: dict[str, str] = {
    "duplicate": N_("the map says so already."),
    "not_help": N_("it would no longer be help to people."),
    "closed": N_("it no longer works."),
}
ORGANISATIONS = "organisations"


def rejection_reasons(layer: str, kind: str = "new") -> Mapping[str, str]:
    """Give the reasons in the words that fit a layer and kind of submission, in one order for all."""
    if kind == "change":
        return REJECTION_REASONS | _OF_CHANGES
    return REJECTION_REASONS | _OF_ORGANISATIONS if layer == ORGANISATIONS else REJECTION_REASONS


def rejection_sentence(layer: str, kind: str = "new") -> str:
    """Give the sentence that a reason ends; its placeholder is `reason`."""
    if kind == "change":
        return N_("We did not make this change because %(reason)s")
    if layer == ORGANISATIONS:
        return N_("We did not add this organisation because %(reason)s")
    return N_("We did not add this place because %(reason)s")
