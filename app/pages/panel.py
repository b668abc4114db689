"""The panel of filters as data: sections and moments, areas and organisations, each choice with its count."""

from typing import Any

from fastapi import Request

from app.areas.unit_search import any_units, metropolises
from app.features.run_by import anybody_runs
from app.features.versions import tag_of
from app.layers import registry
from app.pages.answers import versions_of
from app.pages.found import Results
from app.pages.panel_counts import PanelCounts
from app.pages.setting import Setting
from app.pages.views.filters import CHECKED, counted, sections
from app.pages.views.units import hit_words
from app.pages.views.when import when
from app.web.dependencies import ReadConnection, settings_of

#: More of them than this are found by their names.
MOST_METROPOLISES = 6


async def panel_data(
    request: Request, reader: ReadConnection, found: Results, setting: Setting
) -> dict[str, Any]:
    """What the form of the filters says, each row with its count."""
    panel = sections(found.question, setting.vocabulary, setting.texts)
    choices = when(found.question, setting.texts, setting.now, setting.timezone)
    # Names of organisations are of another layer than the places.
    version = tag_of(await versions_of(request), registry.LAYERS)
    countries = settings_of(request).countries
    offered = await metropolises(reader, limit=MOST_METROPOLISES, countries=countries)
    kept = _panel_counts(request)
    numbers = await kept.of(
        reader,
        version,
        found.asked,
        setting.vocabulary,
        panel,
        {"now": setting.now, **choices.moments},
        setting.today,
        found.question.near_position,
        [hit.code for hit in offered],
    )
    runners = None
    if await anybody_runs(reader):
        runners = await kept.runners(reader, version, found.asked, setting.vocabulary)
    return {
        "panel": counted(panel, lambda row: numbers[row.name, row.value], setting.texts),
        "numbers": numbers,
        "clear_href": found.question.bare().href(setting.path),
        "when": choices,
        "checked": CHECKED,
        "with_areas": await any_units(reader),
        "runners": runners,
        "metropolises": [(hit.code, hit_words(hit, setting.texts)[0]) for hit in offered],
    }


def _panel_counts(request: Request) -> PanelCounts:
    state = request.app.state
    if not hasattr(state, "panel_counts"):
        state.panel_counts = PanelCounts()
    kept: PanelCounts = state.panel_counts
    return kept
