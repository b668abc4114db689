"""Municipalities on paper, by the hour: those that the operator wants, and those that somebody has asked for."""

import datetime as dt
import time

from app.exports.municipality.making import Maker
from app.exports.municipality.reading import NoSuchMunicipality
from app.exports.nightly import wanted
from app.exports.paper.making import Papers
from app.features.versions import read_versions
from app.jobs import Work, task
from app.log import log_failure, logger
from app.templating import Templates

#: What may be spent on it in an hour, in seconds by the clock: whoever asks for everything waits, and nobody else does.
IN_AN_HOUR_S = 300.0


@task("exports.papers", cron="23 * * * *")
async def papers(work: Work) -> None:
    """Make for today what is not there, until the time is up; the next hour goes on."""
    settings = work.settings
    templates = Templates(settings.public_url, timezone=settings.timezone, home=settings.countries[0])
    papers = Papers(Maker(settings, work.database, templates))
    # Of the other files, which are made at night, what was left by a process that was stopped.
    papers.maker.snapshots.clear()
    until = time.monotonic() + IN_AN_HOUR_S
    waiting = wanted(papers.snapshots, settings.offline_areas)
    made = 0
    for number, (code, language) in enumerate(waiting):
        if time.monotonic() >= until:
            logger("app.exports").info("papers: time is up", made=made, left=len(waiting) - number)
            break
        day = papers.maker.day_of(dt.datetime.now(dt.UTC))
        async with work.database.reading() as reader:
            versions = await read_versions(reader)
        try:
            made += await papers.make(code, language, versions, day)
        except NoSuchMunicipality as error:
            log_failure("app.exports", "a municipality is gone or was never there", error, kind=code)
            papers.snapshots.forget(code, language)
        except Exception as error:  # noqa: BLE001 - one municipality's trouble must not cost the others their paper
            log_failure("app.exports", "a municipality's paper could not be made", error, kind=code)
            # Whoever still wants it asks again; trying at every hour would use up the time of others.
            papers.snapshots.forget(code, language)
