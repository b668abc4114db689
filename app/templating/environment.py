"""The Jinja environment of one language: escaping, texts, addresses, icons and filters."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_eval_context, select_autoescape
from jinja2.nodes import EvalContext
from markupsafe import Markup, escape

from app.i18n import LANGUAGES, Translator, direction, endonym, translator
from app.i18n.inner_quotes import with_inner_quotes
from app.templating.assets import Assets
from app.templating.filters import filters_for

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Site:
    """What every page of an installation shares; `home` is the ISO 3166-1 code of its first country."""

    public_url: str
    timezone: str
    home: str
    assets: Assets


def environment(site: Site, language: str) -> Environment:
    """Make the environment; templates are compiled once in it and kept."""
    texts = translator(language, site.timezone)
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(enabled_extensions=("html",), default=False),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    env.newstyle_gettext = True  # type: ignore[attr-defined]
    env.policies["ext.i18n.trimmed"] = True
    env.globals.update(_texts(texts))
    env.globals.update(
        asset=site.assets.url,
        built=site.assets.has,
        module=lambda name: _module(site.assets, name),
        icon=lambda name, **options: _icon(site.assets, name, **options),
        sprite=lambda symbol: f"{site.assets.url('sprite.svg')}#{symbol}",
        url=lambda path: f"/{language}{path}",
        absolute=lambda path: f"{site.public_url}{path}",
        language=language,
        direction=direction(language),
        languages=LANGUAGES,
        endonym=endonym,
    )
    env.filters.update(filters_for(texts, site.timezone, site.home), own_marked=_own_marked)
    return env


#: One piece, also where each child of an element would be laid out by itself.
_IN_TWO_LANGUAGES = Markup('<span>{}<bdi lang="{}">{}</bdi>{}</span>')


def _own_marked(words: str) -> str:
    """Words, a part of which may say of itself that it is in another language: that part is marked."""
    own, language = getattr(words, "own", ""), getattr(words, "own_language", "")
    before, found, after = words.rpartition(own) if own else ("", "", "")
    return _IN_TWO_LANGUAGES.format(before, language, found, after) if found else words


def _texts(texts: Translator) -> dict[str, Any]:
    @pass_eval_context
    def gettext(context: EvalContext, message: str, /, **values: Any) -> str:
        text = texts.gettext(message)
        if context.autoescape:
            text = Markup(text)  # noqa: S704 - catalogues are ours; the values are escaped by `%`
        # `{% trans %}` doubles every per cent sign and counts on formatting, with or without values.
        return text % with_inner_quotes(text, values) if values or "%%" in text else text

    @pass_eval_context
    def ngettext(context: EvalContext, one: str, other: str, n: int, /, **values: Any) -> str:
        values.pop("n", None)
        if not context.autoescape:
            return texts.ngettext(one, other, n, **values)
        values = dict(with_inner_quotes(texts.form(one, other, n), values))
        escaped = {name: escape(value) for name, value in values.items()}
        return Markup(texts.ngettext(one, other, n, **escaped))  # noqa: S704 - as above

    return {"_": gettext, "gettext": gettext, "ngettext": ngettext}


def _icon(assets: Assets, name: str, *, small: bool = False, turns: bool = False, also: str = "") -> Markup:
    """Draw an icon of the sprite by its Lucide name; `turns` mirrors it in right-to-left languages."""
    classes = " ".join(filter(None, ["icon", "small" if small else "", "turns" if turns else "", also]))
    return Markup('<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#i-{}"/></svg>').format(
        classes, assets.url("sprite.svg"), name
    )


def _module(assets: Assets, name: str) -> Markup:
    """Ask for a script and, beside it and not after it, for everything it imports; the sheet goes before them."""
    preloads = Markup("").join(
        Markup('<link rel="modulepreload" href="{}" fetchpriority="low">').format(file)
        for file in assets.preloads(name)
    )
    return preloads + Markup('<script type="module" src="{}"></script>').format(assets.url(name))
