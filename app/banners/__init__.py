"""Banners: what administrators have to say on top of every public page, for a time."""
