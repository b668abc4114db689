"""`[area_served]`: for which area a service without a place, or beyond its place, is."""

import re
from typing import Any

from app.imports.expressions import Declaration, Text
from app.imports.record import Record


class AreaServedSection(Declaration):
    """Codes of areas, as our list has them: PL, PL-12, PL-1261, PL-1261011."""

    codes: tuple[Text, ...]

    def build(self, record: Record) -> list[dict[str, Any]]:
        """Give references to the areas of a row, each once."""
        codes = [code for text in self.codes for code in text.texts(record.values)]
        known = dict.fromkeys(
            code for code in codes if re.fullmatch(r"[A-Z]{2}(?:-[0-9A-Za-z]{1,10})?", code)
        )
        return [{"code": code} for code in known]
