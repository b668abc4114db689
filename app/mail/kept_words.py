"""The words that administrators have given to letters, as they are kept."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.mail.models import LetterWording
from app.mail.wording import Wording


async def newest(session: AsyncSession, kind: str, language: str) -> LetterWording | None:
    """Give the last change of the words of a letter; None where nobody has changed them."""
    query = select(LetterWording).where(LetterWording.kind == kind, LetterWording.language == language)
    return (await session.scalars(query.order_by(LetterWording.number.desc()).limit(1))).one_or_none()


async def wording_now(session: AsyncSession, kind: str, language: str) -> Wording | None:
    """Give the words that administrators have given to a letter; None where the product's hold."""
    found = await newest(session, kind, language)
    if found is None or found.subject is None or found.body is None:
        return None
    return Wording(found.subject, found.body)
