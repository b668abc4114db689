"""The reasons a moderator may give: codes, and the words that the submitter reads."""

from app.i18n import N_

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
