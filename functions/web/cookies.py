"""The cookies that we set, and under which names.

Knows that over https a name with `__Host-` lets no other host, path or plain connection set it, and that browsers take
such a name over https only. Refuses to know what is in them.
"""

from datetime import timedelta

SESSION, SIGNING_IN = "deadair-session", "deadair-signing-in"
HOST = "__Host-"
GONE = timedelta(0)


def name_of(cookie: str, *, secure: bool) -> str:
    """What a cookie is called: over https only this very host can have set it."""
    return f"{HOST}{cookie}" if secure else cookie


def set_cookie(cookie: str, value: str, *, secure: bool, lasts: timedelta) -> str:
    """The line that sets it: out of reach of scripts, and not sent with forms and pictures of other sites."""
    seconds = int(lasts.total_seconds()) if value else 0
    parts = [f"{name_of(cookie, secure=secure)}={value}", "Path=/", "HttpOnly", "SameSite=Lax", f"Max-Age={seconds}"]
    return "; ".join([*parts, "Secure"] if secure else parts)
