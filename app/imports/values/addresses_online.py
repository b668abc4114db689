"""Web and e-mail addresses out of one cell, where data sets mix them up."""

import re
from dataclasses import dataclass, field
from typing import Final

from pydantic_core import PydanticCustomError

from app.features.web_addresses import read_email, read_web_address
from app.imports.notes import Note

_EMAIL: Final = re.compile(r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_SCHEMES: Final = re.compile(r"^(?:(?:https?|hhttps?|htpp):?/{0,2}|www\.)+", re.IGNORECASE)
_BETWEEN: Final = re.compile(r"[\s;|,]+(?:oraz|i|lub|and|or)?[\s;|,]*(?=\S)")
_HOST: Final = re.compile(r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,}(?=[/:?#]|$)")
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
    found = OnlineAddresses()
    remarks: list[Note] = []
    added = [_add_website(part, found, remarks, repaired=repaired) for part in parts]
    if not all(added):
        # A part that is no address may as well be the half of one that was torn in two.
        notes.append(Note("website_dropped"))
        return
    notes.extend(remarks)
    if len(parts) > 1:
        notes.append(Note("website_several"))
    for website in found.websites:
        to.add_website(website)
    for email in found.emails:
        to.add_email(email)


def add_emails(text: str, to: OnlineAddresses, notes: list[Note]) -> None:
    """Add the e-mail addresses of a cell; what is none is left out with a note."""
    if not text.strip():
        return
    found = 0
    for address in _EMAIL.findall(text):
        try:
            to.add_email(read_email(address))
        except PydanticCustomError:
            continue
        found += 1
    if not found:
        notes.append(Note("email_dropped"))


def _add_website(text: str, to: OnlineAddresses, notes: list[Note], *, repaired: bool) -> bool:
    """Add one address; whether it was one."""
    beginning = _SCHEMES.match(text)
    rest = text[beginning.end() :] if beginning else text
    if match := _EMAIL.fullmatch(rest.partition("/")[0]):
        to.add_email(match[0])
        notes.append(Note("website_is_email"))
        return True
    written = beginning[0].lower() if beginning else ""
    scheme = "https://" if written.startswith("https") else "http://"
    www = "www." if "www." in written else ""
    if not _HOST.match(rest):
        return False
    try:
        address = read_web_address(f"{scheme}{www}{rest}")
    except PydanticCustomError:
        return False
    to.add_website(address)
    if repaired or not re.fullmatch(r"(https?://)?(www\.)?", written):
        notes.append(Note("website_repaired"))
    return True
