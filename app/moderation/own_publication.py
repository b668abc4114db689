"""Whether a change may be published by the organisation whose place it is, and if not, why a moderator looks at it first.

Everything that is not known to be harmless waits: nobody loses by that but some time.
"""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.memberships import Seat, seat_of, seated_since
from app.accounts.models import User
from app.accounts.second_step import second_step_since
from app.features.disclosure import disclosure_of_services
from app.features.models import Feature
from app.features.place import disclosure_in
from app.features.setting import Setting
from app.moderation.confirmations import is_disputed
from app.moderation.duplicates.public import alike_on_the_map
from app.moderation.mail_domains import hold_on
from app.moderation.place_claims import is_run_by
from app.moderation.reports import told_reasons
from app.moderation.screening.screen import added_signals
from app.moderation.screening.subject import Subject
from app.moderation.trust_models import Trust
from app.moderation.trusts import MOST_A_DAY, count_lately, trust_in
from app.photos.keeping import files_in
from app.taxonomy.discretion import is_discreet
from app.taxonomy.vocabulary import Vocabulary


class Why(StrEnum):
    """Why a moderator looks at it first. A new one has its words in `app.desk.own_words`."""

    NO_TRUST = "no_trust"
    NOT_ADMIN = "not_admin"
    NO_SECOND_STEP = "no_second_step"
    NEW_SECOND_STEP = "new_second_step"
    NEW_SEAT = "new_seat"
    MAIL_SERVERS = "mail_servers"
    MANY = "many"
    OWN_ENTRY = "own_entry"
    OTHER_LAYER = "other_layer"
    NOT_YOURS = "not_yours"
    PROTECTED = "protected"
    OUTSIDE = "outside"
    REPORTED = "reported"
    CLAIMED = "claimed"
    LOOKED_AT = "looked_at"
    MOVED_OUT = "moved_out"
    CHANGES_HANDS = "changes_hands"
    SENT_ALREADY = "sent_already"
    ALIKE = "alike"
    PHOTO = "photo"
    RISK = "risk"


#: What the screening says of whoever fills in one evening what they have run for years.
HARMLESS: Final = frozenset({"author_new", "burst", "capitals"})
#: A second step counts once it has stood for so long, and so does an admin's seat: whoever has found a mailbox sets one up
#: on the spot, or seats an account that has had one for years, and until then those whom it concerns have read of it
#: (SECURITY B11).
STANDS_AFTER: Final = dt.timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one of an organisation's people wants: an entry as it is on the map (None: a new one) and what it is to say.

    Without `content` only what is known before anything is typed is looked at.
    """

    organisation_id: uuid.UUID
    user: User
    layer: str
    live: Feature | None = None
    content: Mapping[str, Any] | None = None


async def why_it_waits(session: AsyncSession, setting: Setting, wanted: Wanted) -> tuple[Why, ...]:
    """Give every reason, in the order of `Why`; none at all means that it may be published at once.

    Of an organisation that is not trusted that is the only one. True until the end of the transaction where the caller
    holds the seat, the layers of the entry and of organisations, and the entry open.
    """
    trust = await trust_in(session, wanted.organisation_id)
    if trust is None:
        return (Why.NO_TRUST,)
    found = {
        *await _of_who(session, setting, wanted),
        *await _of_what(session, setting.vocabulary, trust, wanted),
    }
    if wanted.content is not None:
        found |= await _of_content(session, setting.vocabulary, trust, wanted, wanted.content)
    return tuple(why for why in Why if why in found)


async def second_step_stands_from(session: AsyncSession, user_id: uuid.UUID) -> dt.datetime | None:
    """Say from when on somebody's second step counts for publishing; None of whoever has none."""
    since = await second_step_since(session, user_id)
    return None if since is None else since + STANDS_AFTER


async def _of_who(session: AsyncSession, setting: Setting, wanted: Wanted) -> set[Why]:
    found = set()
    if await seat_of(session, wanted.user.id, wanted.organisation_id) is not Seat.ADMIN:
        found.add(Why.NOT_ADMIN)
    else:
        seated = await seated_since(session, wanted.user.id, wanted.organisation_id)
        if seated is None or setting.now < seated + STANDS_AFTER:
            found.add(Why.NEW_SEAT)
    # A mailbox is easily lost: with it alone nobody publishes anything.
    stands_from = await second_step_stands_from(session, wanted.user.id)
    if stands_from is None:
        found.add(Why.NO_SECOND_STEP)
    elif setting.now < stands_from:
        found.add(Why.NEW_SECOND_STEP)
    if await hold_on(session, wanted.user.email, setting.now) is not None:
        found.add(Why.MAIL_SERVERS)
    if await count_lately(session, wanted.organisation_id, setting.now) >= MOST_A_DAY:
        found.add(Why.MANY)
    return found


async def _of_what(session: AsyncSession, vocabulary: Vocabulary, trust: Trust, wanted: Wanted) -> set[Why]:
    """What is known of the entry itself, whatever is typed."""
    found = set()
    if wanted.layer not in trust.layers:
        found.add(Why.OTHER_LAYER)
    live = wanted.live
    if live is None:
        return found
    if live.id == wanted.organisation_id:
        # By what an organisation is known, it was verified.
        return {Why.OWN_ENTRY}
    if not is_run_by(live, wanted.organisation_id):
        found.add(Why.NOT_YOURS)
    if is_guarded(live.content, vocabulary):
        found.add(Why.PROTECTED)
    if not await _lies_in(session, live.content, trust):
        found.add(Why.OUTSIDE)
    if await is_disputed(session, live.id, told_reasons(vocabulary)):
        found.add(Why.REPORTED)
    if await session.scalar(_CLAIMED, {"id": live.id, "own": wanted.organisation_id}):
        found.add(Why.CLAIMED)
    if await session.scalar(_LOOKED_AT, {"id": live.id}):
        found.add(Why.LOOKED_AT)
    return found


async def _of_content(
    session: AsyncSession,
    vocabulary: Vocabulary,
    trust: Trust,
    wanted: Wanted,
    content: Mapping[str, Any],
) -> set[Why]:
    """What is to be said of what was typed."""
    found: set[Why] = set()
    before = wanted.live.content if wanted.live is not None else {}
    if wanted.live is not None and wanted.live.id == wanted.organisation_id:
        return found
    if content.get("organisation") not in ({"id": str(wanted.organisation_id)}, before.get("organisation")):
        found.add(Why.CHANGES_HANDS)
    if is_guarded(content, vocabulary):
        found.add(Why.PROTECTED)
    if not await _lies_in(session, content, trust):
        found.add(Why.MOVED_OUT if wanted.live is not None else Why.OUTSIDE)
    if set(files_in(content)) - set(files_in(before)):
        # No program sees whether somebody may be known on it, or who has taken it.
        found.add(Why.PHOTO)
    if wanted.live is None and await alike_on_the_map(session, content, wanted.layer, limit=1):
        found.add(Why.ALIKE)
    same = {
        "own": wanted.organisation_id,
        "id": wanted.live.id if wanted.live is not None else None,
        "content": orjson.dumps(content).decode(),
    }
    if await session.scalar(_SENT_ALREADY, same):
        found.add(Why.SENT_ALREADY)
    subject = Subject(
        uuid.uuid4(),
        wanted.layer,
        "new" if wanted.live is None else "change",
        "form",
        wanted.live.id if wanted.live is not None else None,
        None,
        content,
    )
    if wanted.live is not None and await _is_reported_in_confidence(session, vocabulary, wanted.live.id):
        # Like anything else that has to be looked at: they are not told which it is.
        found.add(Why.RISK)
    added = await added_signals(session, subject, before)
    if any(signal.code not in HARMLESS for signal in added):
        found.add(Why.RISK)
    return found


async def _is_reported_in_confidence(
    session: AsyncSession, vocabulary: Vocabulary, feature_id: uuid.UUID
) -> bool:
    """Whether reports of it wait, and none of them is one of which its organisation may know."""
    if await is_disputed(session, feature_id, told_reasons(vocabulary)):
        return False
    return await is_disputed(session, feature_id)


def is_guarded(content: Mapping[str, Any], vocabulary: Vocabulary) -> bool:
    """Whether a content tells less than all of its place, or has help that has to, or that nobody else is to find."""
    codes = [one["type"] for one in content.get("services", ()) if "type" in one]
    known = [code for code in codes if code in vocabulary.services]
    return (
        disclosure_in(content) != "exact"
        or len(known) < len(codes)
        or disclosure_of_services(known, vocabulary) != "exact"
        or is_discreet(content, vocabulary)
    )


async def _lies_in(session: AsyncSession, content: Mapping[str, Any], trust: Trust) -> bool:
    """Whether all of it lies in the units, where it is and where it is for: what lies nowhere that is known does not."""
    given = {"content": orjson.dumps(content).decode(), "areas": trust.areas}
    return bool(await session.scalar(_LIES_IN, given))


def codes_of(given: str) -> Sequence[Why]:
    """Read the reasons that a form says were shown; what is none is left out."""
    known = {why.value: why for why in Why}
    return [known[code] for code in given.split(" ") if code in known]


# Its position lies really in a unit, not beside the nearest one: beyond a border is abroad. So does every unit that it
# names, beside a position too, for it is listed there; an area of one's own lies wherever one administrator next draws it.
_LIES_IN = text(
    """
    WITH given AS (SELECT CAST(:content AS jsonb) AS content),
    trusted AS (
      SELECT a.code, a.stable_code FROM published.area a
      WHERE a.level NOT IN ('metropolis', 'custom')
        AND (array[a.code, a.stable_code] || a.ancestors) && CAST(:areas AS text[])
    ),
    parts AS (
      SELECT EXISTS (
        SELECT FROM trusted t JOIN published.area_part p ON p.area_code = t.code
        WHERE ST_Intersects(p.geom, ST_SetSRID(ST_MakePoint(
          CAST(content #>> '{place,position,lng}' AS float8), CAST(content #>> '{place,position,lat}' AS float8)), 4326))
      ) AS inside
      FROM given WHERE content #> '{place,position}' IS NOT NULL
      UNION ALL
      SELECT EXISTS (SELECT FROM trusted t WHERE named ->> 'code' IN (t.code, t.stable_code))
      FROM given, unnest(array['$.area_served[*]', '$.areas[*]', '$.place.area']) AS path,
        jsonb_path_query(content, CAST(path AS jsonpath)) AS named
    )
    SELECT coalesce(bool_and(inside), false) FROM parts
    """
)
_CLAIMED = text(
    """
    SELECT EXISTS (SELECT FROM core.place_claim c
                   WHERE c.feature_id = :id AND c.state = 'asked' AND c.organisation_id <> :own)
    """
)
# A moderator has another change of it before them, or has asked for a colleague to decide on one.
_LOOKED_AT = text(
    """
    SELECT EXISTS (
      SELECT FROM core.submission s
      WHERE s.feature_id = :id AND s.state IN ('pending', 'needs_changes')
        AND (s.second_asked_by IS NOT NULL
             OR EXISTS (SELECT FROM core.lease l WHERE l.submission_id = s.id AND l.ends_at > now())))
    """
)
# Pressed once more, it would be decided past whoever looks at it.
_SENT_ALREADY = text(
    """
    SELECT EXISTS (
      SELECT FROM core.submission s
      WHERE s.organisation_id = :own AND s.feature_id IS NOT DISTINCT FROM CAST(:id AS uuid)
        AND s.state IN ('pending', 'needs_changes') AND s.content = CAST(:content AS jsonb))
    """
)
