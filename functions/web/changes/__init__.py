"""Where an integration's people and pipelines tell what they changed: `/v1/changes`, through the signals' door."""
