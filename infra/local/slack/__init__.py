"""The local Slack: what Deadair needs of a Slack workspace, on one machine.

Knows the Web API methods that Deadair calls, the documented limits of what they accept, how Slack signs and times what
it sends to an app, and how to show all of it on one page of the browser. Refuses to know anything about incidents: it
carries messages, as Slack does, and is replaced by Slack on AWS without a change in any room.
"""
