"""What `deadair slack check` says."""

from rich.table import Table
from rich.text import Text

from infra.cli import terminal
from infra.slack_app.check import Finding


def print_findings(found: list[Finding]) -> None:
    """One line for each thing; below what is wrong, what to do."""
    drawn = Table.grid(padding=(0, 1, 0, 0))
    drawn.add_column(no_wrap=True)
    drawn.add_column(no_wrap=True, style="bold")
    drawn.add_column(overflow="fold")
    for finding in found:
        mark = Text("✓", style="green") if finding.ok else Text("✗", style="bold red")
        drawn.add_row(mark, finding.what, Text(terminal.clean(finding.told)))
        if finding.remedy:
            drawn.add_row("", "", Text(terminal.clean(finding.remedy), style="yellow"))
    terminal.out.print(drawn)
    wrong = sum(not finding.ok for finding in found)
    if wrong:
        terminal.complain(f"{terminal.count(wrong, 'thing')} to do.", "Then look again: deadair slack check")
    else:
        terminal.say("Slack and Deadair fit together. Type /incident in Slack to see it.", "bold green")


def print_json(found: list[Finding]) -> None:
    """The same for machines; `remedy` is null where nothing is to be done."""
    told = [{"what": one.what, "ok": one.ok, "told": one.told, "remedy": one.remedy or None} for one in found]
    terminal.print_json({"ok": all(finding.ok for finding in found), "findings": told})
