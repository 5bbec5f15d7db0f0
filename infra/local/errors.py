"""What can keep a local stack from running, each with the remedy in its message.

LocalStackError
├── PortTaken          someone else listens there
├── AlreadyRunning     this state directory has a living stack
├── NoFolder           the state directory, or a file in it, cannot be used
├── EmbeddedAwsFailed  the embedded AWS ended or does not answer
├── DeployFailed       the template could not be created or updated
└── NoStack            nothing is running where a command looked for it
"""


class LocalStackError(Exception):
    """The base of all of them; its text is for the person at the terminal."""


class PortTaken(LocalStackError):
    """Someone else listens on a port that we need."""

    def __init__(self, port: int, flag: str, holder: str | None) -> None:
        who = f" by {holder}" if holder else ""
        super().__init__(f"Port {port} is in use{who}. Choose another with {flag} PORT.")
        self.port, self.flag, self.holder = port, flag, holder


class AlreadyRunning(LocalStackError):
    """A living stack owns this state directory."""

    def __init__(self, state_dir: str, pid: int) -> None:
        super().__init__(
            f"A local stack already runs on {state_dir} (process {pid}). "
            f"Stop it with Ctrl-C in its terminal, or choose another folder with --state-dir."
        )
        self.pid = pid


class NoFolder(LocalStackError):
    """The state directory cannot be made or written, or a file in it is damaged."""

    def __init__(self, place: str, why: str) -> None:
        super().__init__(f"{place}: {why}. Or choose another folder with --state-dir.")


class DamagedSaves(LocalStackError):
    """The saves of the embedded AWS were changed by something else, every one of them."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"Every save in {place} is damaged: files were changed or cut after they were written. Nothing was started "
            "and nothing was touched. Put the folder back from a backup, or choose another one with --state-dir."
        )


class EmbeddedAwsFailed(LocalStackError):
    """The embedded AWS ended early or did not answer in time; the end of its log is in the text."""


class DeployFailed(LocalStackError):
    """CloudFormation did not take the template; the text names resources and reasons."""


class NoStack(LocalStackError):
    """No running stack was found; the text says how to start one."""
