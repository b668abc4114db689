"""What of the board a reader is shown at a moment, in words of their language."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.banners.content import Kind, in_language
from app.features.web_addresses import host_for_people
from app.i18n import N_, translator

TITLES: Final[Mapping[str, str]] = {
    Kind.EMERGENCY: N_("Emergency"),
    Kind.WARNING: N_("Warning"),
    Kind.INFORMATION: N_("Information"),
}
#: A shape of its own for each, beside the word and the colour.
ICONS: Final[Mapping[str, str]] = {
    Kind.EMERGENCY: "octagon-alert",
    Kind.WARNING: "triangle-alert",
    Kind.INFORMATION: "info",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A banner for one reader. `key` is another one whenever it says something else; `until` is ISO 8601."""

    key: str
    kind: str
    title: str
    icon: str
    text: str
    text_language: str
    href: str
    link_words: str
    until: str
    dismissable: bool
    dismiss_words: str


def shown_at(board: Sequence[Mapping[str, Any]], now: dt.datetime) -> list[Mapping[str, Any]]:
    """Give those of a board whose time it is."""
    return [
        one
        for one in board
        if dt.datetime.fromisoformat(one["from"]) <= now < dt.datetime.fromisoformat(one["until"])
    ]


def mark_of(board: Sequence[Mapping[str, Any]], now: dt.datetime) -> str:
    """Give what tells this state from any other, for the validator of a page."""
    return ",".join(key_of(one) for one in shown_at(board, now))


def key_of(one: Mapping[str, Any]) -> str:
    """Give the name under which a browser knows that somebody has put it away."""
    return f"{one['id']}.{one['version']}"


def said(one: Mapping[str, Any], language: str) -> Shown:
    """Give a banner in the words of a language."""
    texts = translator(language)
    text, found = in_language(one["texts"], language)
    link = one["link"]
    own = link.startswith("/")
    more = texts.gettext("Read more")
    return Shown(
        key=key_of(one),
        kind=one["kind"],
        title=texts.gettext(TITLES[one["kind"]]),
        icon=ICONS[one["kind"]],
        text=text,
        text_language=found,
        href=f"/{language}{link}" if own else link,
        link_words=more if own or not link else f"{more}: {host_for_people(link)}",
        until=one["until"],
        dismissable=one["kind"] != Kind.EMERGENCY,
        dismiss_words=texts.gettext("Hide this notice"),
    )
