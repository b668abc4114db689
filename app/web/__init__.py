"""Everything between the server and a route: what is let in, in what shape, and how answers go out."""
