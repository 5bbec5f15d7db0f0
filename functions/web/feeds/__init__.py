"""Feeds of postmortems, for programs that cannot sign in."""
