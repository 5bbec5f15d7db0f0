"""Letters: what people are told when Slack cannot tell them."""
