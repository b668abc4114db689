"""E-mail and web addresses that may be shown to everybody and are never a trap."""

import ipaddress
import re
from typing import Final

from email_validator import EmailNotValidError, validate_email
from pydantic import AnyHttpUrl, TypeAdapter, ValidationError

from app.features.problems import refusal

LONGEST_WEB_ADDRESS: Final = 2083
LONGEST_EMAIL: Final = 254

_URL: Final = TypeAdapter(AnyHttpUrl)
_SCHEME: Final = re.compile(r"^[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_UNSAFE: Final = re.compile(
    r"[\x00-\x20\x7f\"<>\\^`{|}\u0080-\u00a0\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]"
)
_EMAIL: Final = re.compile(r"^[^\s/@:]+@[^\s/@:]+\.[^\s/@:]+$")
#: Names that mean a machine or a network of one's own.
_PRIVATE_HOSTS: Final = (
    "localhost",
    "local",
    "internal",
    "intranet",
    "lan",
    "home",
    "corp",
    "home.arpa",
    "onion",
)


def read_email(text: str) -> str:
    """One address, its domain in small letters. Raises a refusal; nothing is asked of the network."""
    text = text.strip(" \t\u00a0")
    if len(text) > LONGEST_EMAIL or re.search(r"[\r\n\x00-\x1f]", text):
        raise refusal("email_unreadable")
    if text.count("@") > 1 or re.search(r"[,;]", text):
        raise refusal("email_several")
    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError:
        raise refusal("email_unreadable") from None


def read_web_address(text: str) -> str:
    """An address of the public web in the form that browsers send, with https:// where no scheme was written.

    The host is in ASCII (`xn--…`). Raises a refusal.
    """
    text = text.strip(" \t\u00a0")
    if not text or len(text) > LONGEST_WEB_ADDRESS or _UNSAFE.search(text):
        raise refusal("web_unreadable")
    if _EMAIL.match(text) or text.lower().startswith("mailto:"):
        raise refusal("web_is_email")
    if not re.match(r"https?://", text, re.IGNORECASE):
        # `host:8080/path` has no scheme either, but nobody writes it by hand.
        if _SCHEME.match(text) or text.startswith("/"):
            raise refusal("web_scheme")
        text = f"https://{text}"
    return _normal(text)


def _normal(text: str) -> str:
    try:
        url = _URL.validate_python(text)
    except ValidationError:
        raise refusal("web_unreadable") from None
    if url.username or url.password or "@" in re.split(r"[/?#]", text, maxsplit=3)[2]:
        raise refusal("web_credentials")
    if not _is_public(url.host or ""):
        raise refusal("web_host")
    normal = str(url)
    if len(normal) > LONGEST_WEB_ADDRESS:
        raise refusal("web_unreadable")
    return normal


def _is_public(host: str) -> bool:
    host = host.rstrip(".")
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        labels = host.split(".")
        private = any(host == name or host.endswith(f".{name}") for name in _PRIVATE_HOSTS)
        return len(labels) > 1 and not labels[-1].isdigit() and not private
    return False


def host_for_people(address: str) -> str:
    """The host of a web address as it is read: `żółw.pl` for `xn--w-uga1v8h.pl`, unless it mixes scripts."""
    host = _URL.validate_python(address).host or ""
    readable = _decoded(host)
    return host if _mixes_scripts(readable) else readable.removeprefix("www.")


def has_mixed_script_host(address: str) -> bool:
    """Whether a label of the host mixes letters of several scripts, as look-alikes do (`pаypal` with а)."""
    return _mixes_scripts(_decoded(_URL.validate_python(address).host or ""))


def _decoded(host: str) -> str:
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:
        return host


def _mixes_scripts(host: str) -> bool:
    return any(len({_script(sign) for sign in label if sign.isalpha()}) > 1 for label in host.split("."))


def _script(sign: str) -> str:
    for script, first, last in (("Latin", 0x41, 0x24F), ("Greek", 0x370, 0x3FF), ("Cyrillic", 0x400, 0x52F)):
        if first <= ord(sign) <= last:
            return script
    return "other"
