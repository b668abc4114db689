"""Web and e-mail addresses out of one cell, where data sets mix them up."""

import re
from dataclasses import dataclass, field
from typing import Final

from app.imports.notes import Note

_EMAIL: Final = re.compile(r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_SCHEMES: Final = re.compile(r"^(?:(?:https?|hhttps?|htpp):?/{0,2}|www\.)+", re.IGNORECASE)
_BETWEEN: Final = re.compile(r"[\s;|,]+(?:oraz|i|lub|and|or)?[\s;|,]*(?=\S)")
_HOST: Final = re.compile(r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,}(?::\d+)?", re.UNICODE)
# "www. abc.pl", "p12.eduportal. bielsko.pl": a blank behind a point within a host.
_BLANK_IN_HOST: Final = re.compile(
    r"(?<=[a-z0-9])\.\s+(?=[a-z0-9-]+\.[a-z]{2,}\b)|(?<=//www)\.\s+|^(www)\.\s+", re.IGNORECASE
)


@dataclass(slots=True)
class OnlineAddresses:
    """Addresses of one record, each once, in their order."""

    websites: list[str] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)

    def add_website(self, address: str) -> None:
        """Add a web address unless it is there."""
        if address not in self.websites:
            self.websites.append(address)

    def add_email(self, address: str) -> None:
        """Add an e-mail address unless it is there."""
        if address.lower() not in (email.lower() for email in self.emails):
            self.emails.append(address)


def add_websites(text: str, to: OnlineAddresses, notes: list[Note]) -> None:
    """Add the web addresses of a cell. An e-mail address among them goes to the e-mail addresses, with a note."""
    text = text.strip()
    if not text:
        return
    joined = _BLANK_IN_HOST.sub(lambda match: "." if match[1] is None else "www.", text)
    repaired = joined != text
    parts = [part for part in _BETWEEN.split(joined) if part.strip(" .-")]
    if len(parts) > 1:
        notes.append(Note("website_several"))
    for part in parts:
        _add_website(part, to, notes, repaired=repaired)


def add_emails(text: str, to: OnlineAddresses, notes: list[Note]) -> None:
    """Add the e-mail addresses of a cell; what is none is left out with a note."""
    if not text.strip():
        return
    found = _EMAIL.findall(text)
    if not found:
        notes.append(Note("email_dropped"))
    for address in found:
        to.add_email(address)


def _add_website(text: str, to: OnlineAddresses, notes: list[Note], *, repaired: bool) -> None:
    beginning = _SCHEMES.match(text)
    rest = text[beginning.end() :] if beginning else text
    host, slash, path = rest.partition("/")
    if "@" in host:
        if match := _EMAIL.fullmatch(host):
            to.add_email(match[0])
            notes.append(Note("website_is_email"))
        else:
            notes.append(Note("website_dropped"))
        return
    if not _HOST.fullmatch(host):
        notes.append(Note("website_dropped"))
        return
    written = beginning[0].lower() if beginning else ""
    plain = re.fullmatch(r"(https?://)?(www\.)?", written)
    if not plain or repaired:
        notes.append(Note("website_repaired"))
    scheme = "https://" if written.startswith("https") else "http://"
    www = "www." if "www." in written else ""
    to.add_website(f"{scheme}{www}{host.lower()}{slash}{path}")
