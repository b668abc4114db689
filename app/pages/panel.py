"""The panel of filters as data: sections and moments, areas and organisations, each choice with its count."""

from typing import Any

from fastapi import Request

from app.areas.unit_search import any_units, metropolises
from app.db import in_time
from app.features.run_by import anybody_runs
from app.features.versions import tag_of
from app.layers import registry
from app.pages.answers import versions_of
from app.pages.found import Results
from app.pages.panel_counts import PanelCounts, uncounted_runners
from app.pages.setting import Setting
from app.pages.views.filter_panel import counted, sections
from app.pages.views.filter_words import CHECKED
from app.pages.views.units import hit_words
from app.pages.views.when import when
from app.web.dependencies import CountConnection, ReadConnection, settings_of

#: More of them than this are found by their names.
MOST_METROPOLISES = 6


async def panel_data(
    request: Request, reader: ReadConnection, counting: CountConnection, found: Results, setting: Setting
) -> dict[str, Any]:
    """What the form of the filters says, each row with its count, as far as they are there in time."""
    panel = sections(found.question, setting.vocabulary, setting.texts)
    choices = when(found.question, setting.texts, setting.now, setting.timezone)
    # Names of organisations are of another layer than the places.
    version = tag_of(await versions_of(request), registry.LAYERS)
    countries = settings_of(request).countries
    offered = await metropolises(reader, limit=MOST_METROPOLISES, countries=countries)
    kept = _panel_counts(request)
    numbers = await kept.of(
        counting,
        version,
        found.asked,
        setting.vocabulary,
        panel,
        {"now": setting.now, **choices.moments},
        setting.today,
        found.question.near_position,
        [hit.code for hit in offered],
        found.total,
    )
    runners = None
    if await anybody_runs(reader):
        runners = await in_time(kept.runners(counting, version, found.asked, setting.vocabulary), None)
        runners = runners or await uncounted_runners(reader, found.asked)
    return {
        "panel": counted(panel, lambda row: numbers.get((row.name, row.value)), setting.texts),
        "numbers": numbers,
        "clear_href": found.question.bare().href(setting.path),
        "when": choices,
        "checked": CHECKED,
        "with_areas": await any_units(reader),
        "runners": runners,
        "uncounted": counting.gave_up,
        "metropolises": [(hit.code, hit_words(hit, setting.texts)[0]) for hit in offered],
    }


def _panel_counts(request: Request) -> PanelCounts:
    state = request.app.state
    if not hasattr(state, "panel_counts"):
        state.panel_counts = PanelCounts()
    kept: PanelCounts = state.panel_counts
    return kept
