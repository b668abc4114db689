"""Values as data sets write them, in the shape that a content wants."""
