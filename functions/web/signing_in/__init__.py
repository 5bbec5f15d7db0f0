"""How somebody comes in: what waits in their browser meanwhile, and whether a session still counts."""
