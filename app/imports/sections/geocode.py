"""`[geocode]`: what else the source knows about where a row is, for rows without a position and to check the others."""

from app.imports.expressions import Declaration, Text
from app.imports.record import Record


class GeocodeSection(Declaration):
    """Names or codes of the units that a row lies in; the town is that of the address."""

    gmina: Text | None = None
    powiat: Text | None = None
    voivodeship: Text | None = None
    """Or the county, in Romania."""
    check: bool = False
    """Whether a position in another voivodeship or county is refused, where the boundaries are loaded."""

    def build(self, record: Record) -> dict[str, str]:
        """Give the names that are known."""
        texts = {"gmina": self.gmina, "powiat": self.powiat, "voivodeship": self.voivodeship}
        return {
            key: said
            for key, expression in texts.items()
            if expression is not None and (said := expression.text(record.values))
        }
