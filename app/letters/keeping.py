"""Every change of the words of a letter: a row more, and the audit log, in one transaction."""

import uuid
from collections.abc import Sequence

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor, record
from app.accounts.models import User
from app.errors import Conflict, NotFound
from app.mail.kept_words import newest
from app.mail.letter_kinds import KINDS, TRIAL, LetterKind
from app.mail.models import LetterWording
from app.mail.outbox import queue_mail
from app.mail.wording import Wording, read_wording


class NoSuchLetter(NotFound):
    """There is no such letter."""


class NoSuchWording(NotFound):
    """This letter never had these words."""


class LetterChanged(Conflict):
    """Somebody has changed this letter meanwhile. Look at it as it is now."""


class ProductsWordsHold(Conflict):
    """This letter has the words of the program already."""


def letter_kind(key: str) -> LetterKind:
    """Give a kind of letter; `NoSuchLetter`."""
    if key not in KINDS:
        raise NoSuchLetter
    return KINDS[key]


async def changed_letters(session: AsyncSession) -> set[tuple[str, str]]:
    """Give kind and language of every letter that has other words than the program's."""
    rows = await session.execute(
        text(
            """
            SELECT kind, language FROM (
              SELECT DISTINCT ON (kind, language) kind, language, subject FROM core.letter_wording
              ORDER BY kind, language, number DESC
            ) newest WHERE subject IS NOT NULL
            """
        )
    )
    return {(row.kind, row.language) for row in rows}


async def history_of(session: AsyncSession, kind: LetterKind, language: str) -> Sequence[LetterWording]:
    """Give the words that a letter had, the newest first."""
    query = select(LetterWording).where(LetterWording.kind == kind.key, LetterWording.language == language)
    return (await session.scalars(query.order_by(LetterWording.number.desc()).limit(50))).all()


async def keep(
    session: AsyncSession, kind: LetterKind, language: str, wording: Wording, *, base: int, actor: Actor
) -> None:
    """Give a letter other words; `base` is the number of those that were looked at, 0 for the program's first ones."""
    await _add(session, kind, language, wording, base=base, actor=actor, action="letter.changed")


async def keep_products(
    session: AsyncSession, kind: LetterKind, language: str, *, base: int, actor: Actor
) -> None:
    """Give a letter the program's words again."""
    found = await newest(session, kind.key, language)
    if found is None or found.subject is None:
        raise ProductsWordsHold
    await _add(session, kind, language, None, base=base, actor=actor, action="letter.products_words")


async def put_back(
    session: AsyncSession, kind: LetterKind, language: str, number: int, *, base: int, actor: Actor
) -> None:
    """Give a letter the words again that it had once; they have to fit as any other."""
    earlier = await session.get(LetterWording, (kind.key, language, number))
    if earlier is None or earlier.subject is None or earlier.body is None:
        raise NoSuchWording
    wording = read_wording(kind, earlier.subject, earlier.body)
    await _add(session, kind, language, wording, base=base, actor=actor, action="letter.put_back", of=number)


async def try_on_oneself(
    session: AsyncSession, user: User, kind: LetterKind, language: str, wording: Wording | None
) -> None:
    """Queue a letter with a sample's values to whoever asks, and to nobody else."""
    values = {"kind": kind.key}
    if wording is not None:
        values |= {"subject": wording.subject, "body": wording.body}
    await queue_mail(
        session,
        to=user.email,
        template=TRIAL,
        language=language,
        values=values,
        dedupe_key=f"trial:{uuid.uuid4()}",
    )
    record(session, Actor("staff", user.id), "letter.tried", "letter", f"{kind.key}:{language}")


async def _add(
    session: AsyncSession,
    kind: LetterKind,
    language: str,
    wording: Wording | None,
    *,
    base: int,
    actor: Actor,
    action: str,
    **detail: int,
) -> None:
    lock = "SELECT pg_advisory_xact_lock(hashtext('pomapa letter'), hashtext(:letter))"
    await session.execute(text(lock), {"letter": f"{kind.key}:{language}"})
    found = await newest(session, kind.key, language)
    number = found.number if found else 0
    if number != base:
        raise LetterChanged
    session.add(
        LetterWording(
            kind=kind.key,
            language=language,
            number=number + 1,
            subject=wording.subject if wording else None,
            body=wording.body if wording else None,
            by_id=actor.user_id,
        )
    )
    record(session, actor, action, "letter", f"{kind.key}:{language}", number=number + 1, **detail)
    await session.flush()
