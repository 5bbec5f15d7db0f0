"""The pages: each reads what it shows, or takes one step, and renders one template."""
