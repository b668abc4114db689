"""The reasons of a screening in words."""

from collections.abc import Callable
from typing import Final

from app.i18n import N_, Translator
from app.moderation.screening.signals import Screening, Signal

#: By code; the placeholders are members of the detail.
SENTENCES: Final[dict[str, str]] = {
    "author_new": N_("The first submission from this e-mail address."),
    "phone_elsewhere": N_("The telephone stands at another entry: %(name)s"),
    "email_elsewhere": N_("The e-mail address stands at another entry: %(name)s"),
    "link_elsewhere": N_("The link stands at another entry: %(name)s"),
    "contact_refused": N_("Its telephone, e-mail or link was in a submission that was not accepted."),
    "shortener": N_("The link hides where it leads: %(host)s"),
    "host_lookalike": N_("The link mixes letters of several alphabets: %(host)s"),
    "phone_costly": N_("A call to this telephone costs extra."),
    "pin_outside": N_("The pin is in %(pin)s, the address in %(address)s."),
    "no_position": N_("There is no pin, and we cannot say where %(town)s is: the place would be on no map."),
    "house_unknown": N_("Nobody has shown the place: the pin is only the middle of %(town)s."),
    "text_like_published": N_("The text is %(percent)s %% like one on the map: %(name)s"),
    "text_like_waiting": N_("The text is %(percent)s %% like that of another submission."),
    "mixed_scripts": N_("One word mixes letters of several alphabets: %(word)s"),
    "hidden_signs": N_("The name holds signs that nobody sees."),
    "name_lookalike": N_("The name looks like that of another organisation: %(name)s"),
    "name_taken": N_("An organisation with this name is on the map already: %(name)s"),
    "phone_in_text": N_("There is a telephone number in the text."),
    "email_in_text": N_("There is an e-mail address in the text."),
    "pesel_in_text": N_("There is a PESEL number in the text."),
    "place_in_text": N_("The place is not to be known, but the text says where it is."),
    "protected_contact": N_(
        "How protected help is reached would change. Ask on a number that was known before."
    ),
    "protected_where": N_("Somebody else than before says where this protected help is."),
    "capitals": N_("The text is in capital letters."),
    "exclaims": N_("The text has many exclamation marks."),
    "link_in_text": N_("There is a link to another website in the text: %(host)s"),
}


def reasons_in(texts: Translator, screening: Screening) -> list[str]:
    """One sentence for each reason, the strongest first."""
    return [_sentence(texts, signal) for signal in screening.reasons]


def _sentence(texts: Translator, signal: Signal) -> str:
    counted = COUNTED.get(signal.code)
    if counted is not None:
        return counted(texts, int(signal.detail["n"]))
    return texts.gettext(SENTENCES[signal.code], **signal.detail)


def _phone_waiting(texts: Translator, n: int) -> str:
    return texts.ngettext(
        "The telephone stands in %(n)s other submission that waits.",
        "The telephone stands in %(n)s other submissions that wait.",
        n,
    )


def _email_waiting(texts: Translator, n: int) -> str:
    return texts.ngettext(
        "The e-mail address stands in %(n)s other submission that waits.",
        "The e-mail address stands in %(n)s other submissions that wait.",
        n,
    )


def _link_waiting(texts: Translator, n: int) -> str:
    return texts.ngettext(
        "The link stands in %(n)s other submission that waits.",
        "The link stands in %(n)s other submissions that wait.",
        n,
    )


def _author_refused(texts: Translator, n: int) -> str:
    return texts.ngettext(
        "%(n)s submission from this e-mail address was not accepted.",
        "%(n)s submissions from this e-mail address were not accepted.",
        n,
    )


def _burst(texts: Translator, n: int) -> str:
    return texts.ngettext(
        "%(n)s submission like this one within an hour.",
        "%(n)s submissions like this one within an hour.",
        n,
    )


#: By code, those that count something.
COUNTED: Final[dict[str, Callable[[Translator, int], str]]] = {
    "phone_waiting": _phone_waiting,
    "email_waiting": _email_waiting,
    "link_waiting": _link_waiting,
    "author_refused": _author_refused,
    "burst": _burst,
}
