"""Claims about what the local Slack remembers between two runs."""

from pathlib import Path

from infra.local.slack.store import Message, Store


def test_links_follow_the_pages_to_another_port(tmp_path: Path) -> None:
    before = Store(tmp_path / "slack.sqlite")
    before.follow("http://localhost:8080")
    text = "<http://localhost:8080/incidents/INC-1|INC-1> and http://localhost:80801/"
    before.put_message(Message("C1", "1.0", "U0DEADAIR", text))
    before.close()

    after = Store(tmp_path / "slack.sqlite")
    after.follow("http://localhost:8090")
    kept = after.message("C1", "1.0")
    after.close()

    assert kept is not None
    assert kept.text == "<http://localhost:8090/incidents/INC-1|INC-1> and http://localhost:80801/"
