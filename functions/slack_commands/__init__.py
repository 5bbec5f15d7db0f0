"""The Slack room: POST /slack/{commands,interactions,events,options}, verified, answered within three seconds."""
