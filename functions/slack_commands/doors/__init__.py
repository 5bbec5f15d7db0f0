"""One module for each address that Slack posts to. Each gets a request whose signature is good."""
