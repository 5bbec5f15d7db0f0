"""Sign in with Slack, on one machine: the OpenID Connect provider that Slack is for an app.

Knows the addresses, checks and claims that Slack documents, and that nobody needs a password here: whoever sits at this
machine may be anybody. Refuses to know what the app does with a person who signed in.
"""
