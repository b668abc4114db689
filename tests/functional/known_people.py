"""People of whom an installation knows, each in one of the ways there are: nobody else is to learn their names, addresses and numbers."""

import datetime as dt
import html
import os
import random
import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote_plus

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.memberships import Seat
from app.accounts.models import Grant, Membership, SignInLink, User
from app.db import Database, session
from app.features.content import Content
from app.forms.drafts import Draft, keep_draft
from app.forms.sealing import Seal, new_address
from app.layers.registry import LAYERS
from app.moderation.actions.confirm import confirm
from app.moderation.actions.report import Complaint, report
from app.moderation.actions.submit import Proposal, submit
from app.moderation.models import Missing
from app.moderation.reminder_models import Reminder
from tests.functional.conftest import SECRET, Publish, aid_point

#: So many; `POMAPA_TEST_PEOPLE=5000` knows as many as the goal does, which takes minutes.
PEOPLE: Final = int(os.environ.get("POMAPA_TEST_PEOPLE", "100"))
LAYER = LAYERS["aid_points"]
#: A place has so many contacts for partners.
_OF_A_PLACE: Final = 20
#: Of names of several alphabets: what they begin with, and what they go on with.
_SYLLABLES: Final = (
    (("Żmud", "Świer", "Gżeg", "Łoś", "Ździ", "Ćwi"), ("czy", "żoł", "szcze", "dzią", "wro", "lęb")),
    (("Гри", "Щер", "Їжа", "Зай", "Ґед", "Хмі"), ("цьє", "люк", "жень", "шко", "їва", "ґан")),
    (("Þór", "Øys", "Çel", "Ğaz", "Štr", "Žák"), ("ðin", "åke", "öğü", "öcü", "ůvk", "ěte")),
    (("ქავ", "წერ", "ჯობ", "ღვი", "ყიფ", "ჩხა"), ("თარ", "აძე", "ოშვ", "ილი", "უჩა", "ნიძ")),
    (("خلي", "غسا", "ظاه", "ثري", "شاه", "ضيا"), ("لون", "قمر", "زهر", "بكر", "طوف", "عنب")),
    (("Nguy", "Phươ", "Quỳn", "Thuỳ", "Đặng", "Huyề"), ("ễnh", "ợng", "ỳnh", "ữuk", "ậmt", "ốcx")),
)  # fmt: skip
#: Nine digits as they are written, alone: an id of a request has such a row among its signs now and then.
_NINE_DIGITS: Final = re.compile(
    r"(?<![\w.])(?:(?:\+|00)?48[ .\-]?)?(\d{3})[ .\-]?(\d{3})[ .\-]?(\d{3})(?!\w)"
)
_WORDS: Final = re.compile(r"[\w\u0300-\u036f]+")
_MAILBOXES: Final = re.compile(r"osoba\.\d+\.\d+")
_ESCAPED: Final = re.compile(r"\\u([0-9a-fA-F]{4})")
_SPACES: Final = str.maketrans(dict.fromkeys("\u00a0\u202f\u2009", " "))


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody: their name, its last word, which nothing else has, their address and their number (E.164)."""

    name: str
    surname: str
    email: str
    phone: str

    @property
    def words(self) -> str:
        """As they would write of themselves."""
        return f"{self.name}, {self.email}, {self.phone}"


def made_up(many: int) -> list[Known]:
    """So many people, the same in each run."""
    seeded = random.Random(5)
    found: dict[str, Known] = {}
    while len(found) < many:
        first, further = _SYLLABLES[len(found) % len(_SYLLABLES)]
        surname = seeded.choice(first) + "".join(seeded.choice(further) for _ in range(4))
        number = len(found)
        found.setdefault(
            surname,
            Known(
                f"{seeded.choice(first)}{seeded.choice(further)} {surname}",
                surname,
                f"osoba.{number}.{seeded.randrange(10**6)}@poczta{number % 7}.example",
                f"+4869{seeded.randrange(10**7):07d}",
            ),
        )
    return list(found.values())


async def make_known(
    database: Database, publish: Publish, live: uuid.UUID, organisation: uuid.UUID
) -> list[Known]:
    """Let everybody be known in one of the ways that there are, about a place that is on the map or to its organisation."""
    people = made_up(PEOPLE)
    ways = (_keep, _send_new, _send_change, _report, _seat, _employ, _remind, _miss, _ask_for_link)
    for number, one in enumerate(people):
        if number % (len(ways) + 1) < len(ways):
            async with session(database) as s:
                await ways[number % (len(ways) + 1)](s, one, live, organisation)
    partners = people[len(ways) :: len(ways) + 1]
    places = [partners[at : at + _OF_A_PLACE] for at in range(0, len(partners), _OF_A_PLACE)]
    await publish(
        *(
            aid_point(
                f"Miejsce {number}", contacts=[_for_partners(one, at % 2) for at, one in enumerate(some)]
            )
            for number, some in enumerate(places)
        )
    )
    return people


def met(answers: Mapping[str, str], people: Sequence[Known]) -> list[tuple[str, str]]:
    """Who of them is in which answer, by any of what is known of them, however it is written."""
    surnames = {one.surname.casefold(): one.surname for one in people}
    numbers = {one.phone[-9:]: one.surname for one in people}
    mailboxes = {one.email.partition("@")[0].casefold(): one.surname for one in people}
    # Most lines stand on many pages.
    of_line: dict[str, set[str]] = {}
    found = set()
    for url, body in answers.items():
        for line in body.splitlines():
            if line not in of_line:
                of_line[line] = {
                    who for text in _as_written(line) for who in _met_in(text, surnames, numbers, mailboxes)
                }
            found |= {(url, who) for who in of_line[line]}
    return sorted(found)


def _met_in(text: str, *known: Mapping[str, str]) -> Iterator[str]:
    """Whose surname, number and mailbox stand in a text."""
    surnames, numbers, mailboxes = known
    yield from (surnames[word] for word in _WORDS.findall(text) if word in surnames)
    for parts in _NINE_DIGITS.findall(text):
        if (said := "".join(parts)) in numbers:
            yield numbers[said]
    yield from (mailboxes[one] for one in _MAILBOXES.findall(text) if one in mailboxes)


def _as_written(line: str) -> set[str]:
    """A line as it is, and without what HTML, JSON and addresses write in the place of a letter."""
    meant = {
        line,
        html.unescape(line),
        unquote_plus(line),
        _ESCAPED.sub(lambda sign: chr(int(sign[1], 16)), line),
    }
    return {text.translate(_SPACES).casefold() for text in meant}


def _for_partners(one: Known, which: int) -> dict[str, Any]:
    kind, value = (("phone", one.phone), ("email", one.email))[which]
    return {"kind": kind, "value": value, "visibility": "partners", "person": one.name}


def _content(one: Known, name: str) -> Content:
    said = {"texts": {"pl": one.words}, "source": "pl"}
    contacts = [{"kind": "phone", "value": one.phone}, {"kind": "email", "value": one.email}]
    return LAYER.content.read(aid_point(name, description=said, contacts=contacts))


async def _keep(s: AsyncSession, one: Known, _live: uuid.UUID, _organisation: uuid.UUID) -> None:
    typed = [("name", one.name), ("contacts.0.value", one.phone), ("description", one.words)]
    assert await keep_draft(s, Seal(new_address(), SECRET), Draft(typed, 2, email=one.email))


async def _send_new(s: AsyncSession, one: Known, _live: uuid.UUID, _organisation: uuid.UUID) -> None:
    proposal = Proposal(LAYER, _content(one, f"U {one.surname}"))
    made = await submit(s, proposal, language="pl", contact_email=one.email)
    await confirm(s, made.id, now=dt.datetime.now(dt.UTC))


async def _send_change(s: AsyncSession, one: Known, live: uuid.UUID, _organisation: uuid.UUID) -> None:
    proposal = Proposal(LAYER, _content(one, "Jawne miejsce"), live)
    await submit(s, proposal, language="uk", contact_email=one.email)


async def _report(s: AsyncSession, one: Known, live: uuid.UUID, _organisation: uuid.UUID) -> None:
    number = one.phone[-8:].encode()
    await report(s, Complaint(live, "wrong_hours", one.words, one.email, "pl", number))


async def _seat(s: AsyncSession, one: Known, _live: uuid.UUID, organisation: uuid.UUID) -> None:
    user = await _user(s, one)
    s.add(Membership(user_id=user, organisation_id=organisation, role=Seat.MEMBER))


async def _employ(s: AsyncSession, one: Known, _live: uuid.UUID, _organisation: uuid.UUID) -> None:
    s.add(Grant(user_id=await _user(s, one), role="editor"))


async def _remind(s: AsyncSession, one: Known, live: uuid.UUID, _organisation: uuid.UUID) -> None:
    s.add(Reminder(mailing=uuid.uuid4(), feature_id=live, address=one.words.encode()))


async def _miss(s: AsyncSession, one: Known, _live: uuid.UUID, _organisation: uuid.UUID) -> None:
    nothing: dict[str, Any] = {name: [] for name in ("audiences", "languages", "access")}
    told = Missing(
        services=["laundry"],
        searched=one.name,
        body=one.words,
        language="pl",
        number=one.phone.encode(),
        **nothing,
    )
    s.add(told)


async def _ask_for_link(s: AsyncSession, one: Known, _live: uuid.UUID, _organisation: uuid.UUID) -> None:
    s.add(SignInLink(email=one.email, language="pl", expires_at=func.now()))


async def _user(s: AsyncSession, one: Known) -> uuid.UUID:
    user = User(email=one.email, name=one.name, language="pl")
    s.add(user)
    await s.flush()
    return user.id
