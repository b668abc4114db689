"""What a reader sees of a header, decoded as RFC 2047 says it, by a reader of our own and by Python's."""

import base64
import email
import email.policy
import quopri
import re
import uuid
from email.generator import BytesGenerator
from email.policy import SMTP
from io import BytesIO

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.mail.message import Letter, compose

WORD = re.compile(r"=\?utf-8\?([bq])\?([!->@-~]+)\?=")
LETTERS = 'абвгґдеєжзиіїйклмнопрстуфхцчшщьюяАБВГҐaąbcćdeęłńóśźżŻășțßé🍲🏠👩‍👧❤️.,:;–„”«»!?()=_"\\<>@'
#: Words of any length with single spaces between them, as our texts have them.
words = st.text(LETTERS, min_size=1, max_size=60)
texts = st.lists(words, min_size=1, max_size=30).map(" ".join).map(lambda text: text[:160].strip())
long_texts = texts.filter(lambda text: len(text) >= 20)
LOST_A_SPACE = "Тепла миска – ми додали це місце на мапу, дякуємо вам за допомогу «Тепла миска»"


def seen(value: str) -> str:
    """What a mail program shows: unfolded, without what separates encoded words, decoded."""
    unfolded = re.sub(r"\r\n(?=[ \t])", "", value)
    joined = re.sub(r"(\?=)[ \t]+(=\?)", r"\1\2", unfolded)
    return WORD.sub(lambda word: decoded(word[1], word[2]), joined)


def decoded(kind: str, said: str) -> str:
    """The text of one encoded word; `UnicodeDecodeError` for half a character."""
    raw = base64.b64decode(said) if kind == "b" else quopri.decodestring(said.encode(), header=True)
    return raw.decode("utf-8")


def sent(subject: str, mail_from: str = "Pomapa <pomapa@kielce.example>") -> dict[str, str]:
    """The headers of a mail as they go over the wire, folded as they are."""
    letter = Letter(uuid.UUID(int=7), "ola@poczta.example", subject, "x\n", "<p>x</p>", "uk")
    raw = BytesIO()
    # The library that hands mails over brings a policy of its own.
    BytesGenerator(raw, policy=SMTP).flatten(compose(letter, mail_from))
    head = raw.getvalue().split(b"\r\n\r\n")[0].decode("ascii")
    for line in head.split("\r\n"):
        assert len(line) <= 78
        assert line.strip()
    return dict(re.findall(r"^([A-Za-z-]+): ([^\r]*(?:\r\n[ \t][^\r]*)*)", head, re.MULTILINE))


@given(long_texts)
@example(LOST_A_SPACE)
@example("=?utf-8?b?QmNj?= wygląda jak słowo, a jest tekstem")
@example("=?utf-8?b?QmNj?= looks like a word and is text")
def test_a_subject_is_seen_as_it_was_written(subject: str) -> None:
    header = sent(subject)["Subject"]
    assert seen(header) == subject
    for kind, said in WORD.findall(header):
        # RFC 2047, 2 and 5: short enough, and of whole characters.
        assert len(f"=?utf-8?{kind}?{said}?=") <= 75
        decoded(kind, said)
    message = email.message_from_string(f"Subject: {header}\r\n\r\n", policy=email.policy.default)
    assert message["Subject"] == subject


@given(texts.filter(lambda text: not re.search(r'["\\\\<>@,:;()]', text)))
def test_a_name_is_seen_as_it_was_written(name: str) -> None:
    header = sent("Cześć", f'"{name}" <pomapa@kielce.example>')["From"]
    shown, _, address = seen(header).rpartition(" <")
    assert shown.strip('"') == name
    assert address == "pomapa@kielce.example>"


@pytest.mark.parametrize("subject", ["Your sign-in link", "A plain subject " * 8 + "and its end"])
def test_plain_words_stay_plain(subject: str) -> None:
    header = sent(subject)["Subject"]
    assert "=?" not in header
    assert seen(header) == subject
