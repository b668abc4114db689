"""Pages and mails as text: one Jinja environment a language, the parts of the look as macros."""

from app.templating.assets import Assets, FrontEndNotBuilt
from app.templating.page import Page
from app.templating.rendering import Templates

__all__ = ["Assets", "FrontEndNotBuilt", "Page", "Templates"]
