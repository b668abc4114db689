"""Two entries of one place: found by what they say, said not to be one, or merged."""
