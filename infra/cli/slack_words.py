"""What `deadair slack check` says."""

from infra.cli import terminal
from infra.slack_app.check import Finding


def print_findings(found: list[Finding]) -> None:
    """One line for each thing; below what is wrong, what to do."""
    wide = max(len(finding.what) for finding in found)
    for finding in found:
        mark, style = ("✓", "green") if finding.ok else ("✗", "bold red")
        terminal.line((f"{mark} ", style), (f"{finding.what:<{wide}}  ", "bold"), (finding.told, ""))
        if finding.remedy:
            terminal.line((" " * (wide + 4), ""), (finding.remedy, "yellow"))
    wrong = sum(not finding.ok for finding in found)
    if wrong:
        terminal.complain(f"{terminal.count(wrong, 'thing')} to do.", "Then look again: deadair slack check")
    else:
        terminal.say("Slack and Deadair fit together. Type /incident in Slack to see it.", "bold green")


def print_json(found: list[Finding]) -> None:
    """The same for machines; `remedy` is null where nothing is to be done."""
    told = [{"what": one.what, "ok": one.ok, "told": one.told, "remedy": one.remedy or None} for one in found]
    terminal.print_json({"ok": all(finding.ok for finding in found), "findings": told})
