"""Headers with words in them, folded so that every reader sees every space.

A reader drops the space between two encoded words (RFC 2047, 6.2), so one that is meant has to stand inside a word.
Python up to 3.12 loses it where its own folding breaks a long text.
"""

from email.header import Header
from email.headerregistry import BaseHeader, HeaderRegistry, UniqueAddressHeader, UniqueUnstructuredHeader
from email.policy import Policy
from typing import Any

#: RFC 5322, 2.1.1.
LONGEST_LINE = 78


class Subject(UniqueUnstructuredHeader, BaseHeader):  # type: ignore[misc]  # the registry puts them together like this
    """A line of text. What looks like an encoded word in it is text too."""

    @classmethod
    def parse(cls, value: str, kwds: dict[str, Any]) -> None:
        """Take the text as it was given."""
        super().parse(value, kwds)
        kwds["decoded"] = value

    def fold(self, *, policy: Policy) -> str:
        """Give the header as it goes out."""
        text = str(self)
        if _is_plain(text):
            return super().fold(policy=policy)
        return f"{self.name}: {_encoded(text, self.name, policy)}{policy.linesep}"


class Addresses(UniqueAddressHeader, BaseHeader):  # type: ignore[misc]  # the registry puts them together like this
    """Mailboxes, each with the name that is shown for it."""

    def fold(self, *, policy: Policy) -> str:
        """Give the header as it goes out."""
        if not all(address.addr_spec.isascii() for address in self.addresses) or all(
            _is_plain(address.display_name) for address in self.addresses
        ):
            return super().fold(policy=policy)
        said = f",{policy.linesep} ".join(
            # On a line of its own: after words of any length there may be no room for it.
            f"{_encoded(address.display_name, self.name, policy)}{policy.linesep} <{address.addr_spec}>"
            if address.display_name
            else address.addr_spec
            for address in self.addresses
        )
        return f"{self.name}: {said}{policy.linesep}"


def _is_plain(text: str) -> bool:
    # What only looks like an encoded word would be shown as what it says.
    return text.isascii() and "=?" not in text


def _encoded(text: str, name: str, policy: Policy) -> str:
    """Give the whole text as encoded words, which end between characters; the first line begins with the header's name."""
    header = Header(text, "utf-8", maxlinelen=LONGEST_LINE - 2, header_name=name)
    return header.encode(linesep=policy.linesep)


HEADERS = HeaderRegistry()
for _name, _kind in (("subject", Subject), ("from", Addresses), ("to", Addresses)):
    HEADERS.map_to_type(_name, _kind)
