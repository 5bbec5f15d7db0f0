"""Deadair as an app of a Slack workspace: what it is allowed, its manifest, whether it is set up well."""
