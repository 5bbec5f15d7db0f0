"""The notifier: facts in, Slack converges on the current state."""
