"""Where the local stack keeps its files: one state directory, one name per purpose.

Knows file names and nothing of what is in the files.
"""

from dataclasses import dataclass
from pathlib import Path

from infra.local.errors import NoFolder


@dataclass(frozen=True)
class Layout:
    """The names inside one state directory (by default `.deadair`)."""

    root: Path

    @property
    def aws(self) -> Path:
        """All that the embedded AWS keeps: saves, function code, objects."""
        return self.root / "aws"

    @property
    def saves(self) -> Path:
        """Whole saves of the embedded AWS, one folder each; `current` names the newest."""
        return self.aws / "saves"

    @property
    def objects(self) -> Path:
        """The bodies of S3 objects, written at once and not by a save."""
        return self.aws / "objects"

    @property
    def aws_log(self) -> Path:
        """What the embedded AWS and the functions had to say, this run only."""
        return self.root / "aws.log"

    @property
    def slack(self) -> Path:
        """The local Slack's own state."""
        return self.root / "slack"

    @property
    def stack_file(self) -> Path:
        """The address card of a running stack; absent when none runs."""
        return self.root / "stack.json"

    @property
    def run_file(self) -> Path:
        """Which processes this state directory belongs to, to recover after a crash."""
        return self.root / "run.json"

    @property
    def traffic_file(self) -> Path:
        """Which integrations are broken, and up to when each was played."""
        return self.root / "traffic.json"

    @property
    def secrets_file(self) -> Path:
        """The random secrets of this state directory, readable by its owner only."""
        return self.root / "secrets.json"

    def create(self) -> None:
        """Make the folders that the others write into. Raises NoFolder."""
        for folder in (self.saves, self.objects, self.slack):
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                why = f"{error.strerror or 'cannot be written'}. Make it a folder that can be written"
                raise NoFolder(str(self.root), why) from error
