"""Files of municipalities for the new day, for those that somebody takes along."""

import datetime as dt
from collections.abc import Iterable

from app.exports.municipality.making import Maker
from app.exports.municipality.reading import NoSuchMunicipality
from app.exports.municipality.snapshots import Snapshots
from app.features.versions import read_versions
from app.i18n import LANGUAGES
from app.jobs import Retry, Work, task
from app.log import log_failure
from app.templating import Templates

#: A file that nobody has asked for in so many days is not made any more.
WANTED_DAYS = 30


@task("exports.municipalities", retry=Retry(times=3, first_s=600), cron="11 2 * * *")
async def municipalities(work: Work) -> None:
    """Make the files for today that somebody asked for lately or the operator wants; forget the others."""
    settings = work.settings
    templates = Templates(settings.public_url, timezone=settings.timezone, home=settings.countries[0])
    maker = Maker(settings, work.database, templates)
    day = maker.day_of(dt.datetime.now(dt.UTC))
    async with work.database.reading() as reader:
        versions = await read_versions(reader)
    for code, language in wanted(maker.snapshots, settings.offline_areas):
        try:
            await maker.package(code, language, versions, day, asked=False)
        except NoSuchMunicipality as error:
            log_failure("app.exports", "a municipality is gone or was never there", error, kind=code)
            maker.snapshots.forget(code, language)
        except Exception as error:  # noqa: BLE001 - one municipality's trouble must not cost the others their files
            log_failure("app.exports", "a municipality's files could not be made", error, kind=code)


def wanted(snapshots: Snapshots, configured: Iterable[str]) -> list[tuple[str, str]]:
    """Give code and language of each file to make: what is configured, then what was asked for, the last one first.

    Removes what nobody wants any more, and what was left by a process that was stopped.
    """
    snapshots.clear()
    always = [(code, language) for code in sorted(set(configured)) for language in LANGUAGES]
    lately = []
    for code, language, asked_ago_s in list(snapshots.known()):
        if (code, language) in always:
            continue
        if asked_ago_s <= WANTED_DAYS * 86400:
            lately.append((asked_ago_s, code, language))
        else:
            snapshots.forget(code, language)
    return always + [(code, language) for _asked_ago_s, code, language in sorted(lately)]
