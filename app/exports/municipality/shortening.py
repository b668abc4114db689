"""An entry that is too long for a file, ever shorter: what one needs to get there and to call goes last."""

from collections.abc import Iterator
from dataclasses import replace

from app.exports.municipality.entries import Contact, Entry, Notice
from app.features.wording import Said

#: The longest texts of an entry at its shortest, in characters, and the most notices and contacts.
_LONG = 300
_SHORT = 120
_MOST = 3


def shortened(entry: Entry) -> Iterator[Entry]:
    """Give it without what people wrote on each service, then without the services' own hours, then the least."""
    own = tuple(replace(service, facts=()) for service in entry.own)
    facts = tuple(replace(fact, note=None) for fact in entry.facts if fact.words)
    without_notes = replace(entry, own=own, facts=facts)
    yield without_notes
    yield replace(without_notes, own=())
    yield _least(entry)


def _least(entry: Entry) -> Entry:
    hours = entry.hours
    if hours is not None:
        # Half of a week would be a wrong one.
        whole = len(hours.week) <= _LONG
        kept = tuple(one for one in hours.exceptions if len(one) <= _LONG)[:_MOST]
        hours = replace(hours, week=hours.week, exceptions=kept) if whole else None
    return replace(
        entry,
        name=_cut(entry.name, _SHORT),
        local_name=_cut(entry.local_name, _SHORT) if entry.local_name else None,
        services=_words(entry.services, _LONG),
        where=_words(entry.where, _LONG),
        entrance=None,
        hours=hours,
        own=(),
        notices=tuple(_notice(notice) for notice in entry.notices[:_MOST]),
        contacts=tuple(_contacts(entry)),
        facts=(),
        run_by=_words(entry.run_by, _SHORT),
    )


def _notice(notice: Notice) -> Notice:
    return replace(notice, text=_cut(notice.text, _LONG) if notice.text else None)


def _contacts(entry: Entry) -> Iterator[Contact]:
    """The first few, numbers to call before all others; half of an address leads nowhere."""
    usable = [each for each in entry.contacts if len(each.href) <= _LONG]
    for each in sorted(usable, key=lambda each: each.kind != "phone")[:_MOST]:
        label = _cut(each.label, _SHORT) if each.label else None
        yield replace(
            each, value=_words(each.value, _LONG), label=label, languages=_words(each.languages, _SHORT)
        )


def _cut(said: Said, most: int) -> Said:
    return replace(said, text=_words(said.text, most))


def _words(text: str, most: int) -> str:
    """The text up to the last whole word that fits, with the sign that something is missing."""
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    return (kept.rsplit(maxsplit=1)[0] if " " in kept else kept) + "…"
