"""Municipalities' files are dropped when a place in them changes or leaves the map: no disk keeps what was taken down."""

from collections.abc import Collection

from sqlalchemy import text

from app.exports.municipality.making import FOLDER
from app.exports.municipality.snapshots import Snapshots
from app.exports.paper.making import FOLDER as PAPERS
from app.features.made_before import DROP
from app.jobs import Retry, Work, task

_AROUND = text(
    "SELECT code FROM published.area WHERE code = ANY(:known)"
    " AND ARRAY[code, country] || ancestors && CAST(:around AS text[])"
)


@task(DROP, retry=Retry(times=5))
async def drop(work: Work, *, inside: Collection[str], around: Collection[str]) -> None:
    """Empty the packages of municipalities `inside`, and of those that lie in a unit of `around` or are one."""
    kept = [Snapshots(work.settings.data_dir / folder) for folder in (FOLDER, PAPERS)]
    known = [
        (snapshots, code, language) for snapshots in kept for code, language, _asked in snapshots.known()
    ]
    concerned = set(inside)
    if around and known:
        codes = sorted({code for _snapshots, code, _language in known})
        async with work.database.reading() as reader:
            rows = await reader.execute(_AROUND, {"known": codes, "around": list(around)})
            concerned |= {row.code for row in rows}
    for snapshots, code, language in known:
        if code in concerned:
            snapshots.empty(code, language)
