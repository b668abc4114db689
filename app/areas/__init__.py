"""Administrative areas and the gazetteer: boundaries, the units of a point, places by name."""
