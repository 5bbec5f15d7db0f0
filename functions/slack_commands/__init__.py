"""The Slack room: POST /slack/{commands,interactions,events,options}, verified, answered within Slack's three seconds."""
