"""What is asked of the audit log, in the page's form and in addresses."""

from dataclasses import asdict, dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query

from app.accounts.audit_search import Asked
from app.desk.days import Period, period_of
from app.moderation.live import id_in
from app.web.query import PlainText

Word = Annotated[PlainText, Query(max_length=200)]


@dataclass(frozen=True, slots=True)
class LogQuestion:
    """What is asked of the log, as it was typed: "" asks for everything. `since` and `until` are days.

    An object may be given by its id or by the address of its page.
    """

    actor: Word = ""
    action: Word = ""
    kind: Word = ""
    thing: Word = ""
    words: Word = ""
    since: Word = ""
    until: Word = ""

    @property
    def query(self) -> str:
        """The same question as the query of an address."""
        return urlencode([(name, value) for name, value in asdict(self).items() if value])

    def period(self, timezone: str) -> Period:
        """The days as moments of a time zone, or what is wrong with them."""
        return period_of(self.since, self.until, timezone)

    def asked(self, period: Period) -> Asked:
        """What is looked for in a period."""
        return Asked(
            actor=self.actor,
            action=self.action,
            kind=self.kind,
            object_id=str(id_in(self.thing) or self.thing),
            words=self.words,
            since=period.since,
            until=period.until,
        )
