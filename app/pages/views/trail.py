"""Where a submission is: four stations with their dates, as the submitter reads them."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.i18n import Translator
from app.moderation.actions.confirm import VALID_FOR
from app.moderation.models import Submission, SubmissionNote
from app.moderation.reasons import rejection_reasons, rejection_sentence
from app.moderation.states import SubmissionState


@dataclass(frozen=True, slots=True)
class Station:
    """One station of the trail. `state` is done, here, or "" for what is still to come."""

    words: str
    icon: str
    state: str = ""
    meta: str = ""
    action: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Trail:
    """The stations of one submission, and the words that sum them up."""

    title: str
    stations: tuple[Station, ...]


def trail(
    submission: Submission,
    notes: Sequence[SubmissionNote],
    texts: Translator,
    *,
    now: dt.datetime,
    moment: Callable[[dt.datetime], str],
    feature_address: str | None,
    own: bool = True,
) -> Trail:
    """Tell where it is; `moment` writes a time, `feature_address` is the path of what was published.

    Without `own` it is told to somebody who may not answer.
    """
    _ = texts.gettext
    state = SubmissionState(submission.state)
    if state is SubmissionState.SPAM:
        # Whoever sends spam learns nothing of how it was known, and whoever was taken for one of them reads the same.
        state = SubmissionState.REJECTED
    gone = state is SubmissionState.APPROVED and feature_address is None
    sent = Station(_("You have sent it"), "check", "done", moment(submission.created_at))
    mail = _mail(submission, state, texts, now, moment)
    if state is SubmissionState.WITHDRAWN:
        # Nothing comes any more, so nothing is promised.
        return Trail(
            _title(state, texts), (sent, mail, Station(_("You have taken it back"), "undo-2", "here"))
        )
    return Trail(
        _("It is no longer on the map") if gone else _title(state, texts, submission.kind),
        (
            sent,
            mail,
            _moderator(submission, state, notes, texts, moment, own=own),
            _map(submission, state, texts, moment, feature_address),
        ),
    )


def _title(state: SubmissionState, texts: Translator, kind: str = "new") -> str:
    _ = texts.gettext
    if kind == "change" and state is SubmissionState.REJECTED:
        return _("We did not make this change")
    return {
        SubmissionState.UNCONFIRMED: _("Now look into your mail"),
        SubmissionState.PENDING: _("A moderator is looking at it"),
        SubmissionState.NEEDS_CHANGES: _("We have a question"),
        SubmissionState.APPROVED: _("It is on the map"),
        SubmissionState.REJECTED: _("We did not add it"),
        SubmissionState.WITHDRAWN: _("You have taken it back"),
    }[state]


def _mail(
    submission: Submission,
    state: SubmissionState,
    texts: Translator,
    now: dt.datetime,
    moment: Callable[[dt.datetime], str],
) -> Station:
    _ = texts.gettext
    if submission.confirmed_at is not None:
        return Station(_("You have confirmed your e-mail"), "mail", "done", moment(submission.confirmed_at))
    if state is not SubmissionState.UNCONFIRMED:
        return Station(_("Your e-mail was not confirmed"), "mail")
    if now - submission.created_at > VALID_FOR:
        return Station(
            _("Your e-mail was not confirmed"),
            "mail",
            "here",
            _("The link was valid for three days. Please send the form once more."),
        )
    return Station(
        _("Confirm your e-mail"),
        "mail",
        "here",
        _("We have sent you a link. It is valid for three days. Nothing there? Look into the spam folder, too."),
    )  # fmt: skip


def _moderator(
    submission: Submission,
    state: SubmissionState,
    notes: Sequence[SubmissionNote],
    texts: Translator,
    moment: Callable[[dt.datetime], str],
    *,
    own: bool,
) -> Station:
    _ = texts.gettext
    if state is SubmissionState.NEEDS_CHANGES and not own:
        return Station(
            _("A moderator asks you something"),
            "circle-help",
            "here",
            _("The question is in a mail, with a link to answer it."),
        )
    if state is SubmissionState.NEEDS_CHANGES:
        asked = [note for note in notes if note.author == "moderator"]
        when = moment(asked[-1].at) if asked else ""
        return Station(
            _("A moderator asks you something"), "circle-help", "here", when, {"words": _("Answer"), "href": "#answer"}
        )  # fmt: skip
    if state is SubmissionState.PENDING:
        return Station(
            _("A moderator looks at it"), "eye", "here", _("Usually within two days. We write to you.")
        )
    if state in (SubmissionState.APPROVED, SubmissionState.REJECTED):
        when = moment(submission.decided_at) if submission.decided_at else ""
        return Station(_("A moderator has looked at it"), "eye", "done", when)
    return Station(_("A moderator looks at it"), "eye")


def _map(
    submission: Submission,
    state: SubmissionState,
    texts: Translator,
    moment: Callable[[dt.datetime], str],
    feature_address: str | None,
) -> Station:
    _ = texts.gettext
    if state is SubmissionState.APPROVED and feature_address is None:
        return Station(_("No longer on the map"), "map-pin-off", "here")
    if state is SubmissionState.APPROVED:
        action = {"words": _("See it"), "href": feature_address or ""}
        when = moment(submission.decided_at) if submission.decided_at else ""
        return Station(_("On the map"), "map-pin", "done", when, action)
    if state is SubmissionState.REJECTED:
        words = _("The map stays as it was") if submission.kind == "change" else _("Not on the map")
        return Station(words, "map-pin-off", "here", rejection_words(submission, texts))
    return Station(_("On the map"), "map-pin")


def rejection_words(submission: Submission, texts: Translator) -> str:
    """Why it was not added, as one sentence."""
    reason = texts.gettext(
        rejection_reasons(submission.layer, submission.kind).get(submission.decision_reason or "", "")
    )
    sentence = rejection_sentence(submission.layer, submission.kind)
    return texts.gettext(sentence, reason=reason) if reason else ""
