"""View models: what a page shows, computed from domain objects. Pure, and without words: those are in the templates."""
