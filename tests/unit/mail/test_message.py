import datetime as dt
import email
import email.policy
import uuid
from dataclasses import replace
from typing import Any, cast

import pytest

from app.mail.message import HeaderInjectionError, Letter, compose

LETTER = Letter(
    id=uuid.UUID(int=7),
    to="ola@poczta.example",
    subject="Dziękujemy – Ґанок",
    plain="Cześć\n",
    html="<p>Cześć</p>",
    language="pl",
)
FROM = "Pomapa <pomapa@kielce.example>"


def test_a_mail_reads_the_same_everywhere() -> None:
    raw = compose(LETTER, FROM, now=dt.datetime(2026, 11, 24, 16, 20, tzinfo=dt.UTC)).as_bytes()
    assert raw.isascii()
    read = email.message_from_bytes(raw, policy=email.policy.default)
    assert read["Subject"] == LETTER.subject
    assert read["To"] == LETTER.to
    assert read["Date"] == "Tue, 24 Nov 2026 16:20:00 +0000"
    assert read["Message-ID"] == "<00000000-0000-0000-0000-000000000007@kielce.example>"
    assert read["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in read.iter_parts()] == ["text/plain", "text/html"]
    assert "List-Unsubscribe" not in read


def test_leaving_takes_one_click() -> None:
    message = compose(replace(LETTER, unsubscribe_url="https://pomapa.example/u/x"), FROM)
    assert message["List-Unsubscribe"] == "<https://pomapa.example/u/x>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize("bad", ["a\r\nBcc: b@c.example", "a\nb", "a\rb", "a\x00b", "a\u2028b", "a\x85b"])
@pytest.mark.parametrize("header", ["to", "subject", "unsubscribe_url"])
def test_no_value_opens_another_header(header: str, bad: str) -> None:
    with pytest.raises(HeaderInjectionError):
        compose(replace(LETTER, **cast("dict[str, Any]", {header: bad})), FROM)
