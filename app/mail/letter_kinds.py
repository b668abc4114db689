"""The letters that the program sends: what each is called, what it can name, and what it may not leave out.

A template with several beginnings (a new place or a change, asked or approved) is as many kinds of letters.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.i18n import N_


@dataclass(frozen=True, slots=True)
class Placeholder:
    """What a letter can name: `{name}` in its words. `link`: an address of ours, which no subject holds.

    `long`: several lines, which no subject holds either. An empty one takes its paragraph with it.
    """

    name: str
    words: str
    required: bool = False
    link: bool = False
    long: bool = False
    sample: str = ""

    @property
    def in_subject(self) -> bool:
        """Whether a subject may name it."""
        return not (self.link or self.long)


@dataclass(frozen=True, slots=True)
class LetterKind:
    """One kind of letter. `fixed` are sentences that stand in it whatever its words are; `given` are the values of a sample."""

    key: str
    template: str
    title: str
    placeholders: tuple[Placeholder, ...]
    fixed: tuple[str, ...] = ()
    given: Mapping[str, Any] | None = None
    fits: Callable[[Mapping[str, Any]], bool] = lambda values: True  # noqa: ARG005 - every one of its template

    def placeholder(self, name: str) -> Placeholder | None:
        """What a name in braces stands for; None for a name that this letter does not know."""
        return next((one for one in self.placeholders if one.name == name), None)

    @property
    def sample(self) -> dict[str, Any]:
        """Values as a real letter has them, of a place that does not exist."""
        return {one.name: one.sample for one in self.placeholders} | dict(self.given or {})


def kind_of(template: str, values: Mapping[str, Any]) -> LetterKind | None:
    """Give the kind of a queued mail; None for one that has no words of its own."""
    return next((kind for kind in KINDS.values() if kind.template == template and kind.fits(values)), None)


def _is(name: str, value: Any) -> Callable[[Mapping[str, Any]], bool]:
    return lambda values: values.get(name) == value


_PLACE: Final = "Jadłodajnia „Ciepły Stół”"
_ORGANISATION: Final = "Fundacja Ciepły Stół"
_PERSON: Final = "Anna Nowak"
_LINK: Final = "/desk/sign-in"
_NAME: Final = Placeholder("name", N_("Name of the place or organisation"), sample=_PLACE)
_REASON: Final = Placeholder(
    "reason", N_("Why, in the moderator's words"), required=True, long=True, sample="Byliśmy tam w środę: drzwi są zamknięte, a sąsiedzi mówią, że od maja."
)  # fmt: skip
_NOTE: Final = Placeholder(
    "note", N_("What the moderator writes; may be empty"), required=True, long=True, sample="Dziękujemy. Proszę dopisać godziny."
)  # fmt: skip
_STATUS: Final = Placeholder(
    "status", N_("Link to what was sent"), required=True, link=True, sample="/status/…"
)
_FEATURE: Final = Placeholder(
    "feature", N_("Link to the page of the place"), required=True, link=True, sample="/aid_points/…"
)
_SUGGEST: Final = Placeholder(
    "suggest", N_("Link for suggesting a change of the place"), link=True, sample="/suggest/…"
)
_MINUTES: Final = Placeholder("minutes", N_("For how many minutes it works"), required=True, sample="15")
_BY: Final = Placeholder("by", N_("Who invites"), sample=_PERSON)
_ADDRESS: Final = Placeholder(
    "address", N_("E-mail address to type there"), required=True, sample="anna@fundacja.example"
)
_WHOSE: Final = Placeholder("organisation", N_("Name of the organisation"), sample=_ORGANISATION)
_COUNT: Final = Placeholder("count", N_("How many entries it is about"), sample="3")
_REPORT: Final = Placeholder(
    "report", N_("Link for saying that this is wrong"), required=True, link=True, sample="/report/…"
)


def _link(words: str, sample: str = _LINK) -> Placeholder:
    return Placeholder("link", words, required=True, link=True, sample=sample)


_MOVED: Final = (_NAME, _REASON, _FEATURE, _STATUS)
_SIGN_IN: Final = N_("Link to sign in")
_ENTRY: Final = N_("Link to what was sent")
_TO_ACCOUNT: Final = N_("Link to the account")
_TO_ASKED: Final = N_("Link to the page on which one answers")
_TO_PEOPLE: Final = N_("Link to the people of the organisation")
_TO_CLAIMS: Final = N_("Link to what the organisation has said is theirs")

KINDS: Final[Mapping[str, LetterKind]] = {
    kind.key: kind
    for kind in (
        LetterKind("sign_in", "sign_in", N_("Link to sign in"), (_link(_SIGN_IN), _MINUTES), given={"minutes": 15}),
        LetterKind(
            "confirm_submission", "confirm_submission", N_("Please confirm your address"),
            (Placeholder("confirm", N_("Link to confirm"), required=True, link=True, sample="/confirm/…"),),
        ),
        LetterKind(
            "approved", "approved", N_("It is on the map"),
            (
                _NAME, _FEATURE, _STATUS, _SUGGEST,
                Placeholder(
                    "correction", N_("That a moderator has put something right; may be empty"),
                    sample="A moderator has put something right in it before it was published.",
                ),
            ),
            given={"corrected": True},
        ),
        LetterKind(
            "rejected", "rejected", N_("Not added"), (_NAME, _REASON, _NOTE, _STATUS),
            given={"change": False}, fits=lambda values: not values.get("change"),
        ),
        LetterKind(
            "rejected_change", "rejected", N_("Not changed"), (_NAME, _REASON, _NOTE, _STATUS),
            given={"change": True}, fits=lambda values: bool(values.get("change")),
        ),
        LetterKind(
            "question", "question", N_("A moderator's question"),
            (
                _NAME,
                Placeholder("question", N_("The question"), required=True, long=True, sample="Czy obiady są też w soboty?"),
                _STATUS,
            ),
        ),
        LetterKind("taken_down", "taken_down", N_("Taken off the map"), (_NAME, _REASON, _STATUS)),
        LetterKind("put_back", "put_back", N_("Put back on the map"), _MOVED),
        LetterKind("closed", "closed", N_("Closed"), _MOVED),
        LetterKind("reopened", "reopened", N_("Opened again"), _MOVED),
        LetterKind("restored", "restored", N_("Earlier version put back"), _MOVED),
        LetterKind(
            "report_resolved", "report_resolved", N_("What came of a report"), (_NAME, _NOTE),
            fits=lambda values: bool(values.get("name")),
        ),
        LetterKind(
            "report_resolved_discreet", "report_resolved", N_("What came of a report, without a name"), (_NOTE,),
            given={"name": ""}, fits=lambda values: not values.get("name"),
        ),
        LetterKind("change_suggested", "change_suggested", N_("Somebody suggests a change"), (_NAME, _FEATURE)),
        LetterKind(
            "changed_by_itself", "changed_by_itself", N_("To those before: its organisation has changed it"),
            (_NAME, _WHOSE, _FEATURE, _REPORT),
        ),
        LetterKind(
            "reminder", "reminder", N_("Is it still true? To the address of a place"), (_NAME, _COUNT, _link(_TO_ASKED, "/asked/…")),
            given={"count": 3, "organisation": ""}, fits=lambda values: not values.get("organisation"),
        ),
        LetterKind(
            "reminder_organisation", "reminder", N_("Is it still true? To the admins of an organisation"),
            (_WHOSE, _COUNT, _link(_TO_ASKED, "/asked/…")),
            given={"count": 3, "name": ""}, fits=lambda values: bool(values.get("organisation")),
        ),
        LetterKind("protected", "protected", N_("Place protected"), (_link(_ENTRY, "/status/…"),)),
        LetterKind(
            "opening_asked", "opening_asked", N_("Owner asks to show the address again"), (_link(_ENTRY, "/status/…"),),
            fixed=(N_("Was it not you? Then open the link and choose “Leave the address hidden”."),),
        ),
        LetterKind(
            "opening_allowed", "opening_allowed", N_("You can send the address now"), (_link(_ENTRY, "/status/…"),)
        ),
        LetterKind(
            "opening_refused", "opening_refused", N_("The address stays hidden"), (_NOTE, _link(_ENTRY, "/status/…"))
        ),
        LetterKind("invitation", "invitation", N_("Invitation to the desk"), (_BY, _link(_SIGN_IN), _ADDRESS)),
        LetterKind(
            "membership", "membership", N_("Invitation to an organisation"), (_BY, _WHOSE, _link(_SIGN_IN), _ADDRESS)
        ),
        LetterKind(
            "admin_seated", "admin_seated", N_("One more admin of an organisation"),
            (
                _BY, _WHOSE, Placeholder("person", N_("Who is an admin now"), required=True, sample="Jan Kowalski (jan@fundacja.example)"),
                _link(_TO_PEOPLE, "/desk"),
            ),
            fixed=(N_("If that is not right, remove them there at once. If you cannot sign in any more, tell an administrator."),),
        ),
        LetterKind(
            "admin_unseated", "admin_unseated", N_("No longer an admin of an organisation"), (_BY, _WHOSE, _link(_SIGN_IN)),
            fixed=(N_("If that is not right, tell an administrator at once."),),
        ),
        LetterKind(
            "mail_servers_changed", "mail_servers_changed", N_("Mail for the domain of an admin goes elsewhere"),
            (
                _WHOSE, Placeholder("domain", N_("What stands behind the @ of the mailbox"), required=True, sample="fundacja.example"),
                Placeholder("until", N_("Until when these admins publish nothing by themselves"), required=True, sample="26 listopada, 02:43"),
                _link(_TO_PEOPLE, "/desk"),
            ),
            fixed=(N_("If none of you knows of it, ask whoever looks after the domain at once, take these admins off the list and tell an administrator of the map."),),
        ),
        LetterKind(
            "claim_code", "claim_code", N_("Code for an organisation that says an entry is theirs"),
            (
                _WHOSE, _NAME,
                Placeholder("code", N_("The code"), required=True, link=True, sample="4F7K-29QX"),
                _MINUTES, _REPORT,
            ),
            fixed=(N_("If it is not right, give the code to nobody."),), given={"minutes": 60},
        ),
        *(
            LetterKind(
                f"claim_decided_{what}", "claim_decided", title, (_NAME, _WHOSE, _NOTE, _link(_TO_CLAIMS, "/desk")),
                given={"what": what}, fits=_is("what", what),
            )
            for what, title in (
                ("approved", N_("The entry is the organisation's now")),
                ("refused", N_("The entry stays as it is")),
                ("undone", N_("The entry is no longer the organisation's")),
            )
        ),
        *(
            LetterKind(
                f"claim_behind_{what}", "claim_behind", title,
                (_NAME, _WHOSE, *((_NOTE,) if what == "undone" else ()), _REPORT),
                given={"what": what, "note": ""} if what != "undone" else {"what": what}, fits=_is("what", what),
            )
            for what, title in (
                ("asked", N_("To those before: an organisation says that it is theirs")),
                ("approved", N_("To those before: an organisation runs it now")),
                ("undone", N_("To those before: it is as it was")),
            )
        ),
        LetterKind(
            "identity_connected", "identity_connected", N_("Connected with a municipality's sign-in service"),
            (Placeholder("municipality", N_("Name of the municipality's sign-in service"), required=True, sample="Kielce"), _link(_TO_ACCOUNT, "/desk/account")),
            fixed=(N_("If it was not you, open your account and disconnect it there: then it stays out. Tell an administrator too."),),
        ),
        LetterKind(
            "app_connected", "app_connected", N_("App for the second step connected"), (_link(_TO_ACCOUNT, "/desk/account"),),
            fixed=(N_("If that was not you, tell an administrator at once: they can reset your second step."),),
        ),
        LetterKind(
            "codes_renewed", "codes_renewed", N_("Recovery codes renewed"), (_link(_TO_ACCOUNT, "/desk/account"),),
            fixed=(N_("If that was not you, tell an administrator at once: they can reset your second step."),),
        ),
        LetterKind(
            "passkey_added", "passkey_added", N_("Passkey added"),
            (Placeholder("name", N_("Name of the passkey"), required=True, sample="Telefon"), _link(_TO_ACCOUNT, "/desk/account")),
            fixed=(N_("If that was not you, tell an administrator at once: they can reset your second step, and all passkeys are gone."),),
        ),
        LetterKind(
            "passkey_removed", "passkey_removed", N_("Passkey removed"),
            (Placeholder("name", N_("Name of the passkey"), required=True, sample="Telefon"), _link(_TO_ACCOUNT, "/desk/account")),
            fixed=(N_("If that was not you, tell an administrator at once: they can sign you out everywhere."),),
        ),
    )
}  # fmt: skip
#: Stands where other mails name their template: a sample of words that are tried.
TRIAL: Final = "trial"
#: A sentence of ours that a placeholder stands for, and the value that says whether it is said.
SENTENCES: Final[Mapping[str, tuple[str, str]]] = {
    "correction": ("corrected", N_("A moderator has put something right in it before it was published."))
}
