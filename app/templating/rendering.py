"""Turns a template and its data into text, in one language."""

import functools
import re
from collections.abc import Mapping
from typing import Any

from app.templating.assets import Assets
from app.templating.environment import Site, environment
from app.templating.page import Page


class Templates:
    """The templates of one installation; safe to share, since nothing in it changes."""

    def __init__(
        self,
        public_url: str,
        *,
        timezone: str = "Europe/Warsaw",
        home: str = "PL",
        assets: Assets | None = None,
    ) -> None:
        """Know the site: its own address, its time zone and `home`, the country whose phones need no prefix."""
        self.site = Site(public_url=public_url, timezone=timezone, home=home, assets=assets or Assets())
        self.environment = functools.cache(lambda language: environment(self.site, language))

    def render(self, page: Page, template: str, /, **data: Any) -> str:
        """The whole page as HTML; `jinja2.UndefinedError` when a template asks for what is not in `data`."""
        return self.environment(page.language).get_template(template).render(page=page, **data)

    def mail(self, name: str, language: str, values: Mapping[str, Any]) -> tuple[str, str, str]:
        """Subject, plain text and HTML of the mail `mail/{name}`."""
        env = self.environment(language)
        plain = env.get_template(f"mail/{name}.txt")
        subject = "".join(plain.blocks["subject"](plain.new_context(dict(values)))).strip()
        return (
            subject,
            plain.render(values).strip() + "\n",
            env.get_template(f"mail/{name}.html").render(values),
        )

    def worded(
        self, name: str, language: str, values: Mapping[str, Any], subject: str, **said: Any
    ) -> tuple[str, str, str]:
        """Subject, plain text and HTML of a mail in other words than those of `mail/{name}`.

        `said` is what `mail/worded` shows; why the reader gets it stays as `mail/{name}` says.
        """
        env = self.environment(language)
        plain = env.get_template(f"mail/{name}.txt")
        why = "".join(plain.blocks["why"](plain.new_context(dict(values)))).strip()
        data = {**said, "heading": subject, "why_words": why}
        return (
            subject,
            re.sub(r"\n{3,}", "\n\n", env.get_template("mail/worded.txt").render(data)).strip() + "\n",
            env.get_template("mail/worded.html").render(data),
        )

    def mail_words(self, name: str, language: str, values: Mapping[str, Any]) -> tuple[str, str]:
        """Subject and body of the mail `mail/{name}` alone, without what stands under every mail."""
        plain = self.environment(language).get_template(f"mail/{name}.txt")
        subject, body = (
            "".join(plain.blocks[block](plain.new_context(dict(values)))) for block in ("subject", "body")
        )
        return subject.strip(), body.strip()
