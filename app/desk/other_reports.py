"""The other reports about a place, beside one: to be read before anybody says that they are resolved with it."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession

from app.moderation.models import Report
from app.moderation.reports import others_open
from app.taxonomy.vocabulary import Vocabulary, load_vocabulary
from app.web.dependencies import page_of

#: So many are told one by one.
SHOWN: Final = 50


async def others_beside(request: Request, session: AsyncSession, report: Report) -> Mapping[str, Any]:
    """What desk/other_reports.html reads: `others`, and the words of their `reasons`, those first that must be seen soonest."""
    vocabulary, language = load_vocabulary(), page_of(request).language
    others = await others_open(session, report, SHOWN)
    codes = sorted(others.counts, key=lambda code: _hours(vocabulary, code))
    return {
        "others": others,
        "reasons": {code: vocabulary.report_reasons[code].names[language] for code in codes},
    }


def _hours(vocabulary: Vocabulary, reason: str) -> int:
    return vocabulary.urgencies[vocabulary.report_reasons[reason].urgency].hours
