"""`[[contacts]]`: phones, e-mail and web addresses, as many to a cell as the source has put there."""

import re
from typing import Any, Final

from app.imports.expressions import Declaration, Text, walk
from app.imports.record import Record
from app.imports.sections.texts import TranslatedText
from app.imports.values.addresses_online import OnlineAddresses, add_emails, add_websites
from app.imports.values.phones import Phone, phones_in
from app.taxonomy.vocabulary import load_vocabulary

#: As many as a person looks through; the content's own limit is higher.
MOST: Final = 12

# "(PL, EN)" behind a number: the languages spoken there. "UA" is the country, meant is Ukrainian.
_LANGUAGES: Final = re.compile(r"[A-Za-z]{2}(?:\s*[,/;]\s*[A-Za-z]{2})*")
_MEANT: Final = {"ua": "uk", "cz": "cs", "gb": "en"}


class ContactsSection(Declaration):
    """Columns with contacts; `each` is a path to objects that hold them."""

    each: str | None = None
    phones: tuple[Text, ...] = ()
    emails: tuple[Text, ...] = ()
    websites: tuple[Text, ...] = ()
    label: TranslatedText | None = None
    """What the contact is for; without one, what stands beside a number in its cell."""

    def build(self, record: Record, country: str) -> list[dict[str, Any]]:
        """Give the contacts of a row, phones first, each value once."""
        parts = [record]
        if self.each is not None:
            parts = [record.inside(v) for v in walk(record.values, self.each) if isinstance(v, dict)]
        found: dict[tuple[str, str], dict[str, Any]] = {}
        for part in parts:
            for contact in self._of(part, country):
                found.setdefault((contact["kind"], contact["value"]), contact)
        return list(found.values())

    def _of(self, record: Record, country: str) -> list[dict[str, Any]]:
        label = self.label.build(record, "contacts.label") if self.label else None
        contacts = []
        for text in _said(self.phones, record):
            contacts += [
                _phone(phone, record.language, label) for phone in phones_in(text, country, record.notes)
            ]
        online = OnlineAddresses()
        for text in _said(self.emails, record):
            add_emails(text, online, record.notes)
        for text in _said(self.websites, record):
            add_websites(text, online, record.notes)
        contacts += [_labelled({"kind": "email", "value": email}, label) for email in online.emails]
        contacts += [_labelled({"kind": "web", "value": website}, label) for website in online.websites]
        return contacts


def all_contacts(sections: tuple[ContactsSection, ...], record: Record, country: str) -> list[dict[str, Any]]:
    """Give the contacts of all sections, each value once, at most `MOST`."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for section in sections:
        for contact in section.build(record, country):
            found.setdefault((contact["kind"], contact["value"]), contact)
    contacts = sorted(found.values(), key=lambda contact: ("phone", "email", "web").index(contact["kind"]))
    if len(contacts) > MOST:
        record.note("too_many_contacts")
    return contacts[:MOST]


def _said(texts: tuple[Text, ...], record: Record) -> list[str]:
    return [said for text in texts for said in text.texts(record.values)]


def _phone(phone: Phone, language: str, label: dict[str, Any] | None) -> dict[str, Any]:
    contact: dict[str, Any] = {"kind": "phone", "value": phone.number}
    if phone.extension:
        contact["extension"] = phone.extension
    spoken = _languages(phone.beside or "")
    if spoken:
        contact["languages"] = spoken
    elif phone.beside and label is None:
        label = {"texts": {language: phone.beside}, "source": language}
    return _labelled(contact, label)


def _languages(text: str) -> list[str]:
    if not _LANGUAGES.fullmatch(text.strip()):
        return []
    codes = [_MEANT.get(code.lower(), code.lower()) for code in re.findall(r"[A-Za-z]{2}", text)]
    return codes if set(codes) <= set(load_vocabulary().languages) else []


def _labelled(contact: dict[str, Any], label: dict[str, Any] | None) -> dict[str, Any]:
    return contact | {"label": label} if label else contact
