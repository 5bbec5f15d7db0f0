"""The Slack room: POST /slack/{commands,interactions,events}, verified, answered within Slack's three seconds."""
