"""What `deadair signals` says. A secret goes to stdout and everything about it to stderr, so that it can be piped."""

from typing import TYPE_CHECKING, Any

from infra.cli import terminal

if TYPE_CHECKING:
    from deadair.domain.signal_keys import SignalKey
    from infra.cli.signal_sending import Answer

HOW_TO = "What to send, with snippets: .github/SIGNALS.md"
NOT_SEEN_AT_ONCE = "Everywhere within five minutes."


def print_key(integration: str, key: "SignalKey", *, rotated: bool, revoked: bool | None) -> None:
    """The secret alone on stdout."""
    terminal.say(key.secret)
    terminal.note(f"key {key.id} of {integration}, made {key.made_at:%Y-%m-%d %H:%M} UTC. {HOW_TO}")
    _say_validity("key", rotated=rotated, revoked=revoked)


def print_key_json(integration: str, key: "SignalKey") -> None:
    """The key as JSON."""
    made_at = key.made_at.isoformat(timespec="seconds")
    terminal.print_json({"integration": integration, "id": key.id, "secret": key.secret, "made_at": made_at})


def print_heartbeat(address: str, *, rotated: bool, revoked: bool | None) -> None:
    """The address alone on stdout."""
    terminal.say(address)
    terminal.note("Whoever knows this address can count a run: keep it as you keep a password.")
    _say_validity("address", rotated=rotated, revoked=revoked)


def print_heartbeat_json(integration: str, address: str) -> None:
    """The address as JSON."""
    terminal.print_json({"integration": integration, "address": address})


def print_answer(answer: "Answer") -> None:
    """What the signal door said."""
    if answer.taken:
        terminal.print_json(answer.body)
        return
    error: dict[str, Any] = answer.body.get("error") or {}
    named = f"{error['field']}: " if error.get("field") else ""
    terminal.complain(
        f"{answer.status} {named}{error.get('message') or error.get('code', '')}", error.get("remedy", "")
    )


def _say_validity(what: str, *, rotated: bool, revoked: bool | None) -> None:
    if rotated and revoked is None:
        terminal.note(f"The {what} before it stays valid until the next rotation; end it with --revoke-old.")
    if revoked is not None:
        ended = f"The {what} before it is revoked. {NOT_SEEN_AT_ONCE}"
        terminal.note(ended if revoked else f"There was no older {what}.")
